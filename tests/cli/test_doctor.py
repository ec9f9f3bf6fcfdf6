from __future__ import annotations

import json

import pytest

# What is not switched off must work wherever the tests run.
SPOKEN = ("speaking", "decoder", "recognizer", "hearing")


@pytest.fixture(scope="module")
def checks(voice, vosk_tiny):
    """Return what the doctor finds here, as JSON, with everything really tried."""
    done = voice(
        "doctor",
        "--json",
        VOICE_TTS="auto",
        VOICE_STT="vosk",
        VOICE_VOSK_MODEL=str(vosk_tiny),
        VOICE_PORT="0",
    )
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_everything_is_really_tried(checks):
    assert {tuple(check) for check in checks} == {("name", "state", "detail", "mend")}
    found = {check["name"]: check for check in checks}
    for name in SPOKEN:
        assert found[name]["state"] == "ok", found[name]
    assert "vosk" in found["recognizer"]["detail"]
    assert "answered in" in found["answering"]["detail"]


def test_a_broken_faq_is_a_no(here, home):
    (home / "broken.yaml").write_text("version: 1\n")
    done = here("doctor", "--faq", "broken.yaml")
    assert (done.code, done.err) == (1, "")
    assert "\nfail  FAQ" in done.out
    assert "-> see `voice faq check broken.yaml`" in done.out
