"""What the command line says of its own arguments, in Swedish where the system is Swedish."""

from __future__ import annotations

import contextlib
import enum
import locale
import os
import re
from collections.abc import Iterator
from typing import Any

from typer.core import TyperCommand, TyperGroup

from grannskap.errors import GrannskapError
from grannskap.language import Language
from grannskap.wording import say

__all__ = ["SYSTEM", "Command", "Each", "Group", "errors_in", "mistake"]


class Each(enum.Enum):
    """What gets a folder each."""

    MUNICIPALITY = "municipality"


def _system_language() -> Language:
    """Return Swedish where the system speaks it, as its environment or its locale says."""
    told = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next((one for one in told if one), None) or locale.getlocale()[0] or ""
    return "sv" if name.lower().startswith(("sv", "swedish")) else "en"


SYSTEM = _system_language()
"""The language that the system speaks."""

_WORDS = (
    "program.usage.usage",
    "program.usage.arguments",
    "program.usage.options",
    "program.usage.commands",
    "program.usage.any_options",
    "program.usage.any_command",
    "program.usage.path",
    "program.usage.required",
    "program.usage.default",
    "program.usage.help",
)
"""Typer's own words on a page of help."""

_MISTAKES = (
    (r"Missing (?:argument|option|parameter):? '?(?P<name>[^']+?)'?\.?", "program.mistake.missing"),
    (r"Missing command\.?", "program.mistake.no_command"),
    (r"No such command '(?P<name>.*?)'\.(?: Did you mean '?(?P<near>.+?)'?\??)?",
     "program.mistake.command"),
    (r"No such option: (?P<name>\S+)(?: \W*(?:Did you mean|Possible \w+:) (?P<near>.+?)[?)].*)?",
     "program.mistake.option"),
    (r"Option '(?P<name>.*?)' requires an argument\.?", "program.mistake.no_value"),
    (r"Option '(?P<name>.*?)' does not take a value\.?", "program.mistake.a_value"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.*)\)", "program.mistake.extra"),
)  # fmt: skip
"""How Typer puts a mistake, and which of our words say the same."""


def mistake(error: Exception) -> str | None:
    """Return a mistake in the arguments as one line of ours, None where it is no such mistake."""
    told = getattr(error, "format_message", None)
    if told is None:
        return None
    command = getattr(getattr(error, "ctx", None), "command_path", "grannskap")
    values = {"command": command, "said": str(told()).splitlines()[0]}
    for pattern, key in _MISTAKES:
        found = re.fullmatch(pattern, values["said"])
        if found is not None:
            return say(key, SYSTEM, {**found.groupdict(), **values})
    return say("program.mistake.other", SYSTEM, values)


def _spoken(text: str) -> str:
    """Put Typer's English words of a page of help into the system's language."""
    for key in _WORDS:
        text = text.replace(say(key, "en"), say(key, SYSTEM))
    return text


class Command(TyperCommand):
    """A command whose page of help is wholly in the system's language."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - Typer's own class moves
        """Return the page of help."""
        return _spoken(super().get_help(ctx))


class Group(TyperGroup):
    """The commands together, whose page of help is wholly in the system's language."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - Typer's own class moves
        """Return the page of help."""
        return _spoken(super().get_help(ctx))


@contextlib.contextmanager
def errors_in(language: Language) -> Iterator[None]:
    """Have a user's mistake told in the language of the project, once that is known."""
    try:
        yield
    except GrannskapError as error:
        error.language = language
        raise
