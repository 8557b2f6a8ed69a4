"""`python -m mtaf_core`: the command line."""

import sys

from mtaf_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
