from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from voice.faq import Contact, Faq, FaqEntry
from voice.faq.build import build_faq
from voice.faq.readers.yaml import YamlReader


def entry(**fields):
    return FaqEntry(**{"id": "a", "question": "Open?", "answer": "Yes.", **fields})


@pytest.mark.parametrize(
    "entry_id",
    ["a", "a b", "ä/ö?#%", "🦴" * 100, "../..", "'\"<&>", "٣", "null", "1", " x "],
)
def test_an_id_may_be_any_text(entry_id):
    assert entry(id=entry_id).id == entry_id


@pytest.mark.parametrize("entry_id", ["", "x" * 101, "a\nb", "a\x00", "\x85", "\x7f"])
def test_an_id_has_1_to_100_characters_and_no_control_character(entry_id):
    with pytest.raises(ValidationError):
        entry(id=entry_id)


def test_phrases_are_the_question_and_the_variants_once():
    phrases = entry(variants=["are you open", "Are  you open ", "OPEN?", "open now"]).phrases

    assert phrases == ("Open?", "are you open", "open now")


@pytest.mark.parametrize(
    ("since", "until", "day", "expected"),
    [
        (None, None, "2026-01-01", True),
        ("2026-01-01", None, "2026-01-01", True),
        ("2026-01-02", None, "2026-01-01", False),
        (None, "2026-01-01", "2026-01-01", True),
        (None, "2025-12-31", "2026-01-01", False),
    ],
)
def test_an_entry_counts_from_its_first_to_its_last_day(since, until, day, expected):
    dated = entry(**{"from": since, "until": until})

    assert dated.is_valid_on(date.fromisoformat(day)) is expected


def test_an_entry_without_id_gets_one_in_its_faq():
    faq = Faq.model_validate(
        {"title": "T", "locale": "en", "entries": [{"question": "Are you open?", "answer": "Yes."}]}
    )

    assert faq.entries[0].id == "are-you-open"
    assert faq.entry("are-you-open") is faq.entries[0]
    assert faq.entry("other") is None


@pytest.mark.parametrize("locale", ["", "e", "en_US", "en-", "../en", "en US", "de\n"])
def test_a_locale_is_a_language_tag(locale):
    with pytest.raises(ValidationError):
        Faq(title="T", locale=locale, entries=(entry(),))


def test_long_text_is_refused():
    assert entry(answer="x" * 20_000)
    with pytest.raises(ValidationError):
        entry(answer="x" * 20_001)
    with pytest.raises(ValidationError):
        entry(question="x" * 501)


# --- a file made from an FAQ reads as that FAQ ---------------------------------------------------

# Letters, digits and what YAML finds hard: quotes, colons, hashes, line ends, words it knows.
AWKWARD = [
    "'",
    '"',
    ": ",
    " # ",
    "- ",
    "\n",
    "null",
    "yes",
    "1984",
    "~",
    "&a",
    "*a",
    "%",
    "|",
    "é",
    "🦴",
]
texts = st.lists(st.sampled_from([*AWKWARD, "word", "two words", "007"]), max_size=6).map(
    lambda parts: "".join(["w", *parts])
)
labels = st.one_of(
    texts, st.sampled_from(["null", "1984", "true", "1.0", "2026-01-01", "<<", "=", "~x"])
)
platforms = st.dictionaries(
    st.sampled_from(["alexa", "twilio"]),
    st.dictionaries(
        st.text("abc_", min_size=1),
        st.one_of(labels, st.booleans(), st.integers(-9999, 9999), st.lists(labels, max_size=2)),
        max_size=3,
    ),
)


@st.composite
def entries_of(draw, number):
    """Draw entry `number`; its wordings begin so that no other entry has them."""
    own = "number " * (number + 1)
    return FaqEntry.model_validate(
        {
            "id": f"{number}{draw(labels)}".replace("\n", " "),
            "question": own + draw(texts),
            "variants": [own + draw(texts) for _ in range(draw(st.integers(0, 3)))],
            "answer": draw(labels.filter(lambda text: text[0] not in "<=")),
            "more": draw(st.one_of(st.none(), texts)),
            "hear_as": draw(st.lists(texts, max_size=2)),
            "urgent": draw(st.booleans()),
            "from": draw(st.one_of(st.none(), st.dates())),
        }
    )


@st.composite
def faqs(draw):
    phone = draw(st.one_of(st.none(), st.sampled_from(["112", "+49 30 1", "0800"])))
    return Faq(
        title=draw(texts),
        locale=draw(st.sampled_from(["en", "de-CH", "zh-Hant-TW"])),
        contact=draw(st.one_of(st.none(), st.builds(Contact, say=texts, phone=st.just(phone)))),
        caution=draw(st.sampled_from(["low", "normal", "high"])),
        platforms=draw(platforms),
        entries=tuple(draw(entries_of(number)) for number in range(draw(st.integers(1, 3)))),
    )


@settings(max_examples=40, deadline=None)
@given(faqs())
def test_a_file_made_from_an_faq_reads_as_that_faq(faq):
    data = faq.model_dump(mode="json", by_alias=True, exclude_none=True)
    text = StringIO()
    YAML(typ="safe", pure=True).dump(data, text)

    assert build_faq(YamlReader().read(text.getvalue(), "faq"), "faq.yaml") == faq
