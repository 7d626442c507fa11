"""The next words: the model's and the instant tier's."""
