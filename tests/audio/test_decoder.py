"""Every container and what can be wrong with it, through the real child."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voice.audio.containers import find_container
from voice.audio.decoder import FORMATS, AudioDecoder
from voice.audio.wav import write_wav
from voice.errors import AudioError, InputError, SetupError
from voice.types import AudioChunk

TONE_HZ = 440
TONE_LEVEL = 0.3
CONTAINERS = [
    ("wav", "pcm_s16le", 16_000, "mono"),
    ("wav", "pcm_mulaw", 8_000, "mono"),
    ("wav", "pcm_alaw", 8_000, "mono"),
    ("wav", "pcm_u8", 11_025, "mono"),
    ("wav", "pcm_s16le", 48_000, "stereo"),
    ("wav", "pcm_s24le", 44_100, "stereo"),
    ("wav", "pcm_s32le", 96_000, "stereo"),
    ("wav", "pcm_f32le", 48_000, "mono"),
    ("wav", "pcm_f64le", 22_050, "stereo"),
    ("wav", "pcm_s16le", 48_000, "5.1"),
    ("wav", "adpcm_ima_wav", 16_000, "mono"),
    ("mp3", "libmp3lame", 44_100, "stereo"),
    ("mp3", "libmp3lame", 16_000, "mono"),
    ("ogg", "libopus", 48_000, "mono"),
    ("ogg", "vorbis", 44_100, "stereo"),
    ("flac", "flac", 48_000, "stereo"),
    ("ipod", "aac", 44_100, "stereo"),
    ("mp4", "aac", 48_000, "mono"),
    ("mov", "pcm_s16le", 48_000, "mono"),
    ("webm", "libopus", 48_000, "mono"),
    ("matroska", "libopus", 48_000, "stereo"),
]


@pytest.mark.parametrize(("container", "codec", "rate_hz", "layout"), CONTAINERS)
def test_container_gives_the_same_sound(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    make_file: Callable[..., bytes],
    as_samples: Callable[[AudioChunk], np.ndarray],
    container: str,
    codec: str,
    rate_hz: int,
    layout: str,
) -> None:
    options = {"strict": "experimental"} if codec == "vorbis" else {}
    data = make_file(make_tone(rate_hz), container, codec, rate_hz, layout=layout, **options)
    chunk = decoder.decode(data)
    assert chunk.rate_hz == 16_000
    assert chunk.seconds == pytest.approx(1.0, abs=0.07)  # AAC and ADPCM fill their last block
    samples = as_samples(chunk)[4_000:12_000]
    assert np.sqrt(2 * np.mean(samples**2)) == pytest.approx(TONE_LEVEL, rel=0.06)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert np.argmax(spectrum) * 2 == pytest.approx(TONE_HZ, abs=2)
    assert np.sort(spectrum)[:-8].max() < 0.02 * spectrum.max()


@pytest.mark.parametrize(("container", "codec", "rate_hz", "layout"), CONTAINERS[::3])
def test_truncated_file_gives_what_it_holds(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    make_file: Callable[..., bytes],
    container: str,
    codec: str,
    rate_hz: int,
    layout: str,
) -> None:
    data = make_file(make_tone(rate_hz, 2.0), container, codec, rate_hz, layout=layout)
    half = data[: len(data) // 2]
    if container in ("ipod", "mp4", "mov"):  # their table of contents is at the end
        with pytest.raises(AudioError):
            decoder.decode(half)
    else:
        assert decoder.decode(half).seconds == pytest.approx(1.0, abs=0.35)


@pytest.mark.parametrize(("container", "codec"), [("flac", "flac"), ("mp3", "libmp3lame")])
def test_damage_in_the_middle_costs_only_that_part(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    make_file: Callable[..., bytes],
    container: str,
    codec: str,
) -> None:
    data = bytearray(make_file(make_tone(48_000, 3.0), container, codec, 48_000))
    middle = len(data) // 2
    data[middle : middle + 600] = b"\xaa" * 600
    assert decoder.decode(bytes(data)).seconds > 2.3


@pytest.mark.parametrize("claimed_seconds", [0, 0.25, 0.999, 1.5, 36_000, None])
def test_wav_header_that_lies_about_length_is_not_believed(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    as_chunk: Callable[..., AudioChunk],
    wav_header: Callable[..., bytes],
    claimed_seconds: float | None,
) -> None:
    claimed = 0xFFFF_FFFF if claimed_seconds is None else int(claimed_seconds * 32_000)
    pcm = as_chunk(make_tone()).pcm
    assert decoder.decode(wav_header(claimed) + pcm) == AudioChunk(pcm)


def test_wav_without_samples_is_an_empty_chunk(
    decoder: AudioDecoder, wav_header: Callable[..., bytes]
) -> None:
    assert decoder.decode(wav_header(0)) == AudioChunk(b"")


def test_samples_that_are_no_numbers_spoil_nothing_else(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    as_samples: Callable[[AudioChunk], np.ndarray],
    wav_header: Callable[..., bytes],
) -> None:
    samples = make_tone(48_000)
    samples[[1_000, 20_000, 40_000]] = [np.nan, np.inf, -np.inf]
    data = wav_header(4 * len(samples), rate_hz=48_000, bits=32, kind=3) + samples.tobytes()
    decoded = as_samples(decoder.decode(data))
    assert np.abs(decoded).max() < TONE_LEVEL * 1.1


@pytest.mark.parametrize("channels", [1, 2, 3, 8])
@pytest.mark.parametrize("endianness", ["big-endian", "little-endian", None])
def test_raw_samples(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    as_samples: Callable[[AudioChunk], np.ndarray],
    channels: int,
    endianness: str | None,
) -> None:
    order = "<i2" if endianness == "little-endian" else ">i2"
    tone = np.repeat(make_tone(44_100)[:, None], channels, 1)
    data = (tone * 32_767).astype(order).tobytes()
    media_type = f"audio/L16;rate=44100;channels={channels}"
    if endianness:
        media_type += f";endianness={endianness}"
    samples = as_samples(decoder.decode(data + b"\x7f", media_type))
    assert len(samples) == pytest.approx(16_000, abs=2)
    assert np.sqrt(2 * np.mean(samples**2)) == pytest.approx(TONE_LEVEL, rel=0.02)


def test_stereo_is_mixed_not_halved(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    as_samples: Callable[[AudioChunk], np.ndarray],
) -> None:
    left_only = np.stack([make_tone(), 0 * make_tone()], 1)
    data = (left_only * 32_767).astype(">i2").tobytes()
    samples = as_samples(decoder.decode(data, "audio/L16;rate=16000;channels=2"))
    assert np.sqrt(2 * np.mean(samples**2)) == pytest.approx(TONE_LEVEL / 2, rel=0.02)


def test_first_of_several_streams_is_read(
    decoder: AudioDecoder, make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]
) -> None:
    data = make_file(make_tone(48_000), "matroska", "libopus", 48_000, streams=8)
    assert decoder.decode(data).seconds == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("format_name", ["wav", "mp3", "ogg", "flac"])
def test_own_speech_is_written_in_every_format(
    decoder: AudioDecoder,
    make_tone: Callable[..., np.ndarray],
    as_chunk: Callable[..., AudioChunk],
    format_name: str,
) -> None:
    chunk = AudioChunk(as_chunk(make_tone(22_050)).pcm, 22_050)
    wav = write_wav(chunk)
    encoded = decoder.encode(wav, format_name)
    assert find_container(encoded) == ("wav" if format_name == "telephone" else format_name)
    assert len(encoded) <= len(wav)
    assert decoder.decode(encoded).seconds == pytest.approx(1.0, abs=0.05)


def test_bare_samples_are_written_at_their_own_rate(decoder, make_tone, as_chunk):
    wav = write_wav(AudioChunk(as_chunk(make_tone(22_050)).pcm, 22_050))
    assert len(decoder.encode(wav, "pcm")) == pytest.approx(24_000 * 2, rel=0.01)


def test_aac_is_written_as_a_stream(decoder, make_tone, as_chunk):
    wav = write_wav(AudioChunk(as_chunk(make_tone(22_050)).pcm, 22_050))
    encoded = decoder.encode(wav, "aac")
    assert encoded[0] == 0xFF
    assert encoded[1] & 0xF6 == 0xF0  # ADTS: each frame tells its own length
    frames = rest = 0
    while rest < len(encoded):
        rest += (encoded[rest + 3] & 3) << 11 | encoded[rest + 4] << 3 | encoded[rest + 5] >> 5
        frames += 1
    assert rest == len(encoded)
    assert frames * 1024 / 24_000 == pytest.approx(1.0, abs=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("format_name", ["mp3", "ogg", "flac"])
def test_long_speech_is_encoded_whole(decoder, format_name):
    """The longest there is, half an hour: at once it would take more memory than the child has."""
    wav = write_wav(AudioChunk(bytes(1800 * 22_050 * 2), 22_050))
    encoded = decoder.encode(wav, format_name)
    assert find_container(encoded) == ("wav" if format_name == "telephone" else format_name)
    assert decoder.decode(encoded, max_seconds=1801).seconds == pytest.approx(1800, abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("format_name", ["mp3", "ogg", "flac"])
def test_speech_of_minutes_is_encoded(decoder, format_name):
    wav = write_wav(AudioChunk(bytes(300 * 22_050 * 2), 22_050))
    assert decoder.decode(decoder.encode(wav, format_name), max_seconds=301).seconds > 299


def test_speech_of_no_length_is_written(decoder: AudioDecoder) -> None:
    for format_name in FORMATS:
        assert decoder.encode(write_wav(AudioChunk(b"", 22_050)), format_name)


def test_unknown_format_names_the_known_ones(decoder: AudioDecoder) -> None:
    with pytest.raises(InputError, match="wav, mp3, ogg, flac") as caught:
        decoder.encode(write_wav(AudioChunk(bytes(100))), "midi")
    assert caught.value.http_status == 400


def test_decoder_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "av.py").write_text("raise ImportError('no av here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    decoder = AudioDecoder()
    with pytest.raises(SetupError, match="no av here"):
        decoder.start()
    decoder.close()
