"""What is wrong with a value of a project file, in the words of both languages."""

from __future__ import annotations

import difflib
import re
import reprlib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from grannskap.errors import ProjectError
from grannskap.language import Text
from grannskap.project.options import Project
from grannskap.wording import in_both

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = ["explained", "toml_fault"]

_WANTED = {
    "string_type": "errors.phrases.a text",
    "int_type": "errors.phrases.a whole number",
    "int_parsing": "errors.phrases.a whole number",
    "int_from_float": "errors.phrases.a whole number",
    "float_type": "errors.phrases.a number",
    "float_parsing": "errors.phrases.a number",
    "finite_number": "errors.phrases.a number",
    "bool_type": "errors.phrases.true or false",
    "list_type": "errors.phrases.a list",
    "tuple_type": "errors.phrases.a list",
    "dict_type": "errors.phrases.a table",
    "model_type": "errors.phrases.a table",
    "literal_error": "errors.phrases.one of the words",
    "greater_than": "errors.phrases.greater than",
    "greater_than_equal": "errors.phrases.at least",
    "less_than": "errors.phrases.less than",
    "less_than_equal": "errors.phrases.at most",
    "string_too_short": "errors.phrases.a text that is not empty",
    "string_pattern_mismatch": "errors.phrases.a colour",
    "too_short": "errors.phrases.at least as many",
    "too_long": "errors.phrases.at most as many",
}
"""What pydantic calls each mistake that a value can be, and our words for what was wanted."""

# What pydantic adds to a location to say which kind of value it tried.
_KINDS = ("str", "list[str]")


_FAULTS = (
    ("Cannot ", "errors.phrases.said twice in TOML"),
    ("Expected '='", "errors.phrases.no equals sign"),
    ("Invalid value", "errors.phrases.no value of TOML"),
    ("Unterminated", "errors.phrases.quotation mark open"),
    ("Illegal character", "errors.phrases.quotation mark open"),
    ("Unclosed", "errors.phrases.bracket open"),
    ("", "errors.phrases.no TOML"),
)
"""How the reader of TOML begins to tell a fault, and our words for it."""

_PLACE = re.compile(r".*\(at line (\d+), column (\d+)\)")


def toml_fault(error: tomllib.TOMLDecodeError) -> Text:
    """Return what is wrong with a line, and where: in English as the reader of TOML has it."""
    said = str(error)
    fault = next(in_both(key) for beginning, key in _FAULTS if said.startswith(beginning))
    place = _PLACE.fullmatch(said)
    values = {"fault": fault, "line": place[1] if place else None}
    return Text(in_both("errors.phrases.fault in a line", values).sv, said)


def explained(error: ValidationError, path: Path) -> ProjectError:
    """Return the first mistake that pydantic found, as one line of ours."""
    first = error.errors()[0]
    where = ".".join(part for part in map(str, first["loc"]) if part not in _KINDS) or "the file"
    if first["type"] == "extra_forbidden":
        return _unknown_key(first["loc"], path)
    if first["type"] == "missing":
        return ProjectError("key missing", {"where": where, "name": path.name})
    came = reprlib.repr(first["input"])
    if {*first["loc"][-1:]} & {*_KINDS} and isinstance(first["input"], int):
        return ProjectError(
            "code without quotes",
            {"where": where, "name": path.name, "came": came, "code": f"{first['input']:04d}"},
        )
    return ProjectError(
        "value of the wrong kind",
        {
            "where": where,
            "name": path.name,
            "why": _wanted(first),
            "came": came if len(came) <= 60 else f"{came[:57]}…",
        },
    )


def _wanted(first: ErrorDetails) -> Text:
    """Return what the value should be; in pydantic's English where it is a rare mistake."""
    key = _WANTED.get(first["type"])
    values: dict[str, Any] = first.get("ctx", {})
    listed = {
        name: value.replace(" or ", ", ") for name, value in values.items() if name == "expected"
    }
    return in_both(key, values | listed) if key else Text(first["msg"], first["msg"])


def _unknown_key(location: tuple[int | str, ...], path: Path) -> ProjectError:
    known = _known_keys(location[:-1])
    key = str(location[-1])
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return ProjectError(
        "unknown key",
        {
            "name": path.name,
            "key": ".".join(str(part) for part in location),
            "near": near[0] if near else None,
            "known": known,
        },
    )


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """Keys of the table at a location, read off the models so that they cannot differ."""
    model: type[BaseModel] = Project
    for part in location:
        if isinstance(part, int):
            continue
        field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        inner = _model_in(field.annotation) if field is not None else None
        if inner is None:
            break
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
