from __future__ import annotations

import pytest

from voice.fair_queue import FairQueue


def filled(items: str) -> FairQueue[str]:
    """Return a queue of items as "a1 a2 b1", named by their caller."""
    queue: FairQueue[str] = FairQueue()
    for item in items.split():
        queue.put(item[0], item)
    return queue


def drained(queue: FairQueue[str]) -> str:
    return " ".join(queue.pop() for _ in range(len(queue)))


@pytest.mark.parametrize(
    ("put", "popped"),
    [
        ("", ""),
        ("a1 a2 a3", "a1 a2 a3"),
        ("a1 a2 a3 b1", "a1 b1 a2 a3"),
        ("a1 a2 a3 b1 c1 b2", "a1 b1 c1 a2 b2 a3"),
    ],
)
def test_callers_take_turns_and_each_keeps_its_order(put: str, popped: str) -> None:
    queue = filled(put)
    assert len(queue) == len(put.split())
    assert drained(queue) == popped
    assert len(queue) == 0


def test_who_was_served_goes_behind_those_who_wait() -> None:
    queue = filled("a1 a2 b1")
    assert queue.pop() == "a1"
    queue.put("c", "c1")
    assert drained(queue) == "b1 a2 c1"


def test_who_asks_again_gains_nothing() -> None:
    queue = filled("a1 b1 c1")
    assert queue.pop() == "a1"
    queue.put("a", "a2")
    assert drained(queue) == "b1 c1 a2"


def test_nothing_is_popped_of_an_empty_queue() -> None:
    with pytest.raises(IndexError):
        FairQueue[str]().pop()


def test_removed_items_are_not_popped() -> None:
    queue = filled("a1 a2 b1")
    queue.remove("a", "a1")
    queue.remove("b", "b1")
    assert drained(queue) == "a2"


def test_only_what_is_there_can_be_removed() -> None:
    queue = filled("a1")
    with pytest.raises(KeyError):
        queue.remove("b", "b1")
    with pytest.raises(ValueError, match="a2"):
        queue.remove("a", "a2")


@pytest.mark.parametrize(
    ("waiting", "caller", "displaced"),
    [
        ("a1 a2 b1", "c", "a2"),
        ("a1 a2 a3 b1", "b", "a3"),
        ("a1 a2 b1", "b", None),  # it would have as many as it takes from
        ("a1 b1", "c", None),
        ("a1 a2 a3", "a", None),
        ("", "a", None),
    ],
)
def test_room_is_made_by_who_has_most(waiting: str, caller: str, displaced: str | None) -> None:
    queue = filled(waiting)
    assert queue.make_room(caller) == displaced
    assert displaced not in drained(queue).split()
