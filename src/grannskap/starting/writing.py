"""Writing: a plan as a commented project file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grannskap.language import Language, Text
from grannskap.sources.register import Recognised
from grannskap.starting.looking import Looked, Numbers
from grannskap.starting.planning import Plan, plan
from grannskap.wording import say

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Written", "project_file"]

_WIDTH = 32


@dataclass(frozen=True)
class Written:
    """A project file's text.

    Attributes
    ----------
    text : str
        What stands in it.
    told : tuple of str
        What was made of each file, a line each.
    runs : bool
        Whether it has all that a run needs.
    """

    text: str
    told: tuple[str, ...]
    runs: bool


def project_file(looked: Looked, language: Language) -> Written:
    """Write what lies in a folder as a project file.

    Parameters
    ----------
    looked : Looked
        As `look` returns it.
    language : {"sv", "en"}
        Of its comments, and of what it makes.

    Returns
    -------
    Written
        Its text; what was made of each file.
    """
    made = plan(looked)
    parts = [
        *_head(made, language),
        *_boundaries(made, language),
        *(line for one in made.registers for line in _register(one, made, language)),
        *_measures(made, language),
        *_police(made, language),
        *_template(language),
        *_rest(made, language),
    ]
    return Written("\n".join(parts).rstrip() + "\n", tuple(_told(made, language)), made.runs)


def _head(made: Plan, language: Language) -> Iterator[str]:
    name = made.shown.name if made.shown else made.folder.resolve().name
    year = str(made.year) if made.year else ""
    yield from _comment(say("starting.head", language))
    yield ""
    yield _line("title", f"{name} {year}".strip(), say("starting.title", language))
    yield _line("language", language, say("starting.language", language))
    if made.shown is not None:
        others = {"name": made.shown.name, "others": list(made.shown.others)}
        yield _line("view", made.shown.code, say("starting.view", language, others))
    years = {year for one in made.registers for year in one.found.years}
    if made.year and len(years) > 1:
        yield _line("year", made.year, say("starting.year", language))
    yield ""


def _boundaries(made: Plan, language: Language) -> Iterator[str]:
    if made.areas is None:
        yield from _comment(say("starting.no boundaries", language))
        yield from _comment('[boundaries]\npath = "DeSO_2018.gpkg"')
        yield ""
        return
    yield "[boundaries]"
    yield _line("path", _relative(made.areas.path, made.folder))
    if made.division is not None and made.areas.division is None:
        how = {"how": "guessed" if made.guessed else "told"}
        yield _line("division", made.division, say("starting.division", language, how))
    if made.names is not None:
        yield f"names = {_names(made.names, made.folder)}"
    yield ""


def _names(names: Numbers, folder: Path) -> str:
    told = {"path": _relative(names.path, folder), "name": str(names.found.names)}
    told |= {"code": names.found.code} if names.found.code else {}
    return f"{{ {', '.join(f'{key} = {_quoted(value)}' for key, value in told.items())} }}"


def _register(one: Numbers, made: Plan, language: Language) -> Iterator[str]:
    yield f"[[register]]                    # {_about(one.found, language)}"
    yield from _keys(one, made.folder, language)
    yield ""


def _keys(one: Numbers, folder: Path, language: Language) -> Iterator[str]:
    """Give the lines that read a file."""
    found = one.found
    yield _line("path", _relative(one.path, folder))
    if found.code:
        yield _line("code", found.code)
    if found.group:
        yield _line("group", found.group)
        yield _line("groups", found.groups)
    if found.year is not None:
        yield _line("year", found.year, say("starting.year_of_name", language))
    yield ""
    yield "[register.columns]"
    for name, address in found.columns.items():
        yield f"{name} = {_quoted(address)}"
    percent = {name: of for name, of in found.percent.items() if name in found.columns}
    if percent:
        yield ""
        yield f"[register.percent]              # {say('starting.percent', language)}"
        for name, of in percent.items():
            yield f"{name} = {_quoted(of)}"


def _about(found: Recognised, language: Language) -> str:
    """Say what a file tells of, and where it comes from."""
    subjects = [say("starting.subject", language, {"subject": one}) for one in found.subjects]
    origin = found.origin
    values = {
        "subjects": "; ".join(subjects),
        "source": " ".join(part for part in (origin.source, origin.table) if part),
        "years": ", ".join(str(year) for year in found.years if year),
    }
    told = say("starting.about", language, {**values, "known": bool(values["source"])})
    return _one_line(told)


def _measures(made: Plan, language: Language) -> Iterator[str]:
    if made.poles == ():
        yield from _comment(say("starting.no balance", language))
        yield ""
    elif made.poles is not None:
        low, high = made.poles
        yield f"[balance]                       # {say('starting.balance', language)}"
        yield _line("low", low)
        yield _line("high", high)
        yield ""
    if made.components:
        yield f"[segregation]                   # {say('starting.segregation', language)}"
        yield f"components = {_quoted(list(made.components))}"
        yield ""


def _police(made: Plan, language: Language) -> Iterator[str]:
    if made.police is not None:
        yield "[[overlays]]"
        yield _line("path", _relative(made.police.path, made.folder))
        yield _line("label", say("starting.police", language))
        yield _line("name", "NAMN")
        yield ""


def _template(language: Language) -> Iterator[str]:
    yield from _comment(say("starting.template", language))
    yield from _comment('[report]\ntemplate = "mall.docx"')
    yield ""


def _rest(made: Plan, language: Language) -> Iterator[str]:
    """Give the files that are not read, as comments."""
    if made.asides:
        yield from _comment(say("starting.asides", language))
        yield ""
    for one in made.asides:
        name = _relative(one.numbers.path, made.folder)
        yield from _comment(f"{name}: {one.why(language)}")
        yield from _comment("[[register]]\n" + "\n".join(_keys(one.numbers, made.folder, language)))
        yield ""
    if made.unplaced:
        yield from _comment(say("starting.unplaced", language))
        for left in made.unplaced:
            yield from _comment(f"{_relative(left.path, made.folder)}: {left.why(language)}")


def _told(made: Plan, language: Language) -> Iterator[str]:
    """Say of each file what was made of it."""
    lines: list[tuple[Path, str | Text]] = []
    if made.areas is not None:
        values = {"areas": len(made.areas.polygons)}
        lines.append((made.areas.path, say("starting.found.boundaries", language, values)))
    lines += [(one.path, _about(one.found, language)) for one in made.registers]
    if made.names is not None:
        lines.append((made.names.path, say("starting.found.names", language)))
    if made.police is not None:
        lines.append((made.police.path, say("starting.police", language)))
    lines += [(one.numbers.path, one.why) for one in made.asides]
    lines += [(one.path, one.why) for one in made.unplaced]
    for path, what in lines:
        told = what if isinstance(what, str) else what(language)
        yield f"  {_relative(path, made.folder)}: {_one_line(told)}"


def _line(key: str, value: object, comment: str = "") -> str:
    held = f"{key} = {_quoted(value)}"
    return f"{held.ljust(_WIDTH - 1)} # {_one_line(comment)}" if comment else held


def _quoted(value: object) -> str:
    """Write a value as TOML has it, whose texts and lists are those of JSON."""
    if isinstance(value, Mapping):
        held = (f"{_quoted(key)} = {_quoted(one)}" for key, one in value.items())
        return f"{{ {', '.join(held)} }}"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> Iterator[str]:
    return (f"# {_one_line(line)}".rstrip() for line in text.split("\n"))


def _one_line(text: str) -> str:
    """Write a text so that it cannot end the comment that it stands in."""
    line = " ".join(text.split())
    return (
        line if line.isprintable() else "".join(one if one.isprintable() else "?" for one in line)
    )


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
