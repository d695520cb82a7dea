"""Networks that others made, read without running anything of theirs: as a chain of layers, or as banks of filters.

ONNX files say how their layers follow each other; safetensors, NumPy and PyTorch files hold weights alone. All are
read in a child process (`reader`), by libraries that are imported there and nowhere else.
"""

__all__ = ["formats", "network", "reader"]
