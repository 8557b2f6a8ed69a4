"""Floor 2: the canonical tables, the store that keeps them, the frame built from them, and the demo market."""
