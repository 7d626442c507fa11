"""The walk with real hardware and a person: its steps, and what is measured in each."""
