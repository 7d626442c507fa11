"""The trial that finds what this person can do reliably, and the settings that follow from it. Pure."""
