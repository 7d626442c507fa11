"""What answers at once, beside the model: word lists, what the person said, and rules of the language."""
