"""Wording: numbers and quantities as people read them. Whoever writes a number for a person asks here.

What a file or another program reads is written there, and kernels as text in `kernels.text`.
"""

import math
import struct
from decimal import Decimal
from fractions import Fraction

NOISE = 1e-12  # what rounding leaves of sums in float64, relative to the largest number that went in
FLOAT32_NOISE = 1e-6  # of sums in float32
MINUTE = 60  # seconds
LARGEST_WRITTEN = 10**18  # beyond it the digits no longer fit the widest table
_SMALLEST_PLAIN, _LARGEST_PLAIN = 1e-4, 1e15
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


# numbers


def number(value: float, *, digits: int = 4, scale: float = 0.0, noise: float = NOISE) -> str:
    """A number to be read: the fewest digits that are true, a real minus, thousands divided, no rounding noise.

    Parameters
    ----------
    value, digits
        The number, and how many significant digits it has at most; those before the decimal point all stay.
    scale, noise
        The largest number that went into it: what is no more than `noise` times that is 0.

    Examples
    --------
    >>> number(-0.25), number(1 / 9), number(65535), number(1234.56), number(-2.5e-7), number(1.8e-15, scale=1)
    ('−0.25', '0.1111', '65,535', '1,235', '−2.5e−7', '0')
    """
    return _written(without_noise(float(value), scale, noise=noise), digits, ",")


def field_text(value: float, *, digits: int = 7) -> str:
    """A number to be typed over, as `number` but without a comma, which a reader of numbers may take for a point.

    Examples
    --------
    >>> field_text(65535), field_text(-1 / 9)
    ('65535', '−0.1111111')
    """
    return _written(float(value), digits, "")


def without_noise(value: float, scale: float, *, noise: float = NOISE) -> float:
    """The value, or 0 where it is no more than rounding leaves of numbers as large as `scale`.

    Examples
    --------
    >>> without_noise(-2.9e-17, 1.0), without_noise(0.5, 1.0), without_noise(1e-17, 1e-16)
    (0.0, 0.5, 1e-17)
    """
    return 0.0 if math.isfinite(scale) and abs(value) <= noise * abs(scale) else value


def is_rounded(value: float, *, digits: int = 4) -> bool:
    """Whether `number` leaves digits of the value out; those that float32 or float64 cannot hold do not count.

    Examples
    --------
    >>> is_rounded(0.25), is_rounded(1 / 3), is_rounded(0.1 + 0.2), is_rounded(65535.0)
    (False, True, False, False)
    """
    value = float(value)
    if not math.isfinite(value):
        return False
    is_single = _single(value) == value
    texts = (f"{value:.{count}g}" for count in range(1, 10))  # nine digits tell any two numbers of float32 apart
    whole = next((text for text in texts if _single(float(text)) == value), "") if is_single else ""
    full = Decimal(whole or f"{value:.15g}")
    text = _written(value, digits, "").replace("−", "-")
    return Decimal(text) != full


def equals(value: float, *, digits: int = 4, scale: float = 0.0, noise: float = NOISE) -> str:
    """A number behind its sign: "=" where it is written whole, "≈" where it is rounded.

    Examples
    --------
    >>> equals(0.25), equals(1 / 3)
    ('= 0.25', '≈ 0.3333')
    """
    value = without_noise(float(value), scale, noise=noise)
    return f"{'≈' if is_rounded(value, digits=digits) else '='} {number(value, digits=digits)}"


def integer(value: int, *, most: int = LARGEST_WRITTEN) -> str:
    """An exact integer, thousands divided; from `most` on its power of ten.

    Examples
    --------
    >>> integer(14450688), integer(17856288000000, most=10**12)
    ('14,450,688', '1.79·10¹³')
    """
    return f"{value:,}".replace("-", "−") if abs(value) < most else power(value)


def power(value: float) -> str:
    """A large number in three digits and a power of ten.

    Examples
    --------
    >>> power(17856288000000)
    '1.79·10¹³'
    """
    mantissa, exponent = f"{Decimal(value):.2e}".split("e")
    return f"{mantissa}·{power_of_ten(int(exponent))}".replace("-", "−")


def power_of_ten(exponent: int) -> str:
    """Ten with its exponent raised.

    Examples
    --------
    >>> power_of_ten(13), power_of_ten(-4)
    ('10¹³', '10⁻⁴')
    """
    return f"10{str(exponent).translate(_RAISED)}"


def factor(value: Fraction) -> str:
    """A factor, "≈" before it where two decimals do not hold it.

    Examples
    --------
    >>> factor(Fraction(3072, 75)), factor(Fraction(256, 9))
    ('40.96', '≈ 28.44')
    """
    hundredths = round(value * 100)
    text = f"{hundredths // 100:,}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    return text if value * 100 == hundredths else f"≈ {text}"


_LARGE = ("", "", "million", "billion", "trillion", "quadrillion")  # thousands are written out


def rounded(value: int | Fraction, *, whole_below: int = 1000) -> str:
    """A count or a factor in three digits and words: what is read in a sentence, not copied.

    Parameters
    ----------
    value
        0 or more.
    whole_below
        Up to there whole numbers are whole: all their digits stay.

    Examples
    --------
    >>> [rounded(count) for count in (618_475_290_624, 7_059_468, 352_800, 450)]
    ['618 billion', '7.06 million', '353,000', '450']
    >>> rounded(Fraction(3072, 75)), rounded(Fraction(256, 9)), rounded(Fraction(3211264, 100), whole_below=10**5)
    ('41', '28.4', '32,113')
    """
    if 1000 <= round(value) < whole_below:
        return f"{round(value):,}"
    digits = Decimal(f"{Decimal(value.numerator) / Decimal(value.denominator):.2e}")
    group = max(digits.adjusted(), 0) // 3
    if group >= len(_LARGE):
        return power(float(digits))
    if group < 2:
        return f"{digits.normalize():,f}"
    return f"{(digits / 1000**group).normalize():f} {_LARGE[group]}"


# quantities


def counted(count: int, singular: str, plural: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "filter"), counted(1024, "filter"), counted(0, "bias", "biases")
    ('1 filter', '1,024 filters', '0 biases')
    """
    return f"{count:,} {noun(count, singular, plural)}"


def noun(count: float, singular: str, plural: str = "") -> str:
    """The form of a noun behind a number, which may have decimals.

    Examples
    --------
    >>> noun(1, "pixel"), noun(0.5, "pixel"), noun(2, "bias", "biases")
    ('pixel', 'pixels', 'biases')
    """
    return singular if count == 1 else plural or f"{singular}s"


def part_of(part: int, whole: int, singular: str, plural: str = "") -> str:
    """So many of so many, in the words that fit.

    Examples
    --------
    >>> part_of(9, 36, "input"), part_of(9, 9, "input"), part_of(1, 1, "input"), part_of(0, 4, "input")
    ('9 of the 36 inputs', 'all 9 inputs', 'the one input', 'none of the 4 inputs')
    """
    if part == whole:
        return f"the one {singular}" if whole == 1 else f"all {counted(whole, singular, plural)}"
    if whole == 1:
        return f"not the one {singular}"
    return f"{f'{part:,}' if part else 'none'} of the {counted(whole, singular, plural)}"


def row_and_column(row: int, column: int, channel: int | None = None) -> str:
    """Where a number lies in planes: from indices that count from 0 to words that count from 1.

    What lies in the padding before the first row is row 0, −1, and so on.

    Examples
    --------
    >>> row_and_column(0, 1), row_and_column(2, 3, 0), row_and_column(-2, 0)
    ('row 1, column 2', 'row 3, column 4, channel 1', 'row −1, column 1')
    """
    where = f"row {integer(row + 1)}, column {integer(column + 1)}"
    return where if channel is None else f"{where}, channel {integer(channel + 1)}"


def percent(share: float, *, step: float = 1.0) -> str:
    """A share (0 … 1) to the nearest `step` of a hundredth, never rounded to nothing or to everything.

    Examples
    --------
    >>> percent(0.25), percent(0.004), percent(0.996), percent(0.0725, step=0.1), percent(1.0)
    ('25 %', '<1 %', '>99 %', '7.2 %', '100 %')
    """
    hundredths = 100 * share
    if 0 < hundredths < step:
        return f"<{number(step)} %"
    if 100 - step < hundredths < 100:
        return f">{number(100 - step)} %"
    return f"{number(round(hundredths / step) * step, digits=5)} %"


def memory(count: int) -> str:
    """Bytes in the unit that leaves three digits.

    Examples
    --------
    >>> memory(1824), memory(1), memory(57821568)
    ('1.82 kB', '1 byte', '57.8 MB')
    """
    place = min((len(str(count)) - 1) // 3, len(_UNITS) - 1)
    if place == 0:
        return counted(count, "byte")
    amount = Decimal(f"{Decimal(count) / Decimal(1000**place):.3g}")
    if amount == 1000 and place + 1 < len(_UNITS):
        amount, place = Decimal(1), place + 1
    return f"{amount:f} {_UNITS[place]}"


def milliseconds(value: float) -> str:
    """A duration that was measured, with as many letters for the next one like it.

    Examples
    --------
    >>> milliseconds(0.04), milliseconds(8.0), milliseconds(123.4), milliseconds(12345.0)
    ('<0.1 ms', '8.0 ms', '123 ms', '12.3 s')
    """
    if value < 0.1:
        return "<0.1 ms"
    if value < 10_000:
        return f"{value:.1f} ms" if value < 99.95 else f"{value:,.0f} ms"
    return f"{value / 1000:.1f} s"


def duration(seconds: float) -> str:
    """An estimated time: whole seconds, from two minutes on whole minutes.

    Examples
    --------
    >>> duration(41.3), duration(300.0)
    ('41 s', '5 minutes')
    """
    whole = round(seconds)
    return f"{whole} s" if whole < 2 * MINUTE else counted(round(whole / MINUTE), "minute")


def clock(seconds: float) -> str:
    """Minutes and seconds.

    Examples
    --------
    >>> clock(62.5)
    '1:02.5'
    """
    tenths = round(seconds * 10)
    return f"{tenths // (10 * MINUTE)}:{tenths % (10 * MINUTE) / 10:04.1f}"


def _single(value: float) -> float:
    """The number of float32 that is nearest, which NumPy is not needed for."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _written(value: float, digits: int, thousands: str) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    magnitude = abs(value)
    if magnitude == 0:
        return "0"
    if _SMALLEST_PLAIN <= magnitude < _LARGEST_PLAIN:
        places = max(0, digits - 1 - math.floor(math.log10(magnitude)))
        text = f"{value:{thousands}.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")
