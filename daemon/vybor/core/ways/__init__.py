"""In which ways this person chooses, and which of them hold now. Pure."""
