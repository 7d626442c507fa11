"""From what a kit wrote to what its model may learn: examples, each with the characters that teach.

Read `rules.py` first: what is taken, what is left out, and how much each character weighs.
"""
