"""The handwritten digits that come with the program; where they are from stands beside them."""

import gzip

import numpy as np

from convstudio.insight.learn.training import Digits
from convstudio.io.resources import RESOURCES

SIDE = 8


def load_digits() -> Digits:
    """All 1,797 digits, in the order of the file."""
    with gzip.open(RESOURCES / "digits" / "digits.csv.gz", "rt", encoding="ascii") as lines:
        table = np.loadtxt(lines, delimiter=",", dtype=np.float32)
    return Digits(table[:, :-1].reshape(-1, SIDE, SIDE), table[:, -1].astype(np.int64))
