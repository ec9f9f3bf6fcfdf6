import pytest

from voice.matching.decision import Found, MatchOptions, decide

OPTIONS = MatchOptions(0.6, 0.1)


def found(*scores, **fields):
    """Return entries 0, 1, ... with these scores; fields belong to the last."""
    plain = [Found(number, score, "", "") for number, score in enumerate(scores[:-1])]
    return [*plain, Found(len(plain), scores[-1], "", "", **fields)] if scores else []


@pytest.mark.parametrize(
    ("entries", "status", "chosen"),
    [
        (found(), "unknown", []),
        (found(0.6), "answer", [0]),
        (found(0.9, 0.5), "answer", [0, 1]),
        (found(0.9, 0.81), "clarify", [0, 1]),
        (found(0.9, 0.79), "answer", [0, 1]),
        (found(0.65, 0.58), "clarify", [0, 1]),
        (found(0.9, 0.88, 0.86, 0.84), "clarify", [0, 1, 2]),
        (found(0.59), "clarify", [0]),
        (found(0.45), "clarify", [0]),
        (found(0.44), "unknown", [0]),
        (found(0.59, 0.5, 0.44), "clarify", [0, 1]),
        (found(0.59, 0.48), "clarify", [0]),
        (found(0.9, 0.89, exact=True), "answer", [1, 0]),
        (found(0.2, exact=True), "answer", [0]),
        (found(0.9, 0.62, urgent=True), "answer", [1, 0]),
        (found(0.9, 0.59, urgent=True), "answer", [0, 1]),
        (found(0.65, 0.59, urgent=True), "answer", [0, 1]),
        (found(0.59, urgent=True), "unknown", [0]),
        (found(0.9, lone=True), "clarify", [0]),
        (found(0.9, lone=True, exact=True), "answer", [0]),
    ],
)
def test_decisions(entries, status, chosen):
    decision = decide(entries, OPTIONS)
    assert (decision.status, [each.entry for each in decision.found]) == (status, chosen)
    assert decision.reason


def test_two_exact_wordings_are_asked_about():
    both = [Found(0, 1.0, "", "", exact=True), Found(1, 1.0, "", "", exact=True)]
    decision = decide([*both, Found(2, 0.9, "", "")], OPTIONS)
    assert (decision.status, decision.found) == ("clarify", both)


def test_an_urgent_entry_is_not_answered_by_a_lone_word():
    lone = Found(0, 0.8, "", "", urgent=True, lone=True)
    decision = decide([lone, Found(1, 0.7, "", "")], OPTIONS)
    assert (decision.status, decision.found[0].entry) == ("answer", 1)


def test_no_more_than_three_are_asked_about():
    exact = [Found(number, 1.0, "", "", exact=True) for number in range(5)]
    assert len(decide(exact, OPTIONS).found) == 3
    assert len(decide([Found(number, 0.9, "", "") for number in range(5)], OPTIONS).found) == 3


def test_equal_scores_are_a_tie_without_any_margin():
    assert decide(found(0.9, 0.9), MatchOptions(0.6, 0.0)).status == "clarify"
    assert decide(found(0.9, 0.899), MatchOptions(0.6, 0.0)).status == "answer"


def test_everything_is_answered_at_a_limit_of_nothing():
    assert decide(found(0.01), MatchOptions(0.0, 0.0)).status == "answer"


def test_the_defaults_are_those_of_the_settings(settings):
    assert MatchOptions() == MatchOptions(settings.min_score, settings.min_margin)
