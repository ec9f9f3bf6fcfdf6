"""Decode strangers' audio with PyAV; runs in the decoder's child only."""

from __future__ import annotations

import io
import sys
from array import array
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final, NoReturn

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import InputContainer

from voice.audio.containers import DEMUXERS, READABLE, wav_goes_on
from voice.audio.raw import MAX_RATE_HZ, MIN_RATE_HZ, RawFormat
from voice.errors import AudioError
from voice.types import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ

MAX_STREAMS: Final = 8  # a video has two or three
GRACE_SECONDS: Final = 0.1  # encoders fill their last block
# What is heard inside the containers we read. FFmpeg may open no other decoder, so that pictures
# and rare formats, where most of its faults were found, are never touched.
CODECS: Final = (
    *("mp3float", "mp3", "mp2float", "mp2", "aac", "alac", "flac"),
    *("vorbis", "opus", "libopus", "adpcm_ms", "adpcm_ima_wav", "gsm", "gsm_ms", "libgsm_ms"),
    *("pcm_mulaw", "pcm_alaw", "pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le"),
    *("pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be"),
)
_FLOATS: Final = ("flt", "dbl")  # as WAV files hold them; decoders of compressed sound give others
_RAW_SECONDS: Final = 1  # of raw audio handed on at once


class MonoWriter:
    """Turn frames of any rate and layout into 16 kHz mono, up to a number of seconds."""

    def __init__(self, max_seconds: float) -> None:
        self._max_seconds = max_seconds
        self._seconds = 0.0
        self._resampler: av.AudioResampler | None = None
        self._shape: tuple[str, str, int] | None = None
        self._pcm = bytearray()

    def write(self, frame: av.AudioFrame) -> None:
        """Take a frame; raises AudioError when it is one too many."""
        if not MIN_RATE_HZ <= frame.sample_rate <= MAX_RATE_HZ:
            raise AudioError(f"audio at {frame.sample_rate} Hz cannot be read")
        self._seconds += frame.samples / frame.sample_rate
        if self._seconds > self._max_seconds + GRACE_SECONDS:  # before any memory is spent on it
            refuse_long(self._max_seconds)
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            self._flush()
            self._resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
            self._shape = shape
        self._resample(frame)

    def finish(self) -> bytes:
        """Return everything as PCM."""
        self._flush()
        return bytes(self._pcm)

    def _flush(self) -> None:
        if self._resampler is not None:
            self._resample(None)

    def _resample(self, frame: av.AudioFrame | None) -> None:
        assert self._resampler is not None
        for out in self._resampler.resample(frame):
            if out is not None:  # as a resampler with nothing to do returns at the end
                self._pcm += memoryview(out.planes[0])[: out.samples * BYTES_PER_SAMPLE]


def decode_container(data: bytes, demuxer: str, max_seconds: float) -> bytes:
    """Return the first audio stream of a container as 16 kHz mono PCM.

    A damaged or truncated file gives what it holds, and what its header claims is not believed.
    Raises AudioError when there is no audio in it or more than `max_seconds`.
    """
    writer = MonoWriter(max_seconds)
    with _open(data, demuxer) as container:
        for frame in _frames(container):
            if frame.format.name in _FLOATS:
                _mend_floats(frame)
            writer.write(frame)
    return writer.finish()


def decode_raw(data: bytes, raw: RawFormat, max_seconds: float) -> bytes:
    """Return raw samples as 16 kHz mono PCM; raises AudioError past `max_seconds`."""
    frame_bytes = BYTES_PER_SAMPLE * raw.channels
    whole = len(data) - len(data) % frame_bytes
    writer = MonoWriter(max_seconds)
    step = raw.rate_hz * frame_bytes * _RAW_SECONDS
    layout = f"{raw.channels}c"  # the usual order of so many loudspeakers
    for start in range(0, whole, step):
        samples = array("h", data[start : min(start + step, whole)])
        if raw.little_endian != (sys.byteorder == "little"):
            samples.byteswap()
        frame = av.AudioFrame("s16", layout, len(samples) // raw.channels)
        frame.sample_rate = raw.rate_hz
        frame.planes[0].update(samples.tobytes())
        writer.write(frame)
    return writer.finish()


def refuse_long(max_seconds: float) -> NoReturn:
    """Raise the error for audio that lasts too long."""
    raise AudioError(
        f"the audio lasts longer than {max_seconds:g} s; send a shorter one",
        code="audio_too_long",
        http_status=413,
    )


def _open(data: bytes, demuxer: str) -> InputContainer:
    options = {
        "format_whitelist": ",".join(DEMUXERS),
        "codec_whitelist": ",".join(CODECS),
        "protocol_whitelist": "pipe",
    }
    if demuxer == "wav" and wav_goes_on(data):
        options["ignore_length"] = "1"
    return av.open(
        io.BytesIO(data),
        mode="r",
        format=demuxer,
        options=options,
        metadata_errors="replace",
        io_open=_refuse_to_open,
    )


def _refuse_to_open(url: str, *_: Any) -> NoReturn:
    """Stand where FFmpeg would open what a file names: nothing is ever opened."""
    raise AudioError("this audio points to another file, which is not read")


def _sound(container: InputContainer) -> AudioStream:
    """Return the first audio stream; raises AudioError when none may be decoded."""
    if len(container.streams) > MAX_STREAMS:
        raise AudioError(f"the audio has more than {MAX_STREAMS} streams")
    if not container.streams.audio:
        raise AudioError("there is no audio in this file")
    stream = container.streams.audio[0]
    codec: AudioCodecContext | None = stream.codec_context  # None where FFmpeg knows no decoder
    if codec is None or codec.name not in CODECS:
        raise AudioError(f"the sound in this file is of a kind that is not read; send {READABLE}")
    codec.thread_count = 1
    return stream


def _frames(container: InputContainer) -> Iterator[av.AudioFrame]:
    """Yield what can be decoded of the first audio stream."""
    stream = _sound(container)
    heard = False
    fault: Exception | None = None
    try:
        for packet in container.demux(stream):
            try:
                for frame in packet.decode():
                    heard = True
                    yield frame
            except av.error.InvalidDataError as error:
                fault = error  # one damaged packet; the next may be whole
    except (av.error.InvalidDataError, av.error.EOFError) as error:
        fault = error  # the file ends in the middle of something
    if not heard and (fault or container.format.name == "mp3"):
        raise AudioError("no sound could be read from this file") from fault


def _mend_floats(frame: av.AudioFrame) -> None:
    """Make samples that are no numbers 0: through a resampler one of them spoils many."""
    plane = memoryview(frame.planes[0]).cast("B")
    samples = plane.cast("d") if frame.format.name == "dbl" else plane.cast("f")
    samples = samples[: frame.samples * frame.layout.nb_channels]
    if isfinite(sum(samples)):
        return
    for place, sample in enumerate(samples):
        if not isfinite(sample):
            samples[place] = 0.0
