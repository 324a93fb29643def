"""Pages made from the code itself when the site is built, so that they cannot differ from it."""

from __future__ import annotations

import sys
import types
import typing
from pathlib import Path
from typing import Any, Literal

import gallery
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import grannskap
from grannskap import catalogue, project

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the pages before the sources are read."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}


def _write(app: Sphinx) -> None:
    made = Path(app.srcdir) / "generated"
    made.mkdir(exist_ok=True)
    (made / "project-file.md").write_text(_project_file(), encoding="utf-8")
    (made / "columns.md").write_text(_columns(), encoding="utf-8")
    _api(made / "api")
    gallery.write(made / "gallery")


# --- The keys of a project file ----------------------------------------------------------------


def _project_file() -> str:
    parts = [
        "# Keys of the project file\n",
        "Made from the types that read it. A path starts from the folder of the project file;",
        "an unknown key is refused, and the nearest known one named.\n",
        *_tables_of(project.Project, "", set()),
        "\n## The file that `grannskap init` writes into an empty folder\n",
        f"```toml\n{project.template()}```\n",
    ]
    return "\n".join(parts)


def _tables_of(model: type[BaseModel], name: str, told: set[type[BaseModel]]) -> Iterator[str]:
    """One section per table of the file, the tables inside it after it."""
    if model in told:
        return
    told.add(model)
    yield f"\n## `{name or 'the file itself'}`\n"
    yield f"{(model.__doc__ or '').splitlines()[0]}\n"
    yield "| key | takes | unless said |\n|---|---|---|"
    inner: list[tuple[type[BaseModel], str]] = []
    for field_name, field in model.model_fields.items():
        key = field.alias or field_name
        found = [one for one in _leaves(field.annotation) if _is_table(one)]
        listed = typing.get_origin(field.annotation) is list
        shown = f"[[{_under(name, key)}]]" if listed else f"[{_under(name, key)}]"
        inner += [(one, shown) for one in found]
        takes = f"table `{shown}`" if found else _takes(field.annotation)
        unless = _default(field, is_table=bool(found))
        yield f"| `{key}` | {takes} | {unless} |"
    for one, shown in inner:
        yield from _tables_of(one, shown, told)


def _under(name: str, key: str) -> str:
    return f"{name.strip('[]')}.{key}" if name else key


def _is_table(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _leaves(annotation: Any) -> Iterator[Any]:
    arguments = typing.get_args(annotation)
    if not arguments or typing.get_origin(annotation) is Literal:
        yield annotation
    for one in arguments if typing.get_origin(annotation) is not Literal else ():
        yield from _leaves(one)


_WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
}


def _takes(annotation: Any) -> str:
    """Say in words what a key takes."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _takes(arguments[0])
    if origin in (typing.Union, types.UnionType):
        known = [_takes(one) for one in arguments if one is not type(None)]
        return " or ".join(dict.fromkeys(known))
    told = {
        Literal: lambda: ", ".join(f"`{one}`" for one in arguments),
        list: lambda: f"list of: {_takes(arguments[0])}",
        tuple: lambda: f"list of {len(arguments)}: {_takes(arguments[0])}",
        dict: lambda: f"table of names and: {_takes(arguments[1])}",
    }
    return told[origin]() if origin in told else _WORDS.get(annotation, "text")


def _default(field: Any, *, is_table: bool) -> str:
    if field.is_required():
        return "**must be said**"
    value = field.get_default(call_default_factory=True)
    if is_table or value is None or value is PydanticUndefined or value in ([], {}, "", ()):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{list(value) if isinstance(value, tuple) else value}`"


# --- The vocabulary of columns -----------------------------------------------------------------


def _columns() -> str:
    counts = "\n".join(
        f"| `{one.name}` | {one.label.en} | {one.label.sv} | {one.unit.en} | {one.concept} |"
        for one in (*catalogue.COUNTS.values(), *catalogue.AMOUNTS.values())
    )
    shares = "\n".join(
        f"| `{one.name}` | `{one.part}` / `{one.base}` | {one.label.en} | {one.label.sv} "
        f"| {'low' if one.poor == 'low' else 'high'} |"
        for one in catalogue.SHARES.values()
    )
    fields = "\n".join(
        f"| `{name}` | {one.label.en} | {one.label.sv} | {one.kind} |"
        for name, one in catalogue.FIELDS.items()
    )
    return f"""# Columns

Every column of every table has one name, made from the catalogue.

## Counts and amounts of a register

| name | English | Swedish | unit | tells of |
|---|---|---|---|---|
{counts}

## Shares that follow from them

| name | part and base | English | Swedish | poor pole |
|---|---|---|---|---|
{shares}

## What the analysis adds

| name | English | Swedish | written as |
|---|---|---|---|
{fields}
"""


# --- The modules -------------------------------------------------------------------------------


def _api(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    names = []
    for name in sorted(grannskap.__all__):
        module = getattr(grannskap, name)
        if not isinstance(module, types.ModuleType):
            continue
        # Handed out by its own name (`from grannskap import balance`), and told of by it.
        sys.modules.setdefault(f"grannskap.{name}", module)
        names.append(name)
        (folder / f"{name}.md").write_text(_module(name, module), encoding="utf-8")
    listed = "\n".join(names)
    page = f"# Modules\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    (folder / "index.md").write_text(page, encoding="utf-8")


def _module(name: str, module: types.ModuleType) -> str:
    """A section for every public name, with its docstring."""
    head = (module.__doc__ or "").strip()
    parts = [f"# grannskap.{name}\n\n{head}\n"]
    for public in getattr(module, "__all__", ()):
        what = getattr(module, public)
        kind = _directive(what)
        if kind is None:
            continue
        parts.append(f"```{{eval-rst}}\n.. {kind}:: grannskap.{name}.{public}\n```\n")
    return "\n".join(parts)


def _directive(what: object) -> str | None:
    if isinstance(what, type):
        return "autoclass"
    return "autofunction" if isinstance(what, types.FunctionType) else None
