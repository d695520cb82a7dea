"""Losses: what an export does not keep of the values and of the picture, and the ways out, in sentences.

The sentences say one tally, whether it is measured on a result before an export or counted while files are rendered.
"""

import numpy as np

from convstudio.core.display.pictures import Picture
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import DisplayMode
from convstudio.core.view.shown import map_planes, maps_at, picture_of, scales_at
from convstudio.core.wording import number, percent
from convstudio.io.export.encoding import Depth
from convstudio.io.export.export import Content, ExportOptions, Values, alpha_problem, metadata_problems
from convstudio.io.export.rendering import Tally, tally_of

ANY_FLOAT = "a float TIFF or NPY file"


def clipped_share(result: Result, index: int, map_number: int, options: ExportOptions) -> float:
    """The share (0 … 1) of the values to be saved that lie outside what the choices can hold."""
    return tally(result, index, map_number, options).share


def tally(result: Result, index: int, map_number: int, options: ExportOptions) -> Tally:
    """How many of the values to be saved lie outside what the choices can hold."""
    maps = (map_number,) if options.content is Content.MAP else tuple(range(maps_at(result, index)))
    if options.values is Values.SHOWN:
        return sum((_of_picture(picture_of(result, index, place)) for place in maps), Tally())
    white = scales_at(result, index)[0].white
    return sum((tally_of(map_planes(result, index, place), options.depth, white) for place in maps), Tally())


def losses(result: Result, index: int, map_number: int, options: ExportOptions) -> str:
    """All that an export would not keep, in sentences; "" where it keeps everything.

    Of a result that is not whole the values are those of its preview.
    """
    _, height, width = result.plan.shape_at(index)
    clipping = clipping_sentence(result.overview, index, map_number, options)
    if clipping and not result.is_whole:
        clipping = f"{clipping} This was measured on the preview."
    gaps = gaps_sentence(result.overview, index, map_number, options)
    alpha = alpha_sentence(result.frame, (height, width), options)
    return " ".join(filter(None, (clipping, gaps, alpha, *aside_sentences(result.frame, options))))


def gaps_sentence(result: Result, index: int, map_number: int, options: ExportOptions) -> str:
    """What becomes of values that are no numbers, in a sentence; "" where there are none, or the file keeps them."""
    is_float = options.values is Values.RAW and options.depth is Depth.FLOAT
    if is_float or not result.frame.has_gaps:
        return ""
    maps = (map_number,) if options.content is Content.MAP else tuple(range(maps_at(result, index)))
    count = sum(int(np.isnan(map_planes(result, index, place)).sum()) for place in maps)
    if not count:
        return ""
    colour = "pink" if options.values is Values.SHOWN else "0"
    what = "1 value is no number and becomes" if count == 1 else f"{count:,} values are no numbers and become"
    return f"{what} {colour}; choose raw values in {ANY_FLOAT}."


def losses_of(total: Tally, frame: Frame, size: tuple[int, int], options: ExportOptions) -> str:
    """As `losses`, by the tally of files that are written."""
    clipping, alpha = _sentence(total, _ways_of_files(options)), alpha_sentence(frame, size, options)
    return " ".join(filter(None, (clipping, alpha, *aside_sentences(frame, options))))


def clipping_sentence(result: Result, index: int, map_number: int, options: ExportOptions) -> str:
    """What of the values would be lost and the ways out, in a sentence; "" when nothing would be."""
    total = tally(result, index, map_number, options)
    if not total.outside or options.values is Values.RAW:
        return _sentence(total, _ways_of_files(options))
    picture = picture_of(result, index, map_number)
    return _sentence(total, _ways_out(result, index, picture))


def alpha_sentence(frame: Frame, size: tuple[int, int], options: ExportOptions) -> str:
    """Why the picture's opacity is not kept, and what to do, in a sentence; "" where there is nothing to keep."""
    if frame.alpha is None or bool((frame.alpha == frame.white).all()):
        return ""
    problem = alpha_problem(frame, size, options)
    return f"The picture's opacity is not kept: {problem}." if problem else ""


def aside_sentences(frame: Frame, options: ExportOptions) -> tuple[str, ...]:
    """What of all that comes with a picture is not kept: what a format has no place for, and its other pages."""
    names = metadata_problems(frame, options)
    what = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    verb = "are" if len(names) > 1 else "is"
    metadata = f"The picture's {what} {verb} not kept: {options.format.upper()} files have no place for that."
    pages = f"Of its file this is {frame.pages} alone." if frame.pages.count > 1 else ""
    return (metadata if names else "", pages)


def _sentence(total: Tally, ways: str) -> str:
    if not total.outside:
        return ""
    share = percent(total.share, step=0.01)
    if total.negative == total.outside:
        return f"{share} of the values are negative and become {number(total.low)}; {ways}."
    ends = f"{number(total.low, digits=6)}…{number(total.high, digits=6)}"
    below = f" ({percent(total.negative / total.values, step=0.01)} are negative)" if total.negative else ""
    return f"{share} of the values lie outside {ends} and are clipped{below}; {ways}."


def _of_picture(picture: Picture) -> Tally:
    values = picture.screen.shape[0] * picture.screen.shape[1] * (3 if picture.is_colour else 1)
    outside, negative = round(picture.clipped * values), round(picture.negative * values)
    negative = min(outside, negative) if picture.low == 0 and picture.mode is not DisplayMode.ABSOLUTE else 0
    return Tally(values, outside, negative, picture.low, picture.high)


def _ways_of_files(options: ExportOptions) -> str:
    if options.values is Values.SHOWN:
        return f"choose raw values in {ANY_FLOAT}"
    return f"choose {ANY_FLOAT}, or as shown with stretch"


def _ways_out(result: Result, index: int, picture: Picture) -> str:
    """The ways to show that would clip nothing of this picture."""
    modes = ["stretch"]
    if picture.mode is DisplayMode.SIGNED and result.document.display.mode is DisplayMode.AUTOMATIC:
        modes.insert(0, "signed")  # automatic leaves out the rarest, largest values
    if max(-picture.least, picture.most) <= scales_at(result, index)[0].white / 2:
        modes.insert(0, "offset")
    return f"choose {', '.join(modes)}, or raw values in {ANY_FLOAT}"
