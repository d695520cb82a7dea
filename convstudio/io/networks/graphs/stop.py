"""Why a network is no chain of layers."""

from convstudio.io.networks.graphs.graph import Node


class StopError(Exception):
    """Following a network ends at an operator; the text says why, as the second half of a sentence."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} {why}")


def stop(node: Node, why: str) -> StopError:
    """A network that cannot be followed past an operator.

    Examples
    --------
    >>> str(stop(Node("LRN", "norm1", ("a",), ("b",)), "is no layer that there is here"))
    'LRN “norm1” is no layer that there is here'
    """
    return StopError(node.label, why)
