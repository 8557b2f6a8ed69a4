"""Every limit on what may come in, in one place. Sizes in bytes, times in seconds."""

MAX_UPLOAD_BYTES = 500 * 1024 * 1024
MAX_DURATION_S = 60 * 60
MIN_DURATION_S = 0.04
MAX_SIDE_PX = 8192
MIN_SIDE_PX = 16
MAX_DESCRIPTION_CHARS = 5_000
MAX_TAGS = 60
MAX_TAG_CHARS = 100
MAX_COUNT = 10**12

WINDOW_S = 10.0
"""Content is read from the first ten seconds (paper, section 2.3)."""
FRAMES = 10
"""Frames sampled evenly from the window: one a second."""
