"""Recordings that are written, on request only: XDF, or BrainFlow's CSV."""
