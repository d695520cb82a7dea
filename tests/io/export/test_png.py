"""PNG files part by part: what other readers make of them is what was written."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.io.export import png as module
from convstudio.io.export.png import png
from tests.amounts import random_cases
from tests.pictures import read_png

shapes = st.tuples(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3, 4]))


@random_cases(200)
@given(st.sampled_from([np.uint8, np.uint16]).flatmap(lambda kind: arrays(kind, shapes)), st.integers(1, 4000))
def test_opencv_reads_what_was_written_however_it_is_cut(pixels: NDArray[np.uint8], strip: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_STRIP", strip)
        data = b"".join(png(pixels))

    read = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED))

    order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[pixels.shape[2]]  # OpenCV has blue, green, red
    np.testing.assert_array_equal(read.reshape(pixels.shape)[:, :, order], pixels)
    assert read.dtype == pixels.dtype


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_whole_stream_passes_its_own_sums(channels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STRIP", 5000)
    pixels = np.random.default_rng(1).integers(0, 256, (90, 70, channels)).astype(np.uint8)

    parts = png(pixels)
    file = BytesIO(b"".join(parts))

    assert len(parts) > 4  # so that sums of several strips were put together
    np.testing.assert_array_equal(read_png(file.getvalue()), pixels)  # zlib checks the sum of all of them
