"""What strangers send instead of audio: refused at once, and nothing that it names is opened."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from voice.audio.containers import find_container
from voice.audio.decoder import AudioDecoder
from voice.audio.decoding import decode_container
from voice.errors import AudioError

CASES: list[dict[str, Any]] = YAML(typ="safe").load(
    (Path(__file__).parents[1] / "cases" / "audio_refused.yaml").read_text(encoding="utf-8")
)
FORCED = {"SDP": "sdp", "m3u8": "hls", "ffconcat": "concat", "MPD": "dash"}
HEADS = [b"RIFF\x00\x10\x00\x00WAVEfmt ", b"OggS\x00\x02", b"fLaC\x00\x00\x00\x22", b"ID3\x04\x00"]
HEADS += [b"\xff\xfb\x90\x00", b"\x00\x00\x00\x20ftypM4A ", b"\x1a\x45\xdf\xa3\x9f", b""]


@dataclass
class Trap:
    """A socket that listens and a file that can be read; `visits` counts connections."""

    port: int
    file: Path
    visits: list[Any] = field(default_factory=list)

    def fill(self, text: str) -> bytes:
        return text.replace("{port}", str(self.port)).replace("{file}", str(self.file)).encode()


@pytest.fixture
def trap(tmp_path: Path, tone_file: bytes) -> Iterator[Trap]:
    file = tmp_path / "secret.wav"
    file.write_bytes(tone_file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        made = Trap(server.getsockname()[1], file)

        def accept() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                made.visits.append(address)
                connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield made
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture(scope="module")
def tone_file(make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]) -> bytes:
    return make_file(make_tone(), "wav", "pcm_s16le")


def body_of(case: dict[str, Any], trap: Trap) -> bytes:
    if "text" in case:
        return trap.fill(case["text"])
    return bytes.fromhex(case["bytes"]) * case.get("times", 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_refused_at_once(decoder: AudioDecoder, trap: Trap, case: dict[str, Any]) -> None:
    body = body_of(case, trap)
    started = time.monotonic()
    with pytest.raises(AudioError) as caught:
        decoder.decode(body, case.get("content_type"))
    # What is none of our containers never waits for the child.
    assert time.monotonic() - started < (0.1 if find_container(body) is None else 5.0)
    assert caught.value.http_status == case["status"]
    assert caught.value.code == case.get("code", "bad_audio")
    assert caught.value.message
    assert trap.visits == []


def test_what_is_no_container_never_reaches_the_child() -> None:
    decoder = AudioDecoder()
    for body in (b"PK\x03\x04", b"#EXTM3U\n", b"", b"\0" * 1_000):
        with pytest.raises(AudioError):
            decoder.decode(body)
    assert decoder._pool._workers[0].pid is None


@pytest.mark.parametrize(
    "case", [c for c in CASES if c["name"].split()[0] in FORCED], ids=lambda case: case["name"]
)
def test_ffmpeg_itself_may_not_follow_either(trap: Trap, case: dict[str, Any]) -> None:
    """The second lock: even told to read a playlist, FFmpeg is not allowed to."""
    demuxer = FORCED[case["name"].split()[0]]
    with pytest.raises((av.FFmpegError, ValueError)):  # ValueError: this FFmpeg lacks the format
        decode_container(body_of(case, trap), demuxer, 60.0)
    assert trap.visits == []


def test_the_trap_works(trap: Trap) -> None:
    """Without our locks FFmpeg does follow: else the tests above would prove nothing."""
    bodies = {case["name"]: case["text"] for case in CASES if "text" in case}
    unlocked = {"safe": "0"}
    file = io.BytesIO(trap.fill(bodies["ffconcat of a file"]))
    with av.open(file, options=unlocked) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == 16_000
    with pytest.raises((av.FFmpegError, OSError)):
        av.open(io.BytesIO(trap.fill(bodies["ffconcat of a host"])), options=unlocked, timeout=5)
    assert trap.visits


def test_video_without_sound(decoder: AudioDecoder) -> None:
    memory = io.BytesIO()
    with av.open(memory, "w", format="matroska") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            file.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        file.mux(stream.encode(None))
    with pytest.raises(AudioError, match="no audio in this file"):
        decoder.decode(memory.getvalue())


def test_too_many_streams(
    decoder: AudioDecoder, make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]
) -> None:
    data = make_file(make_tone(48_000, 0.1), "matroska", "libopus", 48_000, streams=9)
    with pytest.raises(AudioError, match="more than 8 streams"):
        decoder.decode(data)


def test_decoders_that_are_not_on_the_list_stay_shut(
    decoder: AudioDecoder, make_tone: Callable[..., np.ndarray], make_file: Callable[..., bytes]
) -> None:
    data = make_file(make_tone(44_100), "matroska", "ac3", 44_100)
    with pytest.raises(AudioError, match="of a kind that is not read"):
        decoder.decode(data)


@given(st.sampled_from(HEADS), st.binary(max_size=4_000))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_audio_or_an_audio_error(
    decoder: AudioDecoder, head: bytes, rest: bytes
) -> None:
    with suppress(AudioError):
        assert decoder.decode(head + rest).seconds <= 60.1


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_damaged_header_gives_audio_or_an_audio_error(
    decoder: AudioDecoder, tone_file: bytes, damage: list[tuple[int, int]]
) -> None:
    data = bytearray(tone_file)
    for place, byte in damage:
        data[place] = byte
    with suppress(AudioError):
        decoder.decode(bytes(data))
