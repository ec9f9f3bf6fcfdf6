"""Home Assistant, over the Wyoming protocol: speech-to-text, text-to-speech, conversation agent."""

from __future__ import annotations

from voice.platforms.wyoming.listener import create

__all__ = ["create"]
