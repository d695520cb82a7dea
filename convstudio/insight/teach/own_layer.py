"""The person's own layer as a target, and the learned kernel put into it. Learning is in `training`."""

from dataclasses import replace

from convstudio.core.edits.channels import with_preset
from convstudio.core.edits.filters import with_bias
from convstudio.core.geometry.shapes import ONE
from convstudio.core.recipe.layers import Channels, Conv, Orientation
from convstudio.core.view.shown import Shown
from convstudio.insight.teach.targets import FromLayer
from convstudio.insight.teach.training import Training, without_rounding
from convstudio.insight.trace.taps import channels_read


def filter_shown(shown: Shown) -> int:
    """The filter that makes the map which the person looks at.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> from convstudio.core.view.shown import Selection, show
    >>> result = evaluate(recipe_from("conv sobel-x each"), Frame(np.zeros((4, 4, 3)), white=1.0))
    >>> filter_shown(show(result, Selection()))
    0
    """
    step = shown.result.plan.steps[shown.output_index]
    number = shown.selection.output_map
    if isinstance(step.layer, Conv) and step.layer.channels is Channels.EACH:
        return number * step.channels_per_map // step.input.channels
    return number


def layer_shown(shown: Shown) -> FromLayer:
    """The layer whose output the person looks at, and of its own input the channels that this map is made of.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> from convstudio.core.view.shown import Selection, show
    >>> result = evaluate(recipe_from("conv filters 4 size 3 | relu"), Frame(np.zeros((4, 4, 1)), white=1.0))
    >>> layer_shown(show(result, Selection(output_map=2))).channels
    (2,)
    """
    step = shown.result.plan.steps[shown.output_index]
    first = shown.selection.output_map * step.channels_per_map
    outputs = range(first, first + step.channels_per_map)
    channels = tuple(sorted({source for output in outputs for source in channels_read(step, output)}))
    is_all = len(channels) == step.input.channels
    return FromLayer(step.layer, filter_shown(shown), None if is_all else channels)


def with_learned(layer: Conv, training: Training, *, channels: int, filter_index: int) -> Conv:
    """A layer over so many channels with the learned kernel, and bias where one was learned, as one of its filters.

    Raises
    ------
    ConvStudioError
        If the layer has no such filter, or cannot take a kernel of that size.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.recipe.layers import Weights
    >>> from convstudio.insight.teach.training import TrainingQuestion, train
    >>> from convstudio.insight.teach.targets import FromPreset
    >>> picture = np.random.default_rng(1).integers(0, 256, (1, 64, 64)).astype(np.float32)
    >>> training = train(TrainingQuestion(picture, FromPreset("sobel-x")))
    >>> own = Conv(weight=Weights(np.zeros((1, 1, 3, 3))), bias=(0.0,))
    >>> with_learned(own, training, channels=1, filter_index=0).weight.array[0, 0, 1].tolist()
    [-2.0, 0.0, 2.0]
    """
    kernel = without_rounding(training.kernel)
    if layer.orientation is Orientation.CONVOLUTION:
        kernel = kernel[::-1, ::-1]  # the layer turns it back
    # pixels that lie apart were never among the examples
    changed = with_preset(replace(layer, dilation=ONE), kernel[None], channels, filter_index=filter_index)
    return with_bias(changed, filter_index, training.bias) if training.question.has_bias else changed
