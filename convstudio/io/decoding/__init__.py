"""Picture files in: their headers are read first, then their pixels are decoded.

Both happen in a child process that may crash. `images` reads a file, `decoder` holds the process.
"""

__all__ = ["arrays", "decoder", "headers", "images", "kinds"]
