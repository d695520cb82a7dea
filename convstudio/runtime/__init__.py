"""Time, threads and change: the store, the engine, the feed. No widgets, no files."""
