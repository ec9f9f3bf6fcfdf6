from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.decoder import AudioDecoder
from voice.audio.gate import MIN_SPEECH_WINDOWS, PAD_SECONDS, SpeechGate, find_speech
from voice.types import AudioChunk

RATE_HZ = 16_000
Samples = np.ndarray


@pytest.fixture(scope="session")
def gate() -> SpeechGate:
    return SpeechGate()


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE_HZ), np.float32)


def time_axis(seconds: float) -> Samples:
    return np.arange(int(seconds * RATE_HZ)) / RATE_HZ


def knocks(count: int) -> Samples:
    samples = np.random.default_rng(0).normal(0, 0.001, 4 * RATE_HZ)
    length = RATE_HZ // 12
    time = time_axis(length / RATE_HZ)
    for n in range(count):
        start = int((0.5 + 0.6 * n) * RATE_HZ)
        samples[start : start + length] += 0.8 * np.exp(-time / 0.015) * np.sin(2e2 * np.pi * time)
    return samples


NO_SPEECH = {
    "nothing": silence(0),
    "one sample": np.ones(1),
    "less than a window": silence(0.02),
    "silence": silence(2),
    "faint noise": np.random.default_rng(1).normal(0, 0.0005, 2 * RATE_HZ),
    "loud noise": np.random.default_rng(2).normal(0, 0.3, 2 * RATE_HZ),
    "hum": 0.2 * np.sin(100 * np.pi * time_axis(2)),
    "faint hum": 0.002 * np.sin(120 * np.pi * time_axis(2)),
    "buzz": sum(0.1 / k * np.sin(100 * np.pi * k * time_axis(2)) for k in range(1, 20)),
    "a whistle": 0.3 * np.sin(2_000 * np.pi * time_axis(2)),
    "a click": np.eye(1, 2 * RATE_HZ, RATE_HZ)[0],
    "a knock": knocks(1),
    "knocks": knocks(5),
    "full scale": np.ones(2 * RATE_HZ),
}


@pytest.mark.parametrize("name", NO_SPEECH)
@pytest.mark.parametrize("gain", [1.0, 0.1])
def test_no_speech_in(
    gate: SpeechGate, as_chunk: Callable[..., AudioChunk], name: str, gain: float
) -> None:
    chunk = as_chunk(gain * NO_SPEECH[name])
    assert gate.spans(chunk) == ()
    assert gate.cut(chunk) is None


@pytest.mark.parametrize("voice", ["slt", "rms", "kal", "awb"])
@pytest.mark.parametrize("word", ["yes", "no", "stop", "two", "help"])
def test_single_words_are_kept(
    gate: SpeechGate,
    speak: Callable[..., Samples],
    as_chunk: Callable[..., AudioChunk],
    word: str,
    voice: str,
) -> None:
    spoken = np.concatenate([silence(0.5), speak(word, voice), silence(0.5)])
    for gain in (1.0, 0.1, 0.01):
        assert gate.cut(as_chunk(gain * spoken)) is not None, gain


def test_clipped_speech_and_an_offset_are_heard(
    gate: SpeechGate, speak: Callable[..., Samples], as_chunk: Callable[..., AudioChunk]
) -> None:
    spoken = np.concatenate([silence(0.5), speak("my back hurts"), silence(0.5)])
    assert gate.cut(as_chunk(20 * spoken))
    assert gate.cut(as_chunk(0.01 * spoken + 0.2))


def test_only_the_speech_is_kept_with_its_padding(
    gate: SpeechGate, speak: Callable[..., Samples], as_chunk: Callable[..., AudioChunk]
) -> None:
    words = speak("my back hurts in the morning")
    length = len(words) / RATE_HZ
    chunk = as_chunk(np.concatenate([silence(2), words, silence(3), words, silence(1)]))
    first, second = gate.spans(chunk)
    assert first.start_seconds == pytest.approx(2 - PAD_SECONDS, abs=0.25)
    assert first.end_seconds == pytest.approx(2 + length + PAD_SECONDS, abs=0.35)
    assert second.start_seconds == pytest.approx(5 + length - PAD_SECONDS, abs=0.25)
    cut = gate.cut(chunk)
    assert cut is not None
    kept = sum(span.end_seconds - span.start_seconds for span in (first, second))
    assert cut.seconds == pytest.approx(kept, abs=0.001)
    start = round(first.start_seconds * RATE_HZ) * 2
    assert cut.pcm.startswith(chunk.pcm[start : start + 10_000])


def test_short_pauses_stay_whole(
    gate: SpeechGate, speak: Callable[..., Samples], as_chunk: Callable[..., AudioChunk]
) -> None:
    words = speak("my back hurts")
    chunk = as_chunk(np.concatenate([words, silence(0.3), words]))
    assert len(gate.spans(chunk)) == 1


def test_one_clip_does_not_change_the_next(
    gate: SpeechGate, speak: Callable[..., Samples], as_chunk: Callable[..., AudioChunk]
) -> None:
    chunk = as_chunk(np.concatenate([silence(1), speak("should I worry"), silence(1)]))
    alone = SpeechGate().spans(chunk)
    gate.spans(as_chunk(NO_SPEECH["loud noise"]))
    assert gate.spans(chunk) == alone


def test_threads_do_not_mix_their_audio(
    gate: SpeechGate, speak: Callable[..., Samples], as_chunk: Callable[..., AudioChunk]
) -> None:
    texts = ["yes", "should I worry", "is it bad to crack my back every day"]
    chunks = [as_chunk(np.concatenate([silence(0.4 * n), speak(t)])) for n, t in enumerate(texts)]
    alone = [gate.spans(chunk) for chunk in chunks]
    together: dict[int, object] = {}

    def find(n: int) -> None:
        together[n] = gate.spans(chunks[n % 3])

    threads = [threading.Thread(target=find, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[n] for n in range(6)] == alone * 2


def test_other_rates_are_a_mistake(gate: SpeechGate) -> None:
    with pytest.raises(ValueError, match="16000 Hz"):
        gate.spans(AudioChunk(bytes(2_000), 8_000))


ON, MIDDLE, OFF = 0.6, 0.4, 0.1


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([], []),
        ([OFF] * 20, []),
        ([MIDDLE] * 20, []),  # speech must begin before it can go on
        ([ON] * (MIN_SPEECH_WINDOWS - 1), []),
        ([ON] * MIN_SPEECH_WINDOWS, [(0, MIN_SPEECH_WINDOWS)]),
        ([OFF, *[ON] * 6, OFF, *[ON] * 7], [(1, 7), (8, 15)]),
        ([*[ON] * 6, MIDDLE, MIDDLE, *[ON] * 2, OFF], [(0, 10)]),
        ([*[ON] * 3, OFF, *[ON] * 3], []),
        ([ON, *[MIDDLE] * 20], []),
    ],
)
def test_stretches(probabilities: list[float], expected: list[tuple[int, int]]) -> None:
    assert find_speech(probabilities) == expected


@given(st.lists(st.floats(0, 1), max_size=60))
def test_stretches_are_in_order_and_inside(probabilities: list[float]) -> None:
    places = [place for stretch in find_speech(probabilities) for place in stretch]
    assert places == sorted(places)
    assert all(0 <= place <= len(probabilities) for place in places)


@pytest.mark.slow
def test_recorded_noise_and_people(
    gate: SpeechGate, decoder: AudioDecoder, shared_data: Path
) -> None:
    def hears(path: Path) -> bool:
        return gate.cut(decoder.decode(path.read_bytes(), max_seconds=600)) is not None

    noises = sorted((shared_data / "noise_rir" / "noise").glob("*.flac"))
    people = sorted((shared_data / "spoken_misc" / "audio").glob("*.flac"))
    assert len(noises) > 5
    assert [path.name for path in noises if hears(path)] == []
    assert [path.name for path in people if not hears(path)] == []
