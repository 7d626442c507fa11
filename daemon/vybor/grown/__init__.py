"""What the model learned from its person: versions that the workstation sends, one of which is worn, or none."""
