"""The decoding process with a reader that fails as nobody foresaw. No test lives here."""

from typing import NoReturn
from unittest.mock import patch

from convstudio.io.decoding import decoder_process


def _fail(data: bytes, name: str, page: int) -> NoReturn:
    raise OverflowError("cannot fit 'int' into an index-sized integer")


if __name__ == "__main__":
    with patch.object(decoder_process, "read_header", _fail):
        decoder_process.main()
