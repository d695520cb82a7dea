"""ConvStudio: a desktop playground for convolution filters. Only the version lives here."""

__version__ = "0.1.0"
