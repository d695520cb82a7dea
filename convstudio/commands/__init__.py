"""What a person can ask for, with values and paths, without widgets: objects beside each other, and each works alone.

Edits of the recipe, sources, what is looked at, sessions, networks, own kernels, exports. `commands` holds the seven
for the wiring.
"""

__all__ = ["commands", "exporting", "library", "looking", "networks", "recipe", "sessions", "sources"]
