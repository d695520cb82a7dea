"""The explanations, one package for each subject, in a form that they share."""

__all__ = ["explainer", "holder"]
