"""Check the fields of a request, and tell errors as OpenAI's clients read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from voice.errors import InputError

MAX_NAME_CHARS: Final = 200
Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARS)]

_TOO_LONG: Final = "string_too_long"
# The one code that OpenAI's clients know by another name.
_CODES: Final = {"unauthorized": "invalid_api_key"}


class FieldError(InputError):
    """A field of a request cannot be used; `param` is its name, as messages.0.content."""

    code = "invalid_field"

    def __init__(
        self, param: str, fault: str, *, code: str | None = None, http_status: int | None = None
    ) -> None:
        super().__init__(f"{param}: {fault}", code=code, http_status=http_status)
        self.param = param


class Fields(BaseModel):
    """The fields of a request: of the right types, never converted; unknown ones are left out."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


FieldsT = TypeVar("FieldsT", bound=Fields)


def check(kind: type[FieldsT], given: Mapping[str, Any]) -> FieldsT:
    """Return the fields of a request; raises FieldError (400, 413) naming the first wrong one."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        param = ".".join(map(str, fault["loc"]))
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == _TOO_LONG:
            raise FieldError(param, message, code="too_large", http_status=413) from None
        raise FieldError(param, message) from None


def unknown_model(name: str, known: str) -> FieldError:
    """Return the error for a model that is not here."""
    fault = f"there is no model {name!r}; there is {known}"
    return FieldError("model", fault, code="model_not_found", http_status=404)


def error_details(code: str, http_status: int, param: str | None) -> dict[str, Any]:
    """Return what OpenAI's errors have besides, or other than, `code` and `message`."""
    if http_status >= 500:
        kind = "server_error"
    else:
        kind = "rate_limit_error" if http_status == 429 else "invalid_request_error"
    return {"code": _CODES.get(code, code), "type": kind, "param": param}
