"""The gallery of presets: what each would make of this picture, to be looked at on the output and taken by a click.

It shows pictures and says which preset is meant; computing a preview and loading a preset are not its business.
"""

__all__ = ["chip", "gallery", "kernel_form"]
