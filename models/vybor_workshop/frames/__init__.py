"""Sentences from key words: from a text file to an adapter that the kit wears for whole sentences alone.

rules: which lines are sentences to learn from. pairs: key words before each. training: the adapter, by the trainer
of `retrain`. measuring: how often the sentence that was meant is among those offered, with it and without.
"""
