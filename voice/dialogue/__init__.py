"""What is said to a turn: an answer, a question back, or the honest "I don't know"."""

from voice.dialogue.dialogue import Dialogue
from voice.dialogue.entries import MAX_CHOICES

__all__ = ["MAX_CHOICES", "Dialogue"]
