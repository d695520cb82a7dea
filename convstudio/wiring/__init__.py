"""Wiring: which panel's wish becomes which command, and which panel shows which value. Part of the composition root."""
