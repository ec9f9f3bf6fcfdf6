"""A server whose synthesizer takes its time: at a rate of 300 it takes three seconds."""

from __future__ import annotations

import logging
import sys
import time

from voice.assistant import Assistant, Parts
from voice.conversation import ConversationTokens
from voice.errors import VoiceError
from voice.faq.locate import faq_path
from voice.faq.readers import read_faq
from voice.matching.matcher import Matcher, MatchOptions
from voice.phrases import load_phrases
from voice.server.run import serve
from voice.settings import load_settings
from voice.tts.cached import CachedSynthesizer
from voice.tts.protocol import VoiceOptions
from voice.types import Speech

DEFAULT_RATE = VoiceOptions().rate


class SlowSynthesizer:
    name, version = "slow", "1"

    def synthesize(self, text: str, options: VoiceOptions, deadline_seconds: float) -> Speech:
        if options.rate != DEFAULT_RATE:
            time.sleep(options.rate / 100)
        return Speech(b"RIFF", 1.0)

    def voices(self) -> list:
        return []

    def close(self) -> None:
        pass


def main() -> int:
    settings = load_settings()
    logging.basicConfig(level=settings.log_level.upper())
    faq = read_faq(faq_path(settings))
    parts = Parts(
        faq=faq,
        phrases=load_phrases(faq.locale),
        matcher=Matcher(faq, MatchOptions(settings.min_score, settings.min_margin)),
        tokens=ConversationTokens(("key",)),
        synthesizer=CachedSynthesizer(SlowSynthesizer(), None, VoiceOptions()),
    )
    try:
        return serve(settings, Assistant(parts))
    except VoiceError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
