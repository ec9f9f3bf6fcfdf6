from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from voice.errors import BusyError, SetupError
from voice.settings import Settings
from voice.stt import open_recognizer, pocketsphinx, recognize
from voice.types import AudioChunk
from voice.worker import pool


@pytest.fixture(scope="module")
def own_recognizer(open_engine):
    recognizer = open_engine(stt="pocketsphinx", language_model="faq")
    yield recognizer
    recognizer.close()


def child(recognizer):
    return recognizer._pools["faq"]._workers[0].pid


def kill_child(recognizer):
    """Kill the child and wait until it is gone: on a busy machine that takes its time."""
    os.kill(child(recognizer), signal.SIGTERM)
    while child(recognizer) is not None:
        time.sleep(0.01)


def test_killed_child_is_replaced_and_the_clip_heard(own_recognizer, speech):
    kill_child(own_recognizer)
    assert recognize(own_recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_child_killed_while_it_decodes_is_tried_again(own_recognizer, speech):
    long = AudioChunk(speech["spine-cracks"].pcm * 6)
    threading.Timer(0.2, os.kill, (child(own_recognizer), signal.SIGTERM)).start()
    heard = recognize(own_recognizer, long, deadline_seconds=60)
    assert heard.text.startswith("is it bad if your spine cracks")


@pytest.fixture
def _soon_hung(monkeypatch):
    """Give up a first try early, so that a busy machine has time for the second."""
    for module in (pool, pocketsphinx):
        monkeypatch.setattr(module, "FIRST_SHARE", 0.1)


@pytest.mark.slow
@pytest.mark.usefixtures("_soon_hung")
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_hung_child_is_killed_and_the_clip_heard_in_time(own_recognizer, speech):
    hung = child(own_recognizer)
    os.kill(hung, signal.SIGSTOP)
    assert recognize(own_recognizer, speech["stop"], deadline_seconds=40).text == "stop"
    assert child(own_recognizer) != hung
    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)


@pytest.mark.slow
@pytest.mark.usefixtures("_soon_hung")
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_child_that_hangs_between_chunks_loses_nothing(own_recognizer, speech):
    pcm = speech["spine-cracks"].pcm
    stream = own_recognizer.stream(40)
    for start in range(0, len(pcm), 16_000):
        if start == 32_000:
            os.kill(child(own_recognizer), signal.SIGSTOP)
        stream.accept(AudioChunk(pcm[start : start + 16_000]))
    heard = stream.finish().text
    stream.close()
    assert heard == "is it bad if your spine cracks"


def test_child_killed_between_chunks_loses_nothing(own_recognizer, speech):
    pcm = speech["spine-cracks"].pcm
    stream = own_recognizer.stream(20)
    for start in range(0, len(pcm), 16_000):
        if start == 32_000:
            kill_child(own_recognizer)
        partial = stream.accept(AudioChunk(pcm[start : start + 16_000]))
    heard = stream.finish().text
    stream.close()
    assert partial
    assert heard == "is it bad if your spine cracks"


@pytest.mark.slow
def test_open_ears_expect_no_faq_and_start_when_needed(own_recognizer, speech):
    assert own_recognizer._pools["open"]._workers[0].pid is None
    biased = recognize(own_recognizer, speech["decompress"], deadline_seconds=60).text
    openly = recognize(own_recognizer, speech["decompress"], deadline_seconds=60, model="open").text
    assert biased == "does laying down decompress your spine"
    assert "your spine" in openly
    assert openly != biased  # "to compress": common English has no "decompress"


def test_one_decoder_serves_one_utterance_at_a_time(own_recognizer, speech):
    stream = own_recognizer.stream(20)
    with pytest.raises(BusyError):
        own_recognizer.stream(0.05)
    threading.Timer(0.2, stream.close).start()
    assert recognize(own_recognizer, speech["stop"], deadline_seconds=20).text == "stop"


def test_closing_ends_the_children(open_engine):
    recognizer = open_engine(stt="pocketsphinx", language_model="faq")
    pid = child(recognizer)
    recognizer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.slow
def test_second_start_makes_no_file_again(tmp_path, phrases):
    def start() -> dict:
        settings = Settings(home=tmp_path, stt="pocketsphinx")
        open_recognizer(settings, "en-US", lambda: phrases).close()
        files = (settings.cache_folder / "hearing").rglob("*")
        return {path: path.stat().st_mtime_ns for path in files if path.is_file()}

    made = start()
    assert made
    assert start() == made


@pytest.mark.slow
def test_cache_that_cannot_be_written_is_gone_without(tmp_path, phrases, speech, caplog):
    (tmp_path / "cache").write_text("a file where the folder should be")
    settings = Settings(home=tmp_path, cache=tmp_path / "cache", stt="pocketsphinx")
    recognizer = open_recognizer(
        settings.model_copy(update={"language_model": "faq"}), "en-US", lambda: phrases
    )
    assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"
    recognizer.close()
    assert "the cache for hearing cannot be used" in caplog.text


def test_faq_without_english_letters_is_one_line(tmp_path):
    settings = Settings(home=tmp_path, stt="pocketsphinx", language_model="faq")
    with pytest.raises(SetupError, match="no wording in English letters"):
        open_recognizer(settings, "en-US", lambda: ["你好", "!!"])


@pytest.mark.slow
def test_mix_hears_the_faq_too(open_engine, speech):
    recognizer = open_engine(stt="pocketsphinx", language_model="mix")
    heard = recognize(recognizer, speech["decompress"], deadline_seconds=60)
    recognizer.close()
    assert heard.text == "does laying down decompress your spine"


@pytest.mark.slow
def test_damaged_files_in_the_cache_are_made_again(open_engine, speech, tmp_path):
    cache = tmp_path / "cache"
    open_engine(stt="pocketsphinx", language_model="faq", cache=cache).close()
    (model,) = cache.rglob("language-model.bin")
    model.write_bytes(model.read_bytes()[:100])
    recognizer = open_engine(stt="pocketsphinx", language_model="faq", cache=cache)
    try:
        assert recognize(recognizer, speech["stop"], deadline_seconds=20).text == "stop"
    finally:
        recognizer.close()
