"""What Home Assistant gets: description, transcript, speech, answers; over real sockets."""

from __future__ import annotations

import asyncio
import time
import wave
from pathlib import Path

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeTextFormat,
)

from voice.audio.decoder import AudioDecoder

SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
SAID = "is it bad if your spine cracks"
ASKED = "Is it bad if your spine cracks?"


def spoken_events(pcm: bytes, rate: int = 16_000, width: int = 2, channels: int = 1) -> list[Event]:
    """Return an utterance as Home Assistant sends it."""
    layout = (rate, width, channels)
    step = rate // 50 * width * channels
    pieces = (pcm[start : start + step] for start in range(0, len(pcm), step))
    return [
        Transcribe(language="en").event(),
        AudioStart(*layout).event(),
        *(AudioChunk(*layout, audio=piece).event() for piece in pieces),
        AudioStop().event(),
    ]


def turn(text: str, conversation_id: str | None = None) -> Event:
    context = {"conversation_id": conversation_id} if conversation_id else None
    return Transcript(text, language="en", context=context).event()


@pytest.fixture(scope="session")
def pcm() -> bytes:
    decoder = AudioDecoder()
    try:
        return decoder.decode((SPEECH / "spine-cracks.flac").read_bytes()).pcm
    finally:
        decoder.close()


def test_describes_what_home_assistant_sets_up(home):
    (event,) = home.ask(Describe().event())
    info = Info.from_event(event)
    (asr,), (tts,), (handle,) = info.asr, info.tts, info.handle
    assert (asr.name, tts.name, handle.name) == ("faq-stt", "faq-tts", "faq")
    assert (info.satellite, info.intent, info.wake) == (None, [], [])
    assert not handle.supports_home_control
    for program, (part,) in ((asr, asr.models), (tts, tts.voices), (handle, handle.models)):
        assert program.installed
        assert part.installed
        assert part.languages == ["en"]


@pytest.mark.slow
def test_is_described_at_once_while_the_engines_are_busy(home):
    long = Synthesize("A back that cracks is a normal function of the body. " * 20).event()

    async def busy() -> tuple[float, list[Event]]:
        speaking = [asyncio.create_task(home.ask_in_loop(long)) for _ in range(24)]
        await asyncio.sleep(0.2)
        times = []
        for _ in range(3):
            started = time.monotonic()
            await home.ask_in_loop(Describe().event())
            times.append(time.monotonic() - started)
        return min(times), [events[-1] for events in await asyncio.gather(*speaking)]

    seconds, ends = asyncio.run(busy())
    assert seconds < 1
    assert {event.type for event in ends} <= {"audio-stop", "error"}
    assert {event.data["code"] for event in ends if event.type == "error"} <= {"busy"}


def test_hears_what_is_said(home, pcm):
    (event,) = home.ask(*spoken_events(pcm))
    assert Transcript.from_event(event) == Transcript(SAID, language="en-US")


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_hears_sound_of_any_layout(home, pcm, width, channels):
    high = pcm[1::2]  # the upper byte of each sample, signed
    samples = {
        1: bytes((byte + 128) % 256 for byte in high),
        2: pcm,
        3: b"".join(b"\0" + pcm[i : i + 2] for i in range(0, len(pcm), 2)),
        4: b"".join(b"\0\0" + pcm[i : i + 2] for i in range(0, len(pcm), 2)),
    }[width]
    frames = (samples[i : i + width] * channels for i in range(0, len(samples), width))
    (event,) = home.ask(*spoken_events(b"".join(frames), width=width, channels=channels))
    assert event.data["text"].startswith("is it bad if your spine")


def test_hears_another_rate(home, pcm):
    doubled = b"".join(pcm[i : i + 2] * 3 for i in range(0, len(pcm), 2))
    (event,) = home.ask(*spoken_events(doubled, rate=48_000))
    assert event.data["text"] == SAID


@pytest.mark.parametrize("events", [[], [AudioStart(16_000, 2, 1).event()]])
def test_hears_nothing_where_nothing_is(home, events):
    (event,) = home.ask(*events, AudioStop().event())
    assert event.data["text"] == ""


def test_hears_nothing_in_silence(home):
    (event,) = home.ask(*spoken_events(bytes(32_000)))
    assert event.data["text"] == ""


def test_what_comes_again_starts_afresh(home, pcm):
    (event,) = home.ask(*spoken_events(pcm)[:-1], *spoken_events(pcm))
    assert event.data["text"] == SAID


def test_too_long_an_utterance_is_told(home):
    second = AudioChunk(16_000, 2, 1, audio=bytes(32_000)).event()
    events = home.ask(*[second] * 31)
    assert [event.type for event in events] == ["error"]
    assert events[0].data["code"] == "audio_too_long"


@pytest.mark.parametrize(
    ("rate", "width", "channels"),
    [(0, 2, 1), (16_000, 5, 1), (16_000, 2, 0), (10**9, 2, 1), (16_000.0, 2, 1), ("a", 2, 1)],
)
def test_impossible_sound_is_told(home, rate, width, channels):
    (event,) = home.ask(AudioStart(rate, width, channels).event())
    assert (event.type, event.data["code"]) == ("error", "bad_audio")


def test_sound_must_not_change_its_layout(home):
    events = [AudioStart(16_000, 2, 1).event(), AudioChunk(8_000, 2, 1, audio=b"ab").event()]
    assert "changes its format" in home.ask(*events)[-1].data["text"]


def said(events: list[Event], folder: Path) -> str:
    """Return the speech in the events as a WAV file."""
    start, *chunks, stop = events
    assert (start.type, stop.type) == ("audio-start", "audio-stop")
    layout = {key: start.data[key] for key in ("rate", "width", "channels")}
    assert all(layout.items() <= chunk.data.items() for chunk in chunks)
    with wave.open(str(folder / "said.wav"), "wb") as file:
        file.setframerate(layout["rate"])
        file.setsampwidth(layout["width"])
        file.setnchannels(layout["channels"])
        file.writeframes(b"".join(chunk.payload for chunk in chunks))
    return str(folder / "said.wav")


def test_what_is_spoken_is_heard_again(home, tmp_path):
    path = said(home.ask(Synthesize(ASKED).event()), tmp_path)
    with wave.open(path) as file:
        layout = (file.getframerate(), file.getsampwidth(), file.getnchannels())
        pcm = file.readframes(file.getnframes())
    (event,) = home.ask(*spoken_events(pcm, *layout))
    assert event.data["text"] == SAID


def test_text_in_pieces_is_spoken_once(home, tmp_path):
    whole = home.ask(Synthesize("Is it bad? Your spine cracks.").event())
    pieces = home.ask(
        SynthesizeStart().event(),
        SynthesizeChunk("Is it bad? ").event(),
        SynthesizeChunk("Your spine cracks.").event(),
        Synthesize("Is it bad? Your spine cracks.").event(),
        SynthesizeStop().event(),
        until=["synthesize-stopped", "error"],
    )
    assert [event.type for event in pieces] == [*(e.type for e in whole), "synthesize-stopped"]


def test_ssml_is_spoken_without_its_tags(home):
    plain = home.ask(Synthesize("Backs & spines crack.").event())
    ssml = "<speak>Backs &amp; <emphasis level='strong'>spines</emphasis> crack.</speak>"
    marked = home.ask(Synthesize(ssml, text_format=SynthesizeTextFormat.SSML).event())
    assert sum(map(size, marked)) == pytest.approx(sum(map(size, plain)), rel=0.1)


def size(event: Event) -> int:
    return len(event.payload or b"")


@pytest.mark.parametrize("text", ["", "  ", "x" * 20_001])
def test_what_cannot_be_said_is_told(home, text):
    (event,) = home.ask(Synthesize(text).event())
    assert event.type == "error"


def test_ping_and_unknown_events(home):
    (event,) = home.ask(Event("select-program", {"name": "faq"}), Event("x"), Ping("p").event())
    assert (event.type, event.data) == ("pong", {"text": "p"})


def test_one_connection_may_do_everything(home, pcm):
    events = home.ask(
        Describe().event(),
        *spoken_events(pcm),
        turn(ASKED),
        Synthesize("Hello.").event(),
        until=["audio-stop"],
    )
    assert [event.type for event in events if event.type != "audio-chunk"] == [
        *("info", "transcript", "handled", "audio-start", "audio-stop")
    ]
