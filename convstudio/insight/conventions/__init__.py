"""How other libraries filter one picture with one kernel, and how far each is from PyTorch."""

__all__ = ["conventions", "rules", "table"]
