"""What the record tells of sentences: whose characters they are, which rows belong to one, what hides a name. Pure."""
