"""Floor 1: from a file to vectors. Decode once, embed three times."""
