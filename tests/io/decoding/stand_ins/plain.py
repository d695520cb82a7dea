"""The decoding process where the extra `formats` is not installed. No test lives here."""

import sys

from convstudio.io.decoding import decoder_process

if __name__ == "__main__":
    sys.modules["imagecodecs"] = sys.modules["pillow_heif"] = None  # type: ignore[assignment]
    decoder_process.main()
