"""MTAF: how popular a shopping-guide micro-video will be on day 6, why, and what would change it."""

__version__ = "0.1.0"
