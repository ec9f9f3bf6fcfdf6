import pytest

from voice.matching.matcher import Matcher
from voice.types import Turn

LANGUAGES = {
    "de": {
        "knacken": ["Warum knackt mein Rücken, wenn ich mich nach hinten beuge?"],
        "schlimm": ["Ist es schlimm, wenn die Wirbelsäule knackt?"],
        "kosten": ["Was kostet eine Massage für 30 Minuten?"],
    },
    "hi": {
        "chatak": ["मेरी पीठ क्यों चटकती है?"],
        "bura": ["क्या रीढ़ की हड्डी का चटकना बुरा है?"],
        "dard": ["पीठ दर्द में क्या करना चाहिए?"],
    },
    "ja": {
        "naru": ["背中を反らすと鳴るのはなぜですか?"],
        "warui": ["背骨が鳴るのは悪いことですか?"],
        "jikan": ["営業時間は何時からですか?"],
    },
    "th": {"lang": ["ทำไมหลังของฉันถึงลั่น"], "price": ["นวดราคาเท่าไหร่"]},
    "ar": {"zahr": ["لماذا يطقطق ظهري؟"], "waqt": ["ما هي ساعات العمل؟"]},
    "el": {"plati": ["Γιατί τρίζει η πλάτη μου;"], "ora": ["Τι ώρα ανοίγετε;"]},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_languages_answer_their_own_wording(make_faq, language):
    faq = make_faq(LANGUAGES[language], language)
    matcher = Matcher(faq)
    for entry in faq.entries:
        for text in (entry.question, entry.question.upper(), entry.question.strip("?؟;")):
            match = matcher.match(Turn(text))
            assert (match.status, match.candidates[0].entry_id) == ("answer", entry.id)
    assert matcher.match(Turn("what is the weather like")).status == "unknown"


@pytest.mark.parametrize(
    ("language", "say", "entry"),
    [
        ("de", "warum knackt der rucken wenn ich mich zurückbeuge nach hinten", "knacken"),
        ("de", "ist es schlimm wenn meine wirbelsäule knackt", "schlimm"),
        ("hi", "मेरी पीठ चटकती क्यों है", "chatak"),
        ("ja", "背中 を 反らす と 鳴る の は なぜ", "naru"),
        ("ja", "営業時間は何時ですか", "jikan"),
    ],
)
def test_other_languages_answer_other_wordings(make_faq, language, say, entry):
    match = Matcher(make_faq(LANGUAGES[language], language)).match(Turn(say))
    assert (match.status, match.candidates[0].entry_id) == ("answer", entry)
