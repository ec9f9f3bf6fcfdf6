"""Load a Vosk model and decode a second of sound, in a process that may die of it.

Kaldi ends the process on some damaged files, so this runs as `python -m voice.models.trial FOLDER`
before the server loads the model itself.
"""

from __future__ import annotations

import sys

from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ


def run(folder: str) -> None:
    """Load the model and use it once; raises or ends the process when it is damaged."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(folder)
    recognizer = vosk.KaldiRecognizer(model, SAMPLE_RATE_HZ)
    recognizer.AcceptWaveform(bytes(SAMPLE_RATE_HZ * BYTES_PER_SAMPLE))
    recognizer.FinalResult()


if __name__ == "__main__":
    run(sys.argv[1])
