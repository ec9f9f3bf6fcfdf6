"""What the adapter says when something went wrong, and when there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voice.faq.locate import faq_path
from voice.faq.readers import read_faq
from voice.phrases import load_phrases
from voice.platforms.alexa import Alexa, create
from voice.platforms.alexa.parse import AlexaCall
from voice.platforms.protocol import PlatformContext
from voice.settings import Settings
from voice.simulate.alexa_strict import accepted, accepted_end
from voice.types import Turn


@pytest.fixture
def alexa(make_settings: Callable[..., Settings]) -> Alexa:
    settings = make_settings(alexa_skill_ids="amzn1.ask.skill.mine")
    return create(PlatformContext(settings, read_faq(faq_path(settings)), load_phrases("en")))


@pytest.mark.parametrize("phrase", ["error", "try_again"])
def test_what_went_wrong_is_said_once_and_the_conversation_goes_on(
    alexa: Alexa, phrase: str
) -> None:
    call = AlexaCall(Turn("a", conversation="kept"))
    taken = accepted(alexa.sorry(call, phrase).body)
    say = load_phrases("en").say
    assert taken.speech.startswith(say[phrase])
    assert taken.speech.count("lease try again") == 1
    assert (taken.ends, taken.attributes) == (False, {"conversation": "kept"})


def test_sorry_without_a_call(alexa: Alexa) -> None:
    assert not accepted(alexa.sorry(None, "error").body).ends


def test_a_call_without_a_turn_is_told_nothing(alexa: Alexa) -> None:
    accepted_end(alexa.render(AlexaCall(None), None).body)
