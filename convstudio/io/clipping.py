"""Clipping: how many values an export could not hold, and the ways out in words. Writing files is `export`'s work."""

from convstudio.core.display import Picture
from convstudio.core.document import DisplayMode
from convstudio.core.evaluate import Result
from convstudio.core.shown import map_planes, maps_at, picture_of, scales_at
from convstudio.core.wording import number, percent
from convstudio.io.encoding import outside
from convstudio.io.export import Content, ExportOptions, Values


def clipped_share(result: Result, index: int, map_number: int, options: ExportOptions) -> float:
    """The share (0 … 1) of the values to be saved that lie outside what the choices can hold."""
    numbers = (map_number,) if options.content is Content.MAP else tuple(range(maps_at(result, index)))
    if options.values is Values.SHOWN:
        return sum(picture_of(result, index, each).clipped for each in numbers) / len(numbers)
    white = scales_at(result, index)[0].white
    planes = [map_planes(result, index, each) for each in numbers]
    return sum(outside(values, options.depth, white=white) for values in planes) / sum(p.size for p in planes)


def clipping_sentence(result: Result, index: int, map_number: int, options: ExportOptions) -> str:
    """What would be lost and the ways out, in a sentence; "" when nothing would be."""
    share = clipped_share(result, index, map_number, options)
    if share == 0:
        return ""
    if options.values is Values.RAW:
        ends = f"0…{number(scales_at(result, index)[0].white, digits=6)}"
        ways = "choose a float TIFF or NPY file, or as shown with stretch"
    else:
        picture = picture_of(result, index, map_number)
        ends = f"{number(picture.low, digits=6)}…{number(picture.high, digits=6)}"
        ways = _ways_out(result, index, picture)
    return f"{percent(share, step=0.01)} of the values lie outside {ends} and would be clipped; {ways}."


def _ways_out(result: Result, index: int, picture: Picture) -> str:
    """The ways to show that would clip nothing of this picture."""
    modes = ["stretch"]
    if picture.mode is DisplayMode.SIGNED and result.document.display.mode is DisplayMode.AUTOMATIC:
        modes.insert(0, "signed")  # automatic leaves out the rarest, largest values
    if max(-picture.least, picture.most) <= scales_at(result, index)[0].white / 2:
        modes.insert(0, "offset")
    return f"choose {', '.join(modes)}, or raw values in a float TIFF or NPY file"
