"""`python -m mtaf_core`: the command line."""

import sys


def _run() -> int:
    try:
        from mtaf_core.cli import main  # inside: Ctrl-C while it is imported must not end in a trace

        return main()
    except KeyboardInterrupt:
        print("mtaf: Stopped; what was finished before is kept.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(_run())
