from __future__ import annotations

import json
from pathlib import Path

import pytest

from voice.stt.pronunciation import dictionary_lines, format_entry, phones
from voice.worker import Worker, WorkerOptions

WORDS = """
back spine crack joint doctor nurse hospital museum ticket appointment insurance medicine
parking opening breakfast delivery refund warranty password account invoice customer
emergency exercise muscle ligament tendon surgery pressure injury swelling physical
therapist normal dangerous question answer telephone weather schedule vegetarian allergy
"""


@pytest.mark.parametrize(
    ("ipa", "said"),
    [
        ("dˌiːkəmpɹˈɛs", "D IY K AH M P R EH S"),
        ("tʃˈɜːtʃ", "CH ER CH"),
        ("dʒˈʌdʒ", "JH AH JH"),
        ("mˈɛʒɚ", "M EH ZH ER"),
        ("naɪˈiːv", "N AY IY V"),
        ("bˈɔɪ", "B OY"),
        ("bˈʌʔn̩", "B AH T AH N"),
        ("wˈɔːɾɚ", "W AO T ER"),
        ("(fr)kˈæfeɪ(en)", "K AE F EY"),
        ("ˈaʊɚ", "AW ER"),
        ("§", ""),
        ("", ""),
    ],
)
def test_ipa_becomes_phones(ipa, said):
    assert phones(ipa) == said


def test_every_phone_is_one_of_the_model(pocketsphinx_dictionary):
    known = {phone for line in pocketsphinx_dictionary for phone in line.split()[1:]}
    from voice.stt.pronunciation import _PHONES

    assert {phone for said in _PHONES.values() for phone in said.split()} <= known


@pytest.fixture(scope="module")
def pocketsphinx_dictionary():
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    return path.read_text(encoding="utf-8").splitlines()


def test_entries_keep_all_their_pronunciations():
    lines = ["lead L EH D\n", "lead(2) L IY D\n", "leaded L EH D IH D\n", "read R EH D\n"]
    entries = dictionary_lines(lines, {"lead", "read", "unknown"})
    assert entries == {"lead": ["L EH D", "L IY D"], "read": ["R EH D"]}
    assert format_entry("lead", entries["lead"]) == "lead L EH D\nlead(2) L IY D\n"


def test_espeak_says_words_in_a_process_of_its_own(pocketsphinx_dictionary):
    """About one phone in ten differs from the dictionary's; more would be a broken table."""
    known = dictionary_lines(pocketsphinx_dictionary, set(WORDS.split()))
    worker = Worker(WorkerOptions("voice.stt.pronunciation_child:open_service"))
    try:
        payload = json.dumps(WORDS.split()).encode()
        answer = worker.call("say", payload=payload, deadline_seconds=20)[1]
    finally:
        worker.stop()
    from rapidfuzz.distance import Levenshtein

    wrong = total = 0
    for word, ipa in zip(WORDS.split(), json.loads(answer), strict=True):
        said = phones(ipa).split()
        wrong += min(Levenshtein.distance(said, way.split()) for way in known[word])
        total += len(known[word][0].split())
    assert wrong / total < 0.12
