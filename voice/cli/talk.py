"""`voice listen` at the microphone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice.cli.keyboard import TerminalKeys
from voice.cli.replies import Printer, code_of
from voice.cli.screen import open_screen
from voice.cli.session import advise, opened
from voice.errors import InputError

if TYPE_CHECKING:
    from voice.settings import Settings


def talk(
    settings: Settings, printer: Printer, *, speaks: bool | None, once: bool, push_to_talk: bool
) -> int:
    """Talk until Ctrl-C, or for one question, whose exit code is returned.

    Raises InputError where a key is needed and there is no terminal, and SetupError without a
    microphone.
    """
    from voice.live.conversation import LiveConversation, LiveOptions

    options = LiveOptions(speaks=speaks, once=once, push_to_talk=push_to_talk)
    with TerminalKeys() as keys:
        if push_to_talk and not keys.works:
            raise InputError("--push-to-talk needs a terminal, for its space bar")
        with opened(settings, hearing=True, speaking=speaks) as assistant:
            advise(assistant, settings)
            assistant.warm()
            with open_screen(printer) as screen:
                conversation = LiveConversation(assistant, settings, options, screen, keys)
                return code_of(conversation.run())
