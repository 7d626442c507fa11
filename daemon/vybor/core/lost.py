"""Every way to choose is lost for long: that is itself an alarm, said aloud and shown, again and again. Pure."""
