"""The record: the only writer of what the person decided."""
