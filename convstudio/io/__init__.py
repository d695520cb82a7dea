"""The outside world: images, video, cameras, session files, settings, batches. No widgets."""
