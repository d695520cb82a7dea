"""Receptive fields as a panel."""

__all__ = ["panel"]
