"""Where the eyes rest: frames in, points on the screen out."""
