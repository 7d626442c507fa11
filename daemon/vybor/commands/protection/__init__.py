"""Whether what is kept is encrypted, and by which key."""
