"""Set up and start ConvStudio: python3 packaging/run.py [FILE | COMMAND …]. Without a screen, it shows what it does."""

import os
import subprocess
import sys

import environment


def main(arguments: list[str]) -> int:
    """Start the application with the arguments."""
    python = environment.prepare(with_window=bool(os.environ.get("DISPLAY")))
    return subprocess.run([str(python), "-m", "convstudio", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
