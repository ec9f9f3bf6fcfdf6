"""Sounds made by the tests, in every container, and a decoder in a real child."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from voice.audio.decoder import AudioDecoder
from voice.types import AudioChunk

Samples = NDArray[np.float32]
TONE_HZ = 440
TONE_LEVEL = 0.3


@pytest.fixture(scope="session")
def decoder() -> Iterator[AudioDecoder]:
    decoder = AudioDecoder()
    decoder.start()
    yield decoder
    decoder.close()


@pytest.fixture(scope="session")
def make_tone() -> Callable[..., Samples]:
    """Return a maker of a sine at TONE_HZ and TONE_LEVEL, shape (samples,)."""

    def make(rate_hz: int = 16_000, seconds: float = 1.0) -> Samples:
        time = np.arange(int(rate_hz * seconds)) / rate_hz
        return (TONE_LEVEL * np.sin(2 * np.pi * TONE_HZ * time)).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def make_file() -> Callable[..., bytes]:
    """Return a maker of an audio file with the same samples in every channel."""

    def make(
        samples: Samples,
        container: str,
        codec: str,
        rate_hz: int = 16_000,
        *,
        layout: str = "mono",
        streams: int = 1,
        **options: str,
    ) -> bytes:
        memory = io.BytesIO()
        with av.open(memory, "w", format=container) as file:
            made = [
                file.add_stream(codec, rate=rate_hz, layout=layout, options=options)
                for _ in range(streams)
            ]
            for stream in made:
                stream.codec_context.open()
            for stream in made:
                for frame in _frames(samples, rate_hz, stream.codec_context):
                    file.mux(stream.encode(frame))
                file.mux(stream.encode(None))
        return memory.getvalue()

    return make


@pytest.fixture(scope="session")
def wav_header() -> Callable[..., bytes]:
    """Return a maker of 44 header bytes that claim what the test wants."""

    def make(
        data_bytes: int, *, rate_hz: int = 16_000, channels: int = 1, bits: int = 16, kind: int = 1
    ) -> bytes:
        def number(value: int, size: int) -> bytes:
            return value.to_bytes(size, "little")

        frame = channels * bits // 8
        return b"".join(
            (
                b"RIFF" + number((36 + data_bytes) % 2**32, 4) + b"WAVEfmt " + number(16, 4),
                number(kind, 2) + number(channels, 2) + number(rate_hz, 4),
                number(rate_hz * frame % 2**32, 4) + number(frame, 2) + number(bits, 2),
                b"data" + number(data_bytes, 4),
            )
        )

    return make


@pytest.fixture(scope="session")
def as_chunk() -> Callable[[Samples], AudioChunk]:
    """Return a maker of a 16 kHz chunk from samples of -1 to 1; louder ones are clipped."""

    def make(samples: Samples) -> AudioChunk:
        return AudioChunk((np.clip(samples, -1, 1) * 32_767).round().astype("<i2").tobytes())

    return make


@pytest.fixture(scope="session")
def as_samples() -> Callable[[AudioChunk], Samples]:
    """Return a maker of samples of -1 to 1 from a chunk."""

    def make(chunk: AudioChunk) -> Samples:
        return np.frombuffer(chunk.pcm, "<i2").astype(np.float32) / 32_768

    return make


@pytest.fixture(scope="session")
def speak(
    tmp_path_factory: pytest.TempPathFactory, decoder: AudioDecoder
) -> Callable[..., Samples]:
    """Return a speaker of 16 kHz speech in one of flite's voices."""
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    folder: Path = tmp_path_factory.mktemp("speech")

    def speak(text: str, voice: str = "slt") -> Samples:
        path = folder / f"{voice} {text}.wav"
        if not path.exists():
            command = ["flite", "-voice", voice, "-t", text, "-o", str(path)]
            subprocess.run(command, check=True, timeout=30)
        pcm = decoder.decode(path.read_bytes()).pcm
        return np.frombuffer(pcm, "<i2").astype(np.float32) / 32_768

    return speak


def _frames(samples: Samples, rate_hz: int, codec: av.AudioCodecContext) -> Iterator[av.AudioFrame]:
    """Yield the samples as frames that the codec takes, alike in every channel."""
    size = codec.frame_size or 4096
    resampler = av.AudioResampler(codec.format, codec.layout, rate_hz, size)
    for start in range(0, len(samples), size):
        planes = np.tile(samples[start : start + size], (codec.layout.nb_channels, 1))
        frame = av.AudioFrame.from_ndarray(planes, "fltp", codec.layout.name)
        frame.sample_rate = rate_hz
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
