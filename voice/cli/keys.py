"""`voice keys`: the keys that callers must send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voice.cli.exits import DONE
from voice.cli.options import AsJson, examples
from voice.cli.output import put, put_json, put_table, tidy
from voice.cli.session import settings_from
from voice.errors import InputError

if TYPE_CHECKING:
    from voice.access import Scope

HELP = "Make, list and revoke the keys that callers must send."
ADD_EXAMPLES = examples("voice keys add phone", "voice keys add shop-window --scope ask")
LIST_EXAMPLES = examples("voice keys list", "voice keys list --json")
REVOKE_EXAMPLES = examples("voice keys revoke phone")
EXAMPLES = examples("voice keys add phone", "voice keys list", "voice keys revoke phone")

KeyName = Annotated[str, typer.Argument(metavar="NAME", help="What the key is called.")]


def add(
    name: KeyName,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="ask, speak or admin; may be repeated. Usual: ask and speak."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Make a key and print it, once: only its digest is kept.

    From the first key on, /ask, /listen, /speak and /v1 are closed to callers without one.
    """
    from voice.access import CALLER_SCOPES, KeyFile

    scopes = _scopes(scope) if scope else CALLER_SCOPES
    key = KeyFile(settings_from()).add(name, scopes)
    if as_json:
        put_json({"name": name, "key": key, "scopes": scopes})
    else:
        put(key)
    return DONE


def list_keys(as_json: AsJson = False) -> int:
    """List the keys; those of the setting api_keys are not among them."""
    from voice.access import KeyFile

    keys = KeyFile(settings_from()).read()
    if as_json:
        for key in keys:
            put_json({"name": key.name, "scopes": key.scopes, "created": key.created})
    elif not keys:
        put("there are no keys; `voice keys add NAME` makes one")
    else:
        rows = [(tidy(key.name), " ".join(key.scopes), key.created) for key in keys]
        put_table(("name", "scopes", "made on"), rows)
    return DONE


def revoke(name: KeyName, as_json: AsJson = False) -> int:
    """Revoke a key; a running server no longer takes it after a second."""
    from voice.access import KeyFile

    KeyFile(settings_from()).revoke(name)
    if as_json:
        put_json({"name": name, "revoked": True})
    else:
        put(f"{tidy(name)} is revoked")
    return DONE


def _scopes(given: list[str]) -> tuple[Scope, ...]:
    from voice.access import SCOPES

    wrong = [scope for scope in given if scope not in SCOPES]
    if wrong:
        raise InputError(f"{tidy(wrong[0])} is no scope; there are {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in given)


GROUP = {
    "add": (add, ADD_EXAMPLES),
    "list": (list_keys, LIST_EXAMPLES),
    "revoke": (revoke, REVOKE_EXAMPLES),
}
