"""POST /listen and POST /speak at a server that hears and speaks with the real engines."""

from __future__ import annotations

import io
import wave

import pytest

QUESTION = "Is it normal for your spine to crack?"
MAGIC = {
    "audio/wav": b"RIFF",
    "audio/mpeg": (b"ID3", b"\xff\xfb", b"\xff\xf3"),
    "audio/ogg": b"OggS",
    "audio/flac": b"fLaC",
}


@pytest.fixture(scope="session")
def full(full_server):
    """Return a client of the server that hears and speaks."""
    return full_server.client


@pytest.fixture(scope="session")
def spoken_question(full) -> bytes:
    """Return a question as the server itself says it."""
    return full.post("/speak", {"text": QUESTION}).body


def silence(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, 16_000, 0, "NONE", ""))
        wav.writeframes(b"\0\0" * int(16_000 * seconds))
    return file.getvalue()


def form(*files: tuple[str, bytes], **fields: str) -> bytes:
    parts = [
        b'Content-Disposition: form-data; name="%s"; filename="a.wav"\r\n\r\n%s'
        % (name.encode(), data)
        for name, data in files
    ]
    parts += [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), text.encode())
        for name, text in fields.items()
    ]
    return b"".join(b"--x\r\n" + part + b"\r\n" for part in parts) + b"--x--\r\n"


FORM = "multipart/form-data; boundary=x"


@pytest.mark.parametrize("content_type", ["audio/wav", "application/octet-stream", None])
def test_a_spoken_question_is_heard(full, spoken_question, content_type):
    headers = {"Content_Type": content_type} if content_type else {}
    answer = full.request("POST", "/listen", spoken_question, **headers)
    assert answer.status == 200
    transcript = answer.json()["transcript"]
    assert "spine" in transcript["text"] or "crack" in transcript["text"]
    assert transcript["audio_seconds"] > 1
    assert {"decode", "recognize", "match", "total"} <= set(answer.json()["elapsed_ms"])


def test_a_form_carries_audio_and_conversation(full, spoken_question):
    first = full.ask(QUESTION).json()
    body = form(("file", spoken_question), conversation=first["conversation"], locale="en-US")
    reply = full.request("POST", "/listen", body, Content_Type=FORM).json()
    assert reply["transcript"]["text"]


def test_bare_samples_are_heard(full, spoken_question):
    with wave.open(io.BytesIO(spoken_question)) as wav:
        samples = wav.readframes(wav.getnframes())
        rate = wav.getframerate()
    swapped = bytes(byte for pair in zip(samples[1::2], samples[::2], strict=True) for byte in pair)
    answer = full.request("POST", "/listen", swapped, Content_Type=f"audio/L16;rate={rate}")
    assert answer.json()["transcript"]["text"]


def test_silence_is_no_input(full):
    answer = full.request("POST", "/listen", silence(1.5), Content_Type="audio/wav")
    assert answer.status == 200
    assert answer.json()["status"] == "no_input"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("audio/wav", b"", 400),
        ("audio/wav", b"not audio at all" * 100, 415),
        ("application/json", b'{"question": "a"}', 415),
        ("audio/wav", b"PK\x03\x04" + bytes(1000), 415),
        (FORM, form(), 400),
        (FORM, form(("file", b"a"), ("file", b"b")), 400),
        (FORM, form(("file", b"a"), ("other", b"b")), 400),
        (FORM, form(("sound", b"a")), 400),
        (FORM, form(file="text"), 400),
        (FORM, form(("file", b"")), 400),
        (FORM, form(("file", b"a"), locale="not a tag"), 422),
        (FORM, b"--x\r\nbroken", 400),
    ],
)
def test_what_cannot_be_heard_is_refused(full, content_type, body, status):
    answer = full.request("POST", "/listen", body, Content_Type=content_type)
    assert answer.status == status
    assert answer.error


def test_too_long_audio_is_413(full):
    answer = full.request("POST", "/listen", silence(61), Content_Type="audio/wav")
    assert answer.status == 413
    assert answer.error


@pytest.mark.parametrize("wanted", list(MAGIC))
def test_the_answer_is_spoken_in_the_format_asked_for(full, wanted):
    answer = full.post("/ask", {"question": QUESTION}, Accept=wanted)
    assert answer.status == 200
    assert answer.headers["content-type"] == wanted
    assert answer.body.startswith(MAGIC[wanted])
    assert answer.headers["voice-status"] == "answer"
    assert answer.headers["voice-entry"]
    assert answer.headers["voice-conversation"]


def test_a_spoken_question_may_be_answered_in_speech(full, spoken_question):
    answer = full.request(
        "POST", "/listen", spoken_question, Content_Type="audio/wav", Accept="audio/*"
    )
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["voice-status"]


@pytest.mark.parametrize(
    ("format", "mimetype"),
    [("wav", "audio/wav"), ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("flac", "audio/flac")],
)
def test_text_is_spoken(full, format, mimetype):
    answer = full.post("/speak", {"text": "Hello there.", "rate": 200, "format": format})
    assert answer.headers["content-type"] == mimetype
    assert answer.body.startswith(MAGIC[mimetype])


def test_a_faster_rate_is_shorter(full):
    slow, fast = (
        len(full.post("/speak", {"text": "One two three four.", "rate": rate}).body)
        for rate in (100, 300)
    )
    assert fast < slow


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": " \n"}, 422),
        ({"text": 5}, 422),
        ({"text": "a" * 4097}, 413),
        ({"text": "a", "rate": "fast"}, 422),
        ({"text": "a", "rate": True}, 422),
        ({"text": "a", "rate": 5}, 422),
        ({"text": "a", "rate": 1e9}, 422),
        ({"text": "a", "format": "exe"}, 422),
        ({"text": "a", "format": ["wav"]}, 422),
        ({"text": "a", "voice": 1}, 422),
    ],
)
def test_what_cannot_be_spoken_is_refused(full, fields, status):
    answer = full.post("/speak", fields)
    assert answer.status == status
    assert answer.error


def test_an_unknown_voice_is_refused(full):
    answer = full.post("/speak", {"text": "a", "voice": "no such voice"})
    assert 400 <= answer.status < 500
    assert answer.error


def test_speak_takes_json_only(full):
    answer = full.request("POST", "/speak", "hello", Content_Type="text/plain")
    assert (answer.status, answer.error) == (415, "unsupported_media_type")


@pytest.mark.parametrize("text", ["\ud800 hello", "a\0b", "<speak>&", "😀"])
def test_odd_text_is_no_crash(full, text):
    assert full.post("/speak", {"text": text}).status in (200, 400)
