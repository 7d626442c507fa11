"""What the decision has done by others or on the disk, and waits for: a desk each."""
