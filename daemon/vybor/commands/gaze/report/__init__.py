"""`vybor gaze report`: what looks are worth, from those that were kept, and where they fell in a recording."""
