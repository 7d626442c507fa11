"""Where words come from: the list, the person's own, what others gave; and the files that they are kept in."""
