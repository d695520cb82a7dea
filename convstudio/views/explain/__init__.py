"""The explanations, one package for each subject, in a form that they share."""

__all__ = [
    "arithmetic",
    "conventions",
    "explainer",
    "holder",
    "kernel_examined",
    "matrix",
    "parameters",
    "reach",
    "shift",
    "step_drawing",
    "teach",
]
