"""Live sound cut into pieces, each with how likely it is speech."""

from __future__ import annotations

import numpy as np
import pytest

from voice.audio.detector import WINDOW_BYTES, SpeechDetector
from voice.types import AudioChunk


def speech_windows(detector: SpeechDetector, chunk: AudioChunk) -> int:
    return sum(piece.probability >= 0.5 for piece in detector.process(chunk))


def test_pieces_hold_all_the_sound_whatever_the_chunks(as_chunk, make_tone):
    pcm = as_chunk(make_tone(seconds=1.0)).pcm
    whole = list(SpeechDetector().process(AudioChunk(pcm)))
    detector = SpeechDetector()
    cut = [
        piece
        for start in range(0, len(pcm), 666)
        for piece in detector.process(AudioChunk(pcm[start : start + 666]))
    ]
    assert (
        b"".join(piece.chunk.pcm for piece in cut) == pcm[: len(pcm) // WINDOW_BYTES * WINDOW_BYTES]
    )
    assert [piece.probability for piece in cut] == [piece.probability for piece in whole]


def test_level_is_in_decibels_and_without_the_offset(as_chunk, make_tone):
    tone = make_tone(seconds=0.1) + 0.2
    (first, *_) = SpeechDetector().process(as_chunk(tone))
    assert first.level_db == pytest.approx(-13.5, abs=0.5)
    (silent, *_) = SpeechDetector().process(AudioChunk(bytes(WINDOW_BYTES)))
    assert silent.level_db == -120


@pytest.mark.parametrize("gain", [0.01, 0.1, 1.0, 4.0])
def test_speech_is_found_at_any_level_also_after_silence(speak, as_chunk, gain):
    silence = np.zeros(48_000, np.float32)
    speech = as_chunk(np.concatenate([silence, gain * speak("when are you open"), silence]))
    assert speech_windows(SpeechDetector(), speech) >= 20


def test_noise_is_not_speech(as_chunk):
    noise = np.random.default_rng(1).normal(0, 0.05, 80_000).astype(np.float32)
    assert speech_windows(SpeechDetector(), as_chunk(noise)) < 3


def test_reset_forgets_the_rest():
    detector = SpeechDetector()
    assert not list(detector.process(AudioChunk(bytes(WINDOW_BYTES - 2))))
    detector.reset()
    assert not list(detector.process(AudioChunk(bytes(WINDOW_BYTES - 2))))
