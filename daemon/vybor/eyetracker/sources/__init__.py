"""Sources of points: files that grow or are played, and Lab Streaming Layer."""
