"""What /v1/audio/transcriptions does not take."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai import BadRequestError

from voice.audio.wav import write_wav
from voice.errors import DeadlineError, InputError
from voice.opening import open_assistant
from voice.platforms.openai.transcription import TranscriptionFields, parse_transcription
from voice.server.app import create_app
from voice.server.front import create_front
from voice.types import AudioChunk, Transcription

PATH = "/v1/audio/transcriptions"
CLIP = Path(__file__).parents[2] / "fixtures" / "speech" / "decompress.flac"
FORM = "multipart/form-data; boundary=x"


def form(data: bytes = b"", *fields: tuple[str, str], name: str = "file") -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="a.wav"\r\n\r\n'
    parts = [disposition.encode() + data]
    parts += [
        f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode()
        for key, value in fields
    ]
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"


def test_more_than_ten_minutes_are_refused(full, refused):
    answer = full.request(
        "POST", PATH, form(write_wav(AudioChunk(bytes(601 * 32_000)))), Content_Type=FORM
    )
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


NAMES = st.sampled_from([*TranscriptionFields.model_fields, "model", "include[]"]) | st.text()


PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENTLY
@given(st.lists(st.tuples(NAMES, st.text())))
def test_no_form_crashes_the_parser(pairs):
    try:
        outcome = parse_transcription(pairs).model
    except InputError as error:
        outcome = error.http_status
    assert outcome in ("open", "faq", 400, 413)
