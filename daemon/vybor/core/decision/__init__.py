"""The decision: messages in, a new state and what is to be done out. Pure."""
