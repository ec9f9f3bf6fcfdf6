"""An offline voice FAQ server: one FAQ file, asked by voice or text, answered aloud."""

__version__ = "0.1.0"
