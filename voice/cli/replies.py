"""Print replies and say them aloud; what `ask`, `listen` and `chat` share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice.cli.exits import DONE, NO, complain
from voice.cli.output import for_people, put, put_json, put_table, readable

if TYPE_CHECKING:
    from voice.assistant import Assistant
    from voice.errors import VoiceError
    from voice.types import Reply

# Outcomes of a single question that are a "no" for scripts.
REFUSALS = frozenset({"clarify", "unknown", "no_input"})


@dataclass(frozen=True)
class Printer:
    """Print what comes of each question: as JSON, or in words.

    In a `batch` each takes exactly one line, whatever comes of it, unless it is to be explained.
    """

    as_json: bool = False
    explain: bool = False
    batch: bool = False

    def reply(self, reply: Reply, file: Path | None = None) -> None:
        """Print a reply, and which audio file it is for."""
        if self.as_json:
            put_json({**_name(file), **reply.as_dict()})
            return
        if reply.transcript and for_people():
            put(f"(heard: {flat(reply.transcript.text)})")
        name = f"{readable(str(file))}: " if self.batch and file else ""
        put(name + flat(reply.speech))
        if not self.batch:
            _put_choices(reply)
        if self.explain and reply.explain:
            _put_explanation(reply.explain)

    def error(self, error: VoiceError, file: Path | None = None) -> None:
        """Print that a question could not be taken, in the place of its reply."""
        if self.as_json:
            body = {"code": error.code, "message": error.message}
            put_json({**_name(file), "error": body})
            return
        name = f"{readable(str(file))}: " if file else ""
        if self.batch:
            put(f"{name}error: {flat(error.message)}")
        else:
            complain(name + error.message)


def code_of(reply: Reply) -> int:
    """Return the exit code of a single question."""
    return NO if reply.status in REFUSALS else DONE


def flat(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def say_reply(assistant: Assistant, reply: Reply, loudspeaker: str | None) -> None:
    """Say a reply, its first sentence at once; raises SetupError where there is no loudspeaker."""
    from voice.audio.player import play

    play((speech.wav for speech in assistant.speak_sentences(reply)), loudspeaker)


def _put_choices(reply: Reply) -> None:
    from voice.dialogue import MAX_CHOICES

    if reply.status == "clarify" and reply.candidates[1:]:
        for number, candidate in enumerate(reply.candidates[:MAX_CHOICES], start=1):
            put(f"  {number}. {flat(candidate.question)}")


def _name(file: Path | None) -> dict[str, Any]:
    return {"file": readable(str(file))} if file else {}


def _put_explanation(told: Mapping[str, Any]) -> None:
    """Print why it was decided so, then how each candidate scored, signal by signal."""
    limits = [f"{name} {told[name]}" for name in ("min_score", "min_margin") if name in told]
    put(f"because: {', '.join([str(told.get('reason', '-')), *limits])}")
    rows = [
        (
            candidate["entry_id"],
            f"{candidate['score']:.3f}",
            ", ".join(f"{name} {score:.2f}" for name, score in candidate["signals"].items()),
            candidate["phrase"],
        )
        for candidate in told.get("candidates", ())
    ]
    if rows:
        put_table(("entry", "score", "signals", "wording"), rows)
