"""Whether a trained model may go to its person: rules on the figures, in one table (`rules.py`)."""
