"""Why one output has its value: the inputs under its window, the products, the sum, as numbers and as a formula.

Also the other way: what an input reaches, and where a weight is used.
"""

__all__ = ["formula", "influence", "sliding", "taps", "trace"]
