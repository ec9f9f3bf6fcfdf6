"""YAML, read event by event, so that every value keeps its line and nothing can blow up."""

from __future__ import annotations

import re
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from voice.faq.document import Document
from voice.faq.faults import Fault, known_keys
from voice.faq.readers.events import Builder, FormError

_KEY: Final = re.compile(r"^[\"']?(\w+)[\"']?\s*:", re.MULTILINE)
_HINTS: Final = {
    "mapping values are not allowed here": "text with a colon in it needs quotes",
    "found character '\\t' that cannot start any token": "indent with spaces, not tabs",
}


class YamlReader:
    """Reads the FAQ's own format."""

    suffixes: tuple[str, ...] = (".yaml", ".yml")

    def looks_like(self, text: str) -> bool:
        """Return whether a field of the file's top level begins a line."""
        known = set(known_keys(()))
        return any(found[1] in known for found in _KEY.finditer(text))

    def read(self, text: str, name: str) -> Document:
        """Return the values with their lines; of faults in the syntax only the first is known."""
        builder = Builder()
        try:
            data = builder.build(YAML(typ="safe", pure=True).parse(text))
        except FormError as error:
            fault = error.fault
        except YAMLError as error:
            fault = _explain(error, text)
        else:
            return Document(data, builder.lines, tuple(builder.faults))
        return Document(None, builder.lines, (*builder.faults, fault))


def _explain(error: YAMLError, text: str) -> Fault:
    position = getattr(error, "position", None)
    if position is not None:  # a character that YAML forbids
        code = ord(text[position])
        return Fault(f"character U+{code:04X} is not allowed", text.count("\n", 0, position) + 1)
    problem = getattr(error, "problem", None) or "cannot be read"
    mark = getattr(error, "problem_mark", None)
    start = getattr(error, "context_mark", None)
    message = f"not valid YAML: {problem}"
    if start is not None and mark is not None and start.line < mark.line:
        message += f" ({getattr(error, 'context', '')} that begins in line {start.line + 1})"
    if problem in _HINTS:
        message += f" ({_HINTS[problem]})"
    return Fault(message, mark.line + 1 if mark is not None else None)
