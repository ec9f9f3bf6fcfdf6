"""What holds for every engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from voice.caller import Caller, as_caller
from voice.errors import AudioError, BusyError, ClientGoneError, DeadlineError
from voice.stt import recognize
from voice.types import AudioChunk

SAID = {
    "spine-cracks": "is it bad if your spine cracks",
    "decompress": "does laying down decompress your spine",
    "stop": "stop",
}
SECOND = bytes(32_000)


@pytest.mark.parametrize("name", SAID)
def test_clean_speech_is_heard_word_for_word(recognizer, speech, name):
    heard = recognize(recognizer, speech[name], deadline_seconds=20)
    assert heard.text == SAID[name]
    assert heard.hypotheses[0].text == heard.text
    assert heard.engine == recognizer.name
    assert heard.audio_seconds == pytest.approx(speech[name].seconds, abs=0.001)


def test_words_have_times_in_order_and_confidence(recognizer, speech):
    chunk = speech["spine-cracks"]
    best = recognize(recognizer, chunk, deadline_seconds=20).hypotheses[0]
    assert [word.text for word in best.words] == best.text.split()
    times = [time for word in best.words for time in (word.start_seconds, word.end_seconds)]
    assert times == sorted(times)
    assert 0.2 < times[0] < times[-1] < chunk.seconds
    assert all(0 < word.confidence <= 1 for word in best.words)
    assert 0 < best.confidence <= 1


def test_n_best_has_no_repeats_and_is_short(recognizer, speech):
    hypotheses = recognize(recognizer, speech["decompress"], deadline_seconds=20).hypotheses
    texts = [hypothesis.text for hypothesis in hypotheses]
    assert len(texts) == len(set(texts))
    assert 1 <= len(texts) <= 5  # a sure utterance has one
    assert all(texts)


def test_order_of_clips_changes_no_text(recognizer, speech):
    names = [*speech, *reversed(speech)]
    heard = [(name, recognize(recognizer, speech[name], deadline_seconds=20)) for name in names]
    assert len({(name, transcript) for name, transcript in heard}) == len(speech)


def test_threads_hear_what_one_alone_hears(recognizer, speech):
    def hear(name):
        return recognize(recognizer, speech[name], deadline_seconds=60)

    alone = {name: hear(name) for name in speech}
    names = list(speech) * 2
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(hear, names)) == [alone[name] for name in names]


@pytest.mark.parametrize("pcm", [b"", b"\0", bytes(1600), SECOND * 2], ids=len)
def test_no_speech_gives_an_empty_transcript(recognizer, pcm):
    heard = recognize(recognizer, AudioChunk(pcm), deadline_seconds=20)
    assert heard.text == ""
    assert heard.hypotheses == ()


def test_odd_byte_at_the_end_is_dropped(recognizer, speech):
    chunk = AudioChunk(speech["stop"].pcm + b"\x7f")
    assert recognize(recognizer, chunk, deadline_seconds=20).text == "stop"


def test_partials_grow_and_the_transcript_is_that_of_the_whole_clip(recognizer, speech):
    chunk = speech["spine-cracks"]
    stream = recognizer.stream(20)
    partials = [
        stream.accept(AudioChunk(chunk.pcm[start : start + 3200]))
        for start in range(0, len(chunk.pcm), 3200)
    ]
    heard = stream.finish()
    stream.close()
    assert partials[0] == ""
    assert len(partials[-1].split()) >= 4
    assert heard.text == SAID["spine-cracks"]


def test_length_before_silence_was_cut_is_told(recognizer, speech):
    heard = recognize(recognizer, speech["stop"], deadline_seconds=20, audio_seconds=7.5)
    assert heard.audio_seconds == 7.5


def test_another_rate_is_refused(recognizer, speech):
    with pytest.raises(AudioError, match="16000 Hz, this audio has 8000"):
        recognize(recognizer, AudioChunk(speech["stop"].pcm, 8000), deadline_seconds=20)


def test_deadline_ends_an_utterance_and_the_next_one_is_heard(recognizer, speech):
    with pytest.raises(DeadlineError):
        recognize(recognizer, AudioChunk(speech["spine-cracks"].pcm * 8), deadline_seconds=0.02)
    assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_no_time_left_is_told_at_once(recognizer, speech):
    with pytest.raises((BusyError, DeadlineError)):
        recognize(recognizer, speech["stop"], deadline_seconds=-1)
    assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_who_left_is_not_heard(recognizer, speech):
    caller = Caller("a")
    caller.leave()
    with as_caller(caller), pytest.raises(ClientGoneError):
        recognize(recognizer, speech["stop"], deadline_seconds=20)


def test_closing_twice_and_unfinished_is_fine(recognizer, speech):
    stream = recognizer.stream(20)
    stream.accept(speech["stop"])
    stream.close()
    stream.close()
    assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_a_recognizer_may_be_closed_twice(open_engine, vosk_tiny):
    for settings in ({"stt": "vosk", "vosk_model": vosk_tiny}, {"stt": "pocketsphinx"}):
        recognizer = open_engine(**settings)
        recognizer.close()
        recognizer.close()
