from __future__ import annotations

import pytest

from voice.live.echo import is_echo

SAID = (
    "your back can crack because the facet joints move against each other in moderation it is "
    "fine to crack your back but stop when it hurts"
)
CASES = [
    # heard, seconds since, echo?
    ("fine to crack your back but stop when it hurts", 0.2, True),
    ("but stop when it hurts", 0.2, True),
    ("bad stop when it hearts", 1.0, True),
    ("but stop when it hurts", 5.0, False),
    ("is it bad if your spine cracks", 0.5, False),
    ("when are you open", 0.5, False),
    ("stop it", 0.1, False),
    ("the facet joints move", 0.5, False),  # not how it ended
]


@pytest.mark.parametrize(("heard", "seconds", "expected"), CASES)
def test_only_the_end_of_what_was_said_shortly_before_is_an_echo(heard, seconds, expected):
    assert is_echo(heard, SAID, seconds) is expected


def test_a_choice_is_no_echo_of_the_choices():
    said = "did you mean one of these first how much is a ticket second when are you open"
    assert not is_echo("the second one", said, 0.5)
    assert not is_echo("how much is a ticket please", said, 0.5)
    assert not is_echo("", "", 0.0)
