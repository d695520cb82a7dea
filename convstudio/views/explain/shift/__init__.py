"""The shift test: one shift in four pictures, and the error over many shifts as a curve."""

__all__ = ["panel"]
