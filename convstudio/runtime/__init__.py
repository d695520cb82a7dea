"""Time, threads and change, with QtCore alone: no widgets, no files.

`store` holds the document, `feed` the newest frame, `engine` computes jobs; `tasks` and `inquiry` run what takes long
on a thread pool, `pacing` spreads updates of panels over the event loop, `priority` and `allocator` set up the process.
"""

__all__ = ["allocator", "engine", "feed", "inquiry", "pacing", "priority", "store", "tasks"]
