"""Set up and start ConvStudio: python3 packaging/run.py [FILE | COMMAND …]. Without a screen, show what it does."""

import os
import subprocess
import sys

import environment


def main(arguments: list[str]) -> int:
    """Start the application with the arguments, or the demonstration where no window can be opened."""
    screenless = environment.is_screenless()
    python = environment.prepare(with_window=bool(os.environ.get("DISPLAY")))
    variables = dict(os.environ)
    if screenless:
        variables["QT_QPA_PLATFORM"] = "offscreen"  # never let Qt abort
        if not arguments:
            environment.say("There is no screen here, so ConvStudio shows what it does in files instead.")
            arguments = ["demonstrate"]
    return subprocess.run([str(python), "-m", "convstudio", *arguments], check=False, env=variables).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
