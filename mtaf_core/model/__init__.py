"""Floor 3: encoders, the paper's network, training, trees, intervals, and the bundle that keeps them."""
