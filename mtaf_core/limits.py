"""Every limit on what may come in, in one place. Sizes in bytes, times in seconds."""

MAX_UPLOAD_BYTES = 500 * 1024 * 1024
MAX_DURATION_S = 60 * 60
MIN_DURATION_S = 0.04
MAX_SIDE_PX = 8192
MIN_SIDE_PX = 16
MAX_PICTURE_PX = 50_000_000
"""Of a picture that does not move: those of the largest common cameras fit; unpacked it takes 200 MB at most."""
MAX_DESCRIPTION_CHARS = 5_000
MAX_TAGS = 60
MAX_TAG_CHARS = 100
MAX_COUNT = 10**12

WINDOW_S = 10.0
"""Content is read from the first ten seconds (paper, section 2.3)."""
FRAMES = 10
"""Frames sampled evenly from the window: one a second."""

MAX_IMPORT_FILES = 200_000
"""Files of one import, those in archives included."""
MAX_UNPACKED_BYTES = 20 * 1024**3
"""What one archive may hold when unpacked."""
MAX_PACKING = 250
"""How many bytes one packed byte may become: tables and JSON stay under 100, bombs are at 1,000 and up."""
FREE_UNPACKED_BYTES = 64 * 1024**2
"""Packed files of at most this size when unpacked may be packed as tightly as they like."""
MAX_RECORD_CHARS = 8 * 1024**2
"""The longest record of JSON: thousands of times what a post takes."""
