"""One family of errors: each has a machine `code`, a human message and an HTTP status.

VoiceError
 +- SetupError       something on this machine is missing or wrong (settings, models, files)
 +- InputError       what the caller gave cannot be used
 |   +- AudioError   ... as audio
 |   +- FaqError     ... as an FAQ file; carries the faults with their places
 +- BusyError        no capacity now; try again later
 +- DeadlineError    it took too long
 +- ClientGoneError  whoever asked has left
 +- EngineError      a recognizer, synthesizer or decoder failed
"""

from __future__ import annotations

from collections.abc import Sequence


class VoiceError(Exception):
    """Base of all errors that a user may see, as one clear line."""

    code = "error"
    http_status = 500

    def __init__(
        self, message: str, *, code: str | None = None, http_status: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        if http_status is not None:
            self.http_status = http_status


class SetupError(VoiceError):
    """Something on this machine is missing or wrong; the message says how to mend it."""

    code = "setup"
    http_status = 503


class InputError(VoiceError):
    """What the caller gave cannot be used."""

    code = "bad_request"
    http_status = 400


class AudioError(InputError):
    """What was given is not audio that can be used."""

    code = "bad_audio"
    http_status = 415


class FaqError(InputError):
    """An FAQ file has faults; `faults` holds one line each, with file, line and field."""

    code = "bad_faq"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class BusyError(VoiceError):
    """There is no capacity now; the caller may try again."""

    code = "busy"
    http_status = 503


class DeadlineError(VoiceError):
    """It took longer than its deadline."""

    code = "deadline"
    http_status = 503


class ClientGoneError(VoiceError):
    """Whoever asked has left: what is still to do for them is dropped."""

    code = "client_gone"
    http_status = 499  # which no one receives; the log shows it

    def __init__(self) -> None:
        super().__init__("nobody waits for the answer any more")


class EngineError(VoiceError):
    """A recognizer, synthesizer or decoder failed."""

    code = "engine"
    http_status = 503
