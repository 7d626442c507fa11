"""Sounds and what plays them: for the voice, and for who calls for help when the voice is down."""
