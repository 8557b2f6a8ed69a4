"""Floor 5: the command line. Options in, one call down, one document out; no logic of its own."""

from mtaf_core.cli.main import main

__all__ = ["main"]
