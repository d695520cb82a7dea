"""Pure answers to “why?” about a plan and its numbers. No Qt, no files."""
