"""From what is to be seen to pixels."""
