"""POST /v1/audio/transcriptions: OpenAI's own client, recordings, the real recognizer."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice.audio.decoder import AudioDecoder
from voice.audio.wav import write_wav
from voice.platforms.openai.transcription import (
    TranscriptionFields,
    render_deltas,
    render_transcription,
)
from voice.types import AudioChunk, Segment, Transcription, Word

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test

SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
CLIP = SPEECH / "decompress.flac"
SAID = "does laying down decompress your spine"


@pytest.fixture(scope="module")
def clips(full) -> dict[str, bytes]:
    """Return the recordings as samples at 16 kHz."""
    decoder = AudioDecoder()
    found = {path.stem: decoder.decode(path.read_bytes()).pcm for path in SPEECH.glob("*.flac")}
    decoder.close()
    return found


def as_wav(pcm: bytes) -> bytes:
    return write_wav(AudioChunk(pcm))


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * 16_000) * 2)


@pytest.mark.parametrize("model", ["open", "faq", "whisper-1"])
def test_recording_is_heard(official, model):
    heard = official.audio.transcriptions.create(
        model=model, file=CLIP, language="en", prompt="about backs", temperature=0.2
    )
    assert heard.text == SAID
    assert heard.usage.seconds == 4


def test_words_and_segments_have_their_times_in_the_recording(official, clips):
    recording = silence(3) + clips["decompress"] + silence(5) + clips["spine-cracks"]
    heard = official.audio.transcriptions.create(
        model="open",
        file=("a.wav", as_wav(recording)),
        response_format="verbose_json",
        timestamp_granularities=["word", "segment"],
    )
    first, second = heard.segments
    assert first.text == SAID
    assert "spine" in second.text
    assert 2.5 < first.start < first.end < 7.5
    assert 11 < second.start < second.end <= heard.duration
    assert heard.duration == pytest.approx(len(recording) / 32_000, abs=0.01)
    assert [word.word for word in heard.words] == f"{first.text} {second.text}".split()
    starts = [word.start for word in heard.words]
    assert starts == sorted(starts)
    assert all(word.start < word.end for word in heard.words)
    by_segment = heard.words[: len(SAID.split())]
    assert all(first.start <= word.start and word.end <= first.end for word in by_segment)
    assert heard.words[0].start > 3.0
    assert heard.words[-1].start > 11.5


def test_subtitles(official, clips):
    recording = as_wav(clips["decompress"] + silence(2) + clips["stop"])

    def fetch(form):
        return official.audio.transcriptions.create(
            model="open", file=("a.wav", recording), response_format=form
        )

    time = r"\d\d:\d\d:\d\d[,.]\d{3}"
    srt = fetch("srt")
    assert re.match(rf"1\n00:00:0[0-3],\d\d\d --> {time}\n{SAID}\n\n2\n00:00:0", srt)
    vtt = fetch("vtt")
    assert re.match(rf"WEBVTT\n\n00:00:0\d\.\d\d\d --> {time}\n{SAID}\n\n", vtt)
    assert fetch("text") == f"{SAID} stop\n"


def test_stream(official):
    with official.audio.transcriptions.create(model="open", file=CLIP, stream=True) as stream:
        events = list(stream)
    assert "".join(event.delta for event in events[:-1]) == SAID
    assert events[-1].text == SAID
    assert events[-1].type == "transcript.text.done"


def test_silence_has_no_words(official):
    heard = official.audio.transcriptions.create(
        model="open",
        file=("a.wav", as_wav(silence(2))),
        response_format="verbose_json",
    )
    assert (heard.text, heard.segments, heard.duration) == ("", [], 2.0)


@pytest.mark.slow
def test_minutes_are_heard(official, clips):
    """One clip every 20 seconds; every one is where it was put."""
    every, count = 20, 15
    beat = clips["decompress"].ljust(every * 32_000, b"\0")
    heard = official.audio.transcriptions.create(
        model="open",
        file=("a.wav", as_wav(beat * count)),
        response_format="verbose_json",
    )
    assert heard.duration == every * count
    starts = [segment.start for segment in heard.segments if segment.text == SAID]
    assert len(starts) == count
    assert all(abs(start - every * place) < 2 for place, start in enumerate(starts))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["open", "faq"])
def test_pocketsphinx_tells_its_words_in_the_recording(open_official, start_server, clips, model):
    server = start_server(stt="pocketsphinx", tts="off")
    recording = silence(4) + clips["decompress"] + silence(4) + clips["spine-cracks"]
    heard = open_official(server).audio.transcriptions.create(
        model=model,
        file=("a.wav", as_wav(recording)),
        response_format="verbose_json",
        timestamp_granularities=["word"],
    )
    assert heard.segments is None
    assert [word.word for word in heard.words] == heard.text.split()
    assert 4 < heard.words[0].start < 6
    assert 11.5 < heard.words[-1].end < heard.duration
    assert "spine" in heard.text


TIMES = st.floats(0, 600)
SEGMENTS = st.builds(
    Segment,
    TIMES,
    TIMES,
    st.text(),
    st.lists(st.builds(Word, st.text(), TIMES, TIMES)).map(tuple),
    st.none() | st.floats(0, 1),
)


PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENTLY
@given(
    st.builds(Transcription, st.lists(SEGMENTS).map(tuple), TIMES),
    st.sampled_from(["json", "text", "srt", "vtt", "verbose_json"]),
)
def test_everything_heard_renders(heard, form):
    fields = TranscriptionFields(response_format=form)
    assert json.dumps(render_transcription(heard, fields, "en"))
    *deltas, done = render_deltas(heard)
    assert "".join(event["delta"] for event in deltas) == done["text"] == heard.text
