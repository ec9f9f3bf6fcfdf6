"""A German FAQ at a real server: asked by text, answered in text and aloud."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # real engines and servers, a second and more a test

FAQ = Path(__file__).parents[1] / "fixtures" / "faq" / "bibliothek-de.yaml"
MODEL = "vosk-model-small-de-0.15"
SAME = 0.06  # lengths of the same words


@pytest.fixture(scope="module")
def german(start_server):
    """Return a client of a server that speaks German and lacks the model to hear it."""
    return start_server(faq=str(FAQ), speech_cache_mb="0").client


def test_an_answer_in_text(german):
    reply = german.ask("wie teuer ist denn der Ausweis").json()
    assert (reply["status"], reply["answer"]["entry_id"]) == ("answer", "ausweis")
    assert reply["speech"] == "Der Ausweis kostet 25 € im Jahr, für Studierende 12,50 €."


def test_an_answer_aloud(german):
    answer = german.post("/ask", {"question": "wie teuer ist der Ausweis"}, Accept="audio/*")
    assert (answer.status, answer.headers["content-type"]) == (200, "audio/wav")
    assert (answer.headers["voice-status"], answer.headers["voice-entry"]) == ("answer", "ausweis")
    said = "Der Ausweis kostet 25 Euro im Jahr, für Studierende 12 Euro und 50 Cent."
    expected = german.post("/speak", {"text": said, "voice": "de"}).body
    assert seconds(answer.body) == pytest.approx(seconds(expected), rel=SAME)


def test_the_voice_is_german_and_so_are_its_numbers(german):
    """The engine's sound differs a little each time, so that only lengths can be compared."""
    text = "77 Bücher, 28 Filme und 96 Spiele"
    in_words = "siebenundsiebzig Bücher, achtundzwanzig Filme und sechsundneunzig Spiele"
    spoken, words, english = (
        seconds(german.post("/speak", body).body)
        for body in ({"text": text}, {"text": in_words}, {"text": text, "voice": "en-us"})
    )
    assert spoken == pytest.approx(words, rel=SAME)
    assert spoken != pytest.approx(english, rel=SAME)


def test_did_you_mean_by_text_and_aloud(german):
    first = german.ask("gibt es Führungen").json()
    assert first["status"] == "clarify"
    assert first["speech"].startswith("Meinten Sie eine dieser Fragen? Erstens: ")
    question = {"question": "die zweite bitte", "conversation": first["conversation"]}
    second = german.post("/ask", question, Accept="audio/ogg")
    assert (second.status, second.headers["content-type"]) == (200, "audio/ogg")
    assert second.headers["voice-entry"] == first["candidates"][1]["entry_id"]
    again = german.ask("wiederholen Sie das", conversation=second.headers["voice-conversation"])
    assert again.json()["status"] == "command"
    assert again.json()["speech"].startswith("Ja, ")


@pytest.mark.parametrize(
    ("say", "status", "speech"),
    [
        ("Hilfe", "command", "Ich beantworte Fragen zu diesem Thema: Stadtbibliothek Lindenau."),
        ("wie wird das Wetter morgen", "unknown", "Das weiß ich leider nicht."),
        ("", "no_input", "Ich habe keine Frage gehört."),
    ],
)
def test_what_it_says_itself_is_german(german, say, status, speech):
    reply = german.ask(say).json()
    assert reply["status"] == status
    assert reply["speech"].startswith(speech)
    assert german.post("/ask", {"question": say}, Accept="audio/wav").headers["voice-status"] == (
        status
    )


def test_ready_says_in_one_line_how_to_hear_german(german):
    health = german.get("/health/ready").json()
    assert health["status"] == "ready"
    (line,) = health["warnings"]
    assert line.startswith("no Vosk model for de-AT in ")
    assert line.endswith(f"to hear it: voice models get {MODEL}")


def test_speech_is_refused_with_the_same_line(german):
    sound = german.post("/speak", {"text": "Guten Tag"}).body
    answer = german.request("POST", "/listen", sound, Content_Type="audio/wav")
    assert (answer.status, answer.error) == (503, "setup")


def seconds(wav: bytes) -> float:
    with wave.open(io.BytesIO(wav)) as file:
        return file.getnframes() / file.getframerate()
