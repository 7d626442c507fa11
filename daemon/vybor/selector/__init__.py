"""Evidence over tiles in, a selection out. Pure."""
