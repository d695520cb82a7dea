"""Widgets that show values and emit values. No files, no evaluation."""
