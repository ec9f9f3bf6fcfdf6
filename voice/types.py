"""The small frozen values that the stages of one utterance hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

SAMPLE_RATE_HZ: Final = 16_000  # what every recognizer and the speech detector work at
MAX_QUESTION_CHARS: Final = 20_000  # of typed or recognized text, on every surface
BYTES_PER_SAMPLE: Final = 2  # 16-bit signed, little endian, one channel

Status = Literal["answer", "clarify", "unknown", "no_input", "command"]
# What a recognizer expects to hear: anything ("open") or the FAQ's wording ("faq").
HearingModel = Literal["open", "faq"]


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in, as far as the dialogue must know it."""

    name: str
    page_chars: int | None = None  # the most that is said in one turn; None: all of it
    keeps_open: bool = False  # after an answer the caller is asked whether there is more


SPOKEN_PAGE_CHARS: Final = 600  # about 40 s of speech
TEXT_CHANNEL: Final = Channel("text")
MICROPHONE_CHANNEL: Final = Channel("microphone", page_chars=SPOKEN_PAGE_CHARS)


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """PCM handed over together: 16-bit signed little endian, one channel."""

    pcm: bytes
    rate_hz: int = SAMPLE_RATE_HZ

    @property
    def samples(self) -> int:
        """Return the number of samples."""
        return len(self.pcm) // BYTES_PER_SAMPLE

    @property
    def seconds(self) -> float:
        """Return the duration in seconds."""
        return self.samples / self.rate_hz


@dataclass(frozen=True, slots=True)
class Word:
    """One recognized word; times in seconds of the audio that the recognizer was given."""

    text: str
    start_seconds: float
    end_seconds: float
    confidence: float | None = None  # the engine's own claim, never a probability


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One candidate text of a recognizer."""

    text: str
    confidence: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """A recognizer's final text for one utterance, with its n-best list, best first."""

    text: str
    hypotheses: tuple[Hypothesis, ...]
    engine: str
    audio_seconds: float  # of the whole audio given, before silence was cut


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of speech in a longer recording; all times are the recording's own."""

    start_seconds: float
    end_seconds: float
    text: str
    words: tuple[Word, ...] = ()
    confidence: float | None = None  # the engine's own claim, never a probability


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was said in a whole recording, in order; no segments when nothing was."""

    segments: tuple[Segment, ...]
    audio_seconds: float

    @property
    def text(self) -> str:
        """Return everything that was said."""
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Turn:
    """One user input with its context; one reply answers it."""

    text: str
    hypotheses: tuple[str, ...] = ()  # best first; empty for typed text
    transcript: Transcript | None = None
    spoken: bool = False  # heard, not typed; also when nothing was heard
    conversation: str | None = None  # the opaque token of the last reply
    locale: str | None = None
    channel: Channel = TEXT_CHANNEL
    # What a key or a platform's own intent means, instead of words: a name of phrases.COMMANDS or
    # phrases.CHOICES, or "start", which opens a conversation.
    command: str | None = None
    entry_id: str | None = None  # the entry that the platform itself found for the words

    @property
    def texts(self) -> tuple[str, ...]:
        """Return every text to match, best first, without repeats."""
        return tuple(dict.fromkeys((self.text, *self.hypotheses)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry that was considered, by its best phrase."""

    entry_id: str
    question: str
    score: float  # 0-1, higher is surer


@dataclass(frozen=True, slots=True)
class Match:
    """What the matcher decided: at most five candidates, best first."""

    status: Literal["answer", "clarify", "unknown"]
    candidates: tuple[Candidate, ...] = ()
    text: str = ""  # the normalized hypothesis that decided
    explain: Mapping[str, Any] | None = None

    @property
    def score(self) -> float:
        """Return the best candidate's score, 0 without one."""
        return self.candidates[0].score if self.candidates else 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The stored text of the entry that was matched."""

    entry_id: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Synthesized speech: a whole WAV file in memory."""

    wav: bytes
    seconds: float
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What is given back for a turn; the same object on every surface."""

    status: Status
    speech: str
    question: str = ""
    answer: Answer | None = None
    score: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    transcript: Transcript | None = None
    hypotheses: tuple[str, ...] = ()  # normalized, as matched, best first
    conversation: str = ""
    end_session: bool = False
    reprompt: str = ""  # what is said when the caller stays silent after `speech`
    rate_factor: float = 1.0  # how fast it is said, of the usual rate
    hand_off: bool = False  # a person is to take over, where the channel can connect to one
    offered: int = 0  # questions that "first", "second" and "third" choose among now
    elapsed_ms: Mapping[str, float] = field(default_factory=dict)
    explain: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the reply as the JSON object that every surface prints."""
        answer, transcript = self.answer, self.transcript
        body: dict[str, Any] = {
            "status": self.status,
            "question": self.question,
            "speech": self.speech,
            "answer": answer
            and {"entry_id": answer.entry_id, "question": answer.question, "text": answer.text},
            "score": round(self.score, 4),
            "candidates": [
                {"entry_id": c.entry_id, "question": c.question, "score": round(c.score, 4)}
                for c in self.candidates
            ],
            "transcript": transcript
            and {
                "text": transcript.text,
                "hypotheses": list(self.hypotheses),
                "engine": transcript.engine,
                "audio_seconds": round(transcript.audio_seconds, 3),
            },
            "conversation": self.conversation,
            "end_session": self.end_session,
            "elapsed_ms": {name: round(ms, 2) for name, ms in self.elapsed_ms.items()},
        }
        if self.explain is not None:
            body["explain"] = dict(self.explain)
        return body
