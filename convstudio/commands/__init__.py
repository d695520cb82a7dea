"""What a person can ask for: recipes, sources, what to look at, sessions, exports. No widgets."""
