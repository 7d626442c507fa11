"""Lab Streaming Layer for whoever needs it: the library that speaks it."""
