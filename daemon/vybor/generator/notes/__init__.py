"""Notes on the topic: from documents, and from what the person said before."""
