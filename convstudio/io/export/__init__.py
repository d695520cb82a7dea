"""Pictures and films out: what is saved, how its numbers become a file's, and the formats."""

__all__ = ["animation", "encoding", "export", "losses", "png", "rendering"]
