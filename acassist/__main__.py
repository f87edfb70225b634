"""Entry point: chooses between the command line and the window."""

import sys


def main() -> int:
    """Run the program and return its exit code."""
    return 0


if __name__ == "__main__":
    sys.exit(main())
