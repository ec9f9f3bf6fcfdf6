"""From what was said to the entry that answers it, or to none."""
