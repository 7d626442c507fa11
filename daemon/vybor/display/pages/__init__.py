"""What stands on the screen beside the tiles: the band in the middle, and whole pages. Pure."""
