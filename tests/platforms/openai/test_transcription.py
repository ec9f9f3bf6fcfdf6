"""POST /v1/audio/transcriptions: OpenAI's own client, recordings, the real recognizer."""

from __future__ import annotations

import io
import json
import re
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import BadRequestError

from voice.audio.decoder import AudioDecoder
from voice.errors import DeadlineError, InputError
from voice.opening import open_assistant
from voice.platforms.openai.transcription import (
    TranscriptionFields,
    parse_transcription,
    render_deltas,
    render_transcription,
)
from voice.server.app import create_app
from voice.server.front import create_front
from voice.types import Segment, Transcription, Word

PATH = "/v1/audio/transcriptions"
SPEECH = Path(__file__).parents[2] / "fixtures" / "speech"
CLIP = SPEECH / "decompress.flac"
SAID = "does laying down decompress your spine"
FORM = "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def clips(full) -> dict[str, bytes]:
    """Return the recordings as samples at 16 kHz."""
    decoder = AudioDecoder()
    found = {path.stem: decoder.decode(path.read_bytes()).pcm for path in SPEECH.glob("*.flac")}
    decoder.close()
    return found


def as_wav(pcm: bytes) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, 16_000, 0, "NONE", ""))
        wav.writeframes(pcm)
    return file.getvalue()


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * 16_000) * 2)


def form(data: bytes = b"", *fields: tuple[str, str], name: str = "file") -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="a.wav"\r\n\r\n'
    parts = [disposition.encode() + data]
    parts += [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode()
        for key, value in fields
    ]
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"


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


def test_more_than_ten_minutes_are_refused(full, refused):
    answer = full.request("POST", PATH, form(as_wav(silence(601))), Content_Type=FORM)
    assert refused(answer, 413)["code"] == "audio_too_long"


def test_more_than_25_megabytes_are_refused(full):
    answer = full.request("POST", PATH, form(bytes(26 << 20)), Content_Type=FORM)
    assert (answer.status, answer.error) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form(b""), 400),
        (form(b"no audio at all" * 100), 415),
        (form(b"PK\x03\x04" + bytes(1000)), 415),
        (form(b"RIFF", name="sound"), 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n/etc/passwd\r\n--x--\r\n',
            400,
        ),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n" + form(b"RIFF"), 400),
        (form(b"RIFF", ("prompt", "a" * 1_000_000)), 413),
        (form(b"RIFF", *[("a", "b")] * 2000), 413),
        (b"--x\r\nbroken", 400),
        (b"", 400),
    ],
)
def test_what_is_no_recording_is_refused(full, refused, body, status):
    refused(full.request("POST", PATH, body, Content_Type=FORM), status)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ([("response_format", "diarized_json")], "response_format"),
        ([("temperature", "hot")], "temperature"),
        ([("temperature", "1.5")], "temperature"),
        ([("temperature", "nan")], "temperature"),
        ([("language", "klingon language")], "language"),
        ([("stream", "maybe")], "stream"),
        ([("stream", "true"), ("response_format", "srt")], "stream"),
        ([("timestamp_granularities[]", "word")], "timestamp_granularities"),
        (
            [("response_format", "verbose_json"), ("timestamp_granularities[]", "letter")],
            "timestamp_granularities.0",
        ),
        ([("model", "a"), ("model", "b")], "model"),
    ],
)
def test_wrong_fields_are_named(full, refused, fields, param):
    answer = full.request("POST", PATH, form(CLIP.read_bytes(), *fields), Content_Type=FORM)
    assert refused(answer, 400)["param"] == param


def test_official_client_is_told_what_is_wrong(official):
    with pytest.raises(BadRequestError, match="response_format"):
        official.audio.transcriptions.create(
            model="open", file=CLIP, response_format="diarized_json"
        )


def test_json_is_refused(full, refused):
    refused(full.post(PATH, {"file": "/etc/passwd"}), 415)


def test_without_a_recognizer_it_says_so(client, refused):
    answer = client.request("POST", PATH, form(CLIP.read_bytes()), Content_Type=FORM)
    refused(answer, 503)


def test_what_takes_too_long_is_not_tried_again(make_settings, serve_front, refused, monkeypatch):
    def too_slow(*args: object, **options: object) -> Transcription:
        raise DeadlineError("send it in shorter parts")

    settings = make_settings(stt="off", tts="off")
    assistant = open_assistant(settings)
    monkeypatch.setattr(assistant, "transcribe_recording", too_slow)
    server = serve_front(create_front(create_app(settings, assistant), settings))
    answer = server.request("POST", PATH, form(CLIP.read_bytes()), Content_Type=FORM)
    assert refused(answer, 503)["type"] == "server_error"
    assert answer.headers["x-should-retry"] == "false"


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


NAMES = st.sampled_from([*TranscriptionFields.model_fields, "model", "include[]"]) | st.text()


@given(st.lists(st.tuples(NAMES, st.text())))
def test_no_form_crashes_the_parser(pairs):
    try:
        outcome = parse_transcription(pairs).model
    except InputError as error:
        outcome = error.http_status
    assert outcome in ("open", "faq", 400, 413)


TIMES = st.floats(0, 600)
SEGMENTS = st.builds(
    Segment,
    TIMES,
    TIMES,
    st.text(),
    st.lists(st.builds(Word, st.text(), TIMES, TIMES)).map(tuple),
    st.none() | st.floats(0, 1),
)


@given(
    st.builds(Transcription, st.lists(SEGMENTS).map(tuple), TIMES),
    st.sampled_from(["json", "text", "srt", "vtt", "verbose_json"]),
)
def test_everything_heard_renders(heard, form):
    fields = TranscriptionFields(response_format=form)
    assert json.dumps(render_transcription(heard, fields, "en"))
    *deltas, done = render_deltas(heard)
    assert "".join(event["delta"] for event in deltas) == done["text"] == heard.text
