"""Errors that a person can cause, as one exception type; a bug is none of them."""


class ConvStudioError(ValueError):
    """A request that cannot be carried out; its text is one sentence for the person who made it.

    The sentence names the numbers involved and what to do. It is raised near the cause and shown once.
    """


def out_of_memory(what: str = "this") -> ConvStudioError:
    """The error where memory runs out."""
    return ConvStudioError(
        f"The memory is not enough for {what}; use a smaller picture, fewer filters or a larger stride, or close other "
        "programs."
    )
