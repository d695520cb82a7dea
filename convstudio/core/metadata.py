"""What comes with a picture beside its pixels, and goes out with them: profile, EXIF data, resolution."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metadata:
    """What a file says of its picture.

    Parameters
    ----------
    profile
        The ICC profile, as its bytes: what the numbers mean as colours.
    exif
        EXIF data in the form of a TIFF file. Its orientation says "upright", since a frame is turned when it is read.
    resolution
        Pixels an inch, across and down; None where nobody said.

    Examples
    --------
    >>> Metadata(resolution=(300.0, 300.0)).profile
    b''
    """

    profile: bytes = b""
    exif: bytes = b""
    resolution: tuple[float, float] | None = None


NO_METADATA = Metadata()
