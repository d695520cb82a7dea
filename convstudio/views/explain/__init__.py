"""The explanations: a package for each subject, named as in `insight`, with the same files in each.

`panel` is what the window shows, `text` its sentences, `pictures` what it paints; some have a `chart`, `controls` or a
`table`. Every panel has the form of `explainer`, and `deferred` is its place in the window.
"""

__all__ = ["deferred", "explainer"]
