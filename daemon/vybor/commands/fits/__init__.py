"""How the person chooses, found by a trial: its command, and where Undo and Speak stand."""
