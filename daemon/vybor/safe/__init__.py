"""The screen of last resort: words and a call for help on the console while the display is silent."""
