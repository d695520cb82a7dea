"""What is claimed of the speed and the memory, measured: ours beside a peer or a limit of the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """One measured thing beside what it is measured against.

    Parameters
    ----------
    name
        What was done, in words.
    ours, theirs
        Both in `unit`; `against` says what theirs is.
    limit
        Most that ours / theirs may be.
    ratio
        The median over the rounds, where there were several; ours / theirs without.
    note
        What else there is to say.
    """

    name: str
    ours: float
    unit: str
    against: str
    theirs: float
    limit: float
    ratio: float | None = None
    note: str = ""

    @property
    def share(self) -> float:
        """Ours in parts of theirs."""
        return self.ours / self.theirs if self.ratio is None else self.ratio

    @property
    def holds(self) -> bool:
        return self.share <= self.limit

    def __str__(self) -> str:
        verdict = "" if self.holds else f"  OVER {self.limit:g}"
        note = f"  ({self.note})" if self.note else ""
        return (
            f"{self.name:48} {self.ours:9.3g} {self.unit:5} {self.theirs:9.3g} {self.against:28} "
            f"{self.share:6.3f} of at most {self.limit:g}{verdict}{note}"
        )
