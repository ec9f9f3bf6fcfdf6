"""Long recordings: where they are cut, and that no word is lost or misplaced."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from voice.audio.decoder import AudioDecoder
from voice.audio.gate import Span
from voice.audio.gate_pool import GatePool
from voice.errors import DeadlineError, EngineError
from voice.stt import recognize
from voice.stt.vosk import VoskRecognizer
from voice.transcribing import PIECE_SECONDS, SEARCH_SECONDS, pieces, transcribe_pieces
from voice.types import AudioChunk, Hypothesis, Transcript

SPEECH = Path(__file__).parent / "fixtures" / "speech"
SAID = "does laying down decompress your spine"


def in_seconds(seconds: float) -> float:
    return time.monotonic() + seconds


def noise(seconds: float, level: int = 3000) -> AudioChunk:
    samples = np.random.default_rng(1).integers(-level, level, round(seconds * 16_000))
    return AudioChunk(samples.astype("<i2").tobytes())


def with_silence(audio: AudioChunk, at: float, seconds: float = 0.2) -> AudioChunk:
    first, end = (round(place * 16_000) * 2 for place in (at, at + seconds))
    return AudioChunk(audio.pcm[:first] + bytes(end - first) + audio.pcm[end:])


@pytest.mark.parametrize("seconds", [0, 0.01, 5, PIECE_SECONDS])
def test_short_audio_is_one_piece(seconds):
    audio = noise(seconds)
    assert pieces(audio) == [Span(0.0, audio.seconds)]


@pytest.mark.parametrize("seconds", [PIECE_SECONDS + 0.1, 95.5])
def test_pieces_follow_each_other_and_none_is_long(seconds):
    audio = noise(seconds)
    found = pieces(audio)
    assert found[0].start_seconds == 0
    assert found[-1].end_seconds == audio.seconds
    for before, after in zip(found, found[1:], strict=False):
        assert before.end_seconds == after.start_seconds
    for piece in found[:-1]:
        assert piece.end_seconds - piece.start_seconds >= PIECE_SECONDS - SEARCH_SECONDS
    assert all(piece.end_seconds - piece.start_seconds <= PIECE_SECONDS for piece in found)


def test_cut_is_where_it_is_quiet():
    audio = with_silence(noise(40), 23.0)
    assert pieces(audio)[0].end_seconds == pytest.approx(23.1, abs=0.11)


def whole(piece: AudioChunk, seconds: float) -> list[Span]:
    return [Span(0.0, piece.seconds)]


def test_pieces_stay_in_order_whichever_is_done_first():
    lengths = iter((0.3, 0.0, 0.0))

    def hear(speech: AudioChunk, seconds: float) -> Transcript:
        time.sleep(next(lengths))
        text = f"{speech.seconds:.1f}"
        return Transcript(text, (Hypothesis(text),), "test", speech.seconds)

    audio = with_silence(noise(70), 21.0)
    found = transcribe_pieces(audio, whole, hear, in_seconds(30))
    assert [segment.start_seconds for segment in found] == [
        piece.start_seconds for piece in pieces(audio)
    ]
    assert [float(segment.text) for segment in found] == pytest.approx(
        [piece.end_seconds - piece.start_seconds for piece in pieces(audio)], abs=0.06
    )


def test_what_takes_too_long_is_told_with_its_length():
    def hear(speech: AudioChunk, seconds: float) -> Transcript:
        time.sleep(0.3)
        raise DeadlineError("recognizing took longer than its deadline")

    with pytest.raises(DeadlineError, match="100 s of audio were not heard in time.*shorter"):
        transcribe_pieces(noise(100), whole, hear, in_seconds(2))


def test_no_piece_is_begun_after_the_deadline():
    begun = []

    def hear(speech: AudioChunk, seconds: float) -> Transcript:
        begun.append(seconds)
        time.sleep(0.5)
        return Transcript("", (), "test", speech.seconds)

    with pytest.raises(DeadlineError, match="shorter parts"):
        transcribe_pieces(noise(300), whole, hear, in_seconds(0.2))
    assert 1 <= len(begun) <= 4


def test_failures_are_not_hidden():
    def hear(speech: AudioChunk, seconds: float) -> Transcript:
        raise EngineError("broken")

    with pytest.raises(EngineError, match="broken"):
        transcribe_pieces(noise(100), whole, hear, in_seconds(30))


@pytest.mark.slow
def test_no_sentence_is_lost_at_the_cuts(vosk_tiny):
    """Sentence after sentence with a breath between, so that cuts fall among them."""
    decoder, recognizer = AudioDecoder(), VoskRecognizer(vosk_tiny)
    sentence = decoder.decode((SPEECH / "decompress.flac").read_bytes()).pcm + bytes(16_000)
    decoder.close()
    count = 20
    audio = AudioChunk(sentence * count)

    def hear(speech: AudioChunk, seconds: float) -> Transcript:
        return recognize(recognizer, speech, deadline_seconds=seconds)

    gate = GatePool()
    found = transcribe_pieces(audio, gate.spans, hear, in_seconds(240))
    gate.close()
    assert " ".join(segment.text for segment in found) == " ".join([SAID] * count)
    words = [word for segment in found for word in segment.words if word.text == "spine"]
    beat = audio.seconds / count
    places = [word.start_seconds % beat for word in words]
    assert max(places) - min(places) < 0.3
    recognizer.close()
