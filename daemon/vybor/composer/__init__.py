"""The text, the offers, undo and spelling. Pure."""
