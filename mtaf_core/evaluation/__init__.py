"""How good every method is on a market's own videos: the paper's Tables 2 to 4, and what they leave out."""
