"""The body's small signals: a headband's samples in, gestures out."""
