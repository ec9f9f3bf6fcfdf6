from __future__ import annotations

import json
import threading
import time

import pytest

from voice.caller import Caller, as_caller
from voice.errors import BusyError, ClientGoneError, DeadlineError
from voice.stt import recognize, vosk
from voice.types import AudioChunk


def test_texts_of_an_utterance_that_ends_inside_the_clip_are_joined(vosk_recognizer, speech):
    pause = bytes(2 * 32_000)
    pcm = pause.join([speech["spine-cracks"].pcm, speech["stop"].pcm])
    heard = recognize(vosk_recognizer, AudioChunk(pcm), deadline_seconds=20)
    assert heard.text == "is it bad if your spine cracks stop"
    first, last = heard.hypotheses[0].words[0], heard.hypotheses[0].words[-1]
    assert first.end_seconds < 1 < 4 < last.start_seconds < len(pcm) / 32_000


def test_partial_of_a_second_part_begins_with_the_first(vosk_recognizer, speech):
    stream = vosk_recognizer.stream(20)
    stream.accept(AudioChunk(speech["spine-cracks"].pcm + bytes(2 * 32_000)))
    partial = stream.accept(speech["decompress"])
    stream.close()
    assert partial.startswith("is it bad if your spine cracks does laying")


def test_joins_are_ranked_by_both_parts():
    def result(*found):
        return json.dumps({"alternatives": [{"text": t, "confidence": c} for t, c in found]})

    parts = [
        vosk._hypotheses(result(("a", 100.0), ("b", 99.9))),
        vosk._hypotheses(result(("c", 50.0), ("d", 45.0))),
    ]
    joined = vosk._join(parts)
    assert [hypothesis.text for hypothesis in joined] == ["a c", "b c", "a d", "b d"]
    assert sum(hypothesis.confidence for hypothesis in joined) == pytest.approx(1, abs=0.01)


def test_repeated_texts_are_one_hypothesis():
    found = json.dumps(
        {"alternatives": [{"text": "a", "confidence": 3}, {"text": "a", "confidence": 2}]}
    )
    assert [hypothesis.text for hypothesis in vosk._hypotheses(found)] == ["a"]


def test_word_confidence_is_the_share_that_agrees():
    def word(text, start):
        return {"word": text, "start": start, "end": start + 0.3}

    found = json.dumps(
        {
            "alternatives": [
                {"text": "my back", "confidence": 10.0, "result": [word("my", 0), word("back", 1)]},
                {"text": "my bag", "confidence": 10.0, "result": [word("my", 0), word("bag", 1)]},
            ]
        }
    )
    words = vosk._hypotheses(found)[0].words
    assert [each.confidence for each in words] == [1.0, 0.5]


def test_no_more_streams_than_there_are_slots(vosk_tiny, monkeypatch, speech):
    monkeypatch.setattr(vosk, "_MOST_STREAMS", 1)
    recognizer = vosk.VoskRecognizer(vosk_tiny)
    stream = recognizer.stream(20)
    with pytest.raises(BusyError):
        recognizer.stream(0.05)
    stream.close()
    assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_a_hanging_call_is_abandoned_and_its_thread_lost_until_it_returns(hanging_vosk, speech):
    recognizer, event = hanging_vosk
    assert recognizer.ready()
    started = time.monotonic()
    with pytest.raises(DeadlineError):
        recognize(recognizer, speech["stop"], deadline_seconds=0.3)
    assert time.monotonic() - started < 5
    assert not recognizer.ready()
    with pytest.raises(BusyError):
        recognize(recognizer, speech["stop"], deadline_seconds=20)
    event.set()
    end = time.monotonic() + 10
    while not recognizer.ready() and time.monotonic() < end:
        time.sleep(0.01)
    assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_who_leaves_is_not_heard_to_the_end(hanging_vosk, speech):
    recognizer, event = hanging_vosk
    caller = Caller("a")
    threading.Timer(0.1, caller.leave).start()
    threading.Timer(0.2, event.set).start()
    with as_caller(caller), pytest.raises(ClientGoneError):
        recognize(recognizer, speech["spine-cracks"], deadline_seconds=20)
