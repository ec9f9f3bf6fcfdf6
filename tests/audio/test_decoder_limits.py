"""What a file may cost: seconds, memory, time; and what happens when the child dies."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator

import av
import numpy as np
import psutil
import pytest

from voice.audio.decoder import AudioDecoder
from voice.errors import AudioError, BusyError, VoiceError
from voice.types import AudioChunk

MEGABYTE = 1 << 20
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")


@pytest.fixture
def own_decoder() -> Iterator[AudioDecoder]:
    """Return a decoder that the test may hurt."""
    decoder = AudioDecoder()
    decoder.start()
    yield decoder
    decoder.close()


@pytest.fixture(scope="module")
def tone_file(make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]) -> bytes:
    return make_file(make_tone(), "flac", "flac")


def silence(seconds: float, container: str, codec: str, **options: str) -> bytes:
    """Return silence at 8 kHz, a few bytes for each second."""
    memory = io.BytesIO()
    with av.open(memory, "w", format=container) as file:
        stream = file.add_stream(codec, rate=8_000, layout="mono", options=options)
        stream.codec_context.open()
        size = stream.codec_context.frame_size
        frame = av.AudioFrame(stream.codec_context.format, "mono", size)
        frame.sample_rate = 8_000
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        for start in range(0, int(seconds * 8_000), size):
            frame.pts = start
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return memory.getvalue()


def child_of(decoder: AudioDecoder) -> psutil.Process:
    """Return the decoder's only child, alive."""
    pid = decoder._pool._workers[0].pid
    assert pid is not None
    return psutil.Process(pid)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seconds", "max_seconds", "container", "codec", "options"),
    [
        (7_200, 60, "flac", "flac", {}),
        (600, 60, "ipod", "aac", {}),
        (20, 2, "ogg", "libopus", {"frame_duration": "60"}),
        (20, 2, "webm", "libopus", {"frame_duration": "60"}),
        (20, 2, "mp3", "libmp3lame", {}),
    ],
)
def test_hours_of_silence_are_refused_without_unpacking_them(
    own_decoder: AudioDecoder,
    seconds: float,
    max_seconds: float,
    container: str,
    codec: str,
    options: dict[str, str],
) -> None:
    data = silence(seconds, container, codec, **options)
    child = child_of(own_decoder)
    before = child.memory_info().rss
    started = time.monotonic()
    with pytest.raises(AudioError, match=f"longer than {max_seconds} s") as caught:
        own_decoder.decode(data, max_seconds=max_seconds)
    assert time.monotonic() - started < 2
    assert (caught.value.http_status, caught.value.code) == (413, "audio_too_long")
    assert child.memory_info().rss - before < 24 * MEGABYTE
    assert child_of(own_decoder).pid == child.pid


def test_seconds_are_counted_not_read_from_the_header(
    decoder: AudioDecoder, make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]
) -> None:
    data = make_file(make_tone(seconds=2.0), "flac", "flac")
    assert decoder.decode(data, max_seconds=2.0).seconds == 2.0
    with pytest.raises(AudioError, match="longer than 1.8 s"):
        decoder.decode(data, max_seconds=1.8)


@pytest.mark.parametrize("rate_hz", [1, 100, 3_999, 768_001, 0x7FFF_FFFF])
def test_rates_that_would_blow_up_are_refused(
    decoder: AudioDecoder, wav_header: Callable[..., bytes], rate_hz: int
) -> None:
    with pytest.raises(AudioError):
        decoder.decode(wav_header(8_000, rate_hz=rate_hz) + bytes(8_000), max_seconds=1e9)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_memory_is_limited_and_the_next_call_works(
    own_decoder: AudioDecoder, wav_header: Callable[..., bytes], tone_file: bytes
) -> None:
    data = wav_header(24 * MEGABYTE, rate_hz=4_000, bits=8) + bytes(24 * MEGABYTE)
    with pytest.raises(AudioError) as caught:  # 6,000 s: 200 MB of samples, and more on the way
        own_decoder.decode(data, max_seconds=10_000)
    assert caught.value.http_status == 415
    assert own_decoder.decode(tone_file).seconds == 1.0


@unix_only
def test_decoder_killed_between_calls_is_not_noticed(
    own_decoder: AudioDecoder, tone_file: bytes
) -> None:
    child = child_of(own_decoder)
    child.kill()
    child.wait(5)
    assert own_decoder.decode(tone_file).seconds == 1.0


@unix_only
def test_decoder_killed_in_a_call_refuses_that_file_only(
    own_decoder: AudioDecoder, tone_file: bytes
) -> None:
    child = child_of(own_decoder)
    child.send_signal(signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (child.pid, signal.SIGKILL)).start()
    with pytest.raises(AudioError, match="gave it up") as caught:
        own_decoder.decode(tone_file)
    assert (caught.value.http_status, caught.value.code) == (415, "bad_audio")
    assert own_decoder.decode(tone_file).seconds == 1.0


@unix_only
def test_file_that_takes_too_long_is_refused_at_its_deadline(
    own_decoder: AudioDecoder, tone_file: bytes
) -> None:
    child_of(own_decoder).send_signal(signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(AudioError, match="too long to decode") as caught:
        own_decoder.decode(tone_file, deadline_seconds=0.5)
    assert caught.value.http_status == 415
    assert time.monotonic() - started < 3
    assert own_decoder.decode(tone_file).seconds == 1.0


@unix_only
def test_waiting_for_another_file_is_not_this_files_fault(
    own_decoder: AudioDecoder, tone_file: bytes
) -> None:
    child_of(own_decoder).send_signal(signal.SIGSTOP)
    faults: list[VoiceError] = []

    def decode_slow_file() -> None:
        try:
            own_decoder.decode(tone_file, deadline_seconds=1.0)
        except VoiceError as error:
            faults.append(error)

    slow = threading.Thread(target=decode_slow_file)
    slow.start()
    time.sleep(0.2)
    with pytest.raises(BusyError):
        own_decoder.decode(tone_file, deadline_seconds=1.2)  # half of it is not enough
    slow.join()
    assert isinstance(faults[0], AudioError)


def test_many_callers_get_their_own_sound(
    decoder: AudioDecoder, make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]
) -> None:
    lengths = [0.1 * n for n in range(1, 13)]
    files = [make_file(make_tone(seconds=length), "flac", "flac") for length in lengths]
    heard: dict[int, AudioChunk] = {}

    def decode(n: int) -> None:
        heard[n] = decoder.decode(files[n])

    threads = [threading.Thread(target=decode, args=(n,)) for n in range(len(files))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [heard[n].seconds for n in range(12)] == pytest.approx(lengths, abs=0.001)


@pytest.mark.slow
def test_child_does_not_grow_over_many_files(own_decoder: AudioDecoder, tone_file: bytes) -> None:
    child = child_of(own_decoder)
    for _ in range(100):
        own_decoder.decode(tone_file)
    before = child.memory_info().rss
    for count in range(1_000):
        own_decoder.decode(tone_file)
        with pytest.raises(AudioError):
            own_decoder.decode(tone_file[: 30 + count % 12])
    assert child_of(own_decoder).pid == child.pid
    assert child.memory_info().rss - before < 8 * MEGABYTE
