"""From the files that people have to rows of the canonical tables."""
