"""The stages: what can fill the middle of the window, one at a time, in the order of their keys."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage: its name in the program, the word that shows it, and what is seen there."""

    name: str
    title: str
    tip: str

    @property
    def action(self) -> str:
        """The name of the action that shows it."""
        return f"stage-{self.name}"


PICTURES = "pictures"
STAGES = (
    Stage(PICTURES, "Pictures", "Input and output"),
    Stage("step", "Step", "One output at a time: which inputs it sees, and the sum"),
    Stage("count", "Count", "Dense, locally connected, convolution: how many weights, and why so few are enough"),
    Stage("weights", "Weights", "The layer as a matrix: what is zero, and what is the same number"),
    Stage("shift", "Shift", "Moved and then filtered, or filtered and then moved"),
    Stage("reach", "Reach", "Which pixels an output sees through all layers"),
    Stage("kernel", "Kernel", "What the kernel does to flat places, edges, waves and noise"),
    Stage("learn", "Learn", "Three networks learn to read digits; then the digits move"),
    Stage("teach", "Teach", "Find a kernel from a picture before and after"),
    Stage("libraries", "Libraries", "The same kernel in OpenCV, SciPy, PyTorch and others"),
)
NAMES = tuple(stage.name for stage in STAGES)
