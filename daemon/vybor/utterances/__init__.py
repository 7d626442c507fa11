"""What the record tells of sentences: whose characters they are, which rows belong to one. Pure."""
