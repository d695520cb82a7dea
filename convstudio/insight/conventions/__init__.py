"""How other libraries filter one picture with one kernel, and how far each is from PyTorch."""

__all__ = ["comparison", "emulation", "libraries"]
