"""What a person can ask for, with values and paths, without widgets: objects beside each other, and each works alone.

Edits of the recipe, sources, what is looked at, sessions, networks, exports. `commands` holds the six for the wiring.
"""

__all__ = ["commands", "exporting", "looking", "networks", "recipe", "sessions", "sources"]
