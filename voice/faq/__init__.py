"""The owner's FAQ: entry model, readers (one file per format), lint."""

from voice.faq.model import Case, Contact, Faq, FaqEntry

__all__ = ["Case", "Contact", "Faq", "FaqEntry"]
