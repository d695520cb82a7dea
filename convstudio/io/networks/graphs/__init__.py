"""Networks that say what follows what: read from ONNX files, and followed from operator to operator as layers.

`onnx_file` reads the bytes, `constants` works out what does not depend on the picture, `chain` follows. `operators`,
`windows` and `recognition` know what each operator becomes.
"""

__all__ = ["chain", "constants", "graph", "onnx_file", "operators", "recognition", "stop", "windows"]
