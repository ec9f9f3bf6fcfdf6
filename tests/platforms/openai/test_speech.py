"""POST /v1/audio/speech: OpenAI's own client, the real synthesizer, the real encoders."""

from __future__ import annotations

import io
import wave

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai import BadRequestError

from voice.audio.decoder import AudioDecoder
from voice.errors import InputError
from voice.platforms.openai.speech import FORMATS, parse_speech

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test

PATH = "/v1/audio/speech"
TEXT = "Is it normal for your spine to crack?"
PCM_RATE_HZ = 24_000


@pytest.fixture(scope="module")
def decoder():
    decoder = AudioDecoder()
    yield decoder
    decoder.close()


def wav_seconds(data: bytes) -> float:
    with wave.open(io.BytesIO(data)) as wav:
        return wav.getnframes() / wav.getframerate()


def readable(data: bytes, format: str) -> bytes:
    """Return a file that our own decoder reads; AAC's bare stream goes into a container."""
    if format != "aac":
        return data
    import av

    target = io.BytesIO()
    with (
        av.open(io.BytesIO(data), format="aac") as source,
        av.open(target, "w", format="mp4") as container,
    ):
        stream = container.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    return target.getvalue()


@pytest.mark.parametrize("format", list(FORMATS))
def test_speech_in_every_format_is_heard_again(official, decoder, format):
    spoken = official.audio.speech.create(
        model="tts-1", voice="alloy", input=TEXT, response_format=format
    )
    assert spoken.response.headers["content-type"] == FORMATS[format][1]
    kind = f"audio/L16;rate={PCM_RATE_HZ};endianness=little-endian" if format == "pcm" else None
    audio = decoder.decode(readable(spoken.content, format), kind)
    assert 1.5 < audio.seconds < 4.0
    upload = io.BytesIO()
    with wave.open(upload, "wb") as wav:
        wav.setparams((1, 2, 16_000, 0, "NONE", ""))
        wav.writeframes(audio.pcm)
    heard = official.audio.transcriptions.create(
        model="open", file=("speech.wav", upload.getvalue())
    )
    assert {"normal", "spine", "crack"} & set(heard.text.split())


def test_mp3_is_what_comes_unasked(official):
    spoken = official.audio.speech.create(model="tts-1", voice="alloy", input="Hello.")
    assert spoken.response.headers["content-type"] == "audio/mpeg"


def test_speed_changes_the_length(official):
    slow, usual, fast, fastest = (
        wav_seconds(
            official.audio.speech.create(
                model="tts-1", voice="alloy", input=TEXT, response_format="wav", speed=speed
            ).content
        )
        for speed in (0.5, 1.0, 2.0, 4.0)
    )
    assert slow > 1.3 * usual > 1.3 * 1.3 * fast
    assert fastest <= fast


def test_voices_are_ours_or_the_usual_one(official):
    def speak(voice):
        return official.audio.speech.create(
            model="tts-1", voice=voice, input="Hello there.", response_format="wav"
        ).content

    assert len(speak("alloy")) == pytest.approx(len(speak({"id": "nobody"})), rel=0.1)
    assert len(speak("en-us+f3")) > 1000


def test_longest_text_is_spoken_and_a_longer_one_refused(full, refused):
    longest = full.post(PATH, {"model": "tts-1", "input": ("hello " * 683)[:4096], "speed": 4.0})
    assert longest.status == 200
    error = refused(full.post(PATH, {"model": "tts-1", "input": "a" * 4097}), 413)
    assert error["param"] == "input"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"input": None}, "input"),
        ({"input": ""}, "input"),
        ({"input": 5}, "input"),
        ({"input": "\ud800"}, "input"),
        ({"model": None}, "model"),
        ({"response_format": "midi"}, "response_format"),
        ({"response_format": ["wav"]}, "response_format"),
        ({"speed": 0.2}, "speed"),
        ({"speed": 4.1}, "speed"),
        ({"speed": "1"}, "speed"),
        ({"speed": True}, "speed"),
        ({"speed": 10**400}, "speed"),
        ({"voice": 5}, "voice"),
        ({"voice": ["alloy"]}, "voice"),
        ({"voice": {"id": 5}}, "voice"),
        ({"voice": "a" * 201}, "voice"),
        ({"stream_format": "sse"}, "stream_format"),
        ({"stream_format": "tape"}, "stream_format"),
    ],
)
def test_wrong_fields_are_named(full, refused, change, param):
    given = {"model": "tts-1", "voice": "alloy", "input": "hello", **change}
    assert refused(full.post(PATH, given), 400)["param"] == param


def test_official_client_is_told_what_is_wrong(official):
    with pytest.raises(BadRequestError, match="speed"):
        official.audio.speech.create(model="tts-1", voice="alloy", input="hello", speed=9)


def test_text_without_words_is_refused(full, refused):
    refused(full.post(PATH, {"model": "tts-1", "input": " \n"}), 400)


def test_other_types_are_refused(full, refused):
    refused(full.request("POST", PATH, "hello", Content_Type="text/plain"), 415)


def test_without_a_synthesizer_it_says_so(client, refused):
    error = refused(client.post(PATH, {"model": "tts-1", "input": "hello"}), 503)
    assert error["type"] == "server_error"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENTLY
@given(
    st.fixed_dictionaries(
        {"model": st.just("tts-1"), "input": st.text() | JSON},
        optional=dict.fromkeys(("voice", "response_format", "speed", "stream_format"), JSON),
    )
)
def test_no_object_crashes_the_parser(value):
    try:
        asked = parse_speech(value)
        outcome = asked.rate(165) or 165
    except InputError as error:
        outcome = error.http_status
    assert outcome in (400, 413) or 60 <= outcome <= 400
