"""Recordings in place of a headband: BrainFlow's CSV, OpenBCI's text, XDF and CSV of Muses. No native library."""
