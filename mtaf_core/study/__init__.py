"""A study of a market: what the exploring pages ask, worked out once a commit and then read by SQL."""
