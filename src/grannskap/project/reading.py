"""Reading a project file, and telling in one line what is wrong with it."""

from __future__ import annotations

import difflib
import reprlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from grannskap.errors import ProjectError
from grannskap.project import checking
from grannskap.project.naming import check_names
from grannskap.project.options import Project
from grannskap.sources import guard

__all__ = ["read", "template"]


def template() -> str:
    """Return a commented project file to start from, in Swedish.

    Examples
    --------
    >>> template().splitlines()[0]
    '# Projektfil för grannskap. Rader som börjar med # är förklaringar.'
    """
    return (resources.files("grannskap.project") / "template.toml").read_text(encoding="utf-8")


def read(path: Path) -> Project:
    """Read and check a project file.

    Parameters
    ----------
    path : pathlib.Path
        A TOML file, UTF-8.

    Returns
    -------
    Project
        Frozen; knows its folder.

    Raises
    ------
    ProjectError
        When the file is missing, is no TOML, has an unknown key (the nearest known one is
        named), lacks a key, holds a value of the wrong kind, or names a path outside its folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "project.toml"
    ...     _ = file.write_text(template(), encoding="utf-8")
    ...     read(file).title
    'Vår kommun'
    """
    with guard.reading(path, form="a project", refused=ProjectError):
        content = _parsed(path)
        checking.check_values(content, path.name)
        try:
            project = Project.model_validate(content)
        except ValidationError as error:
            raise _explained(error, path) from None
        project = project.settled()
        project._folder = path.parent
        project._name = path.name
        project.files()
        check_names(project)
    return project


def _parsed(path: Path) -> dict[str, Any]:
    remedy = "check the path, or make one with: grannskap init"
    data = guard.content(path, most=checking.MOST_BYTES, refused=ProjectError, remedy=remedy)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        checking.check_text(text, path.name)
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise ProjectError(
            expected="a project file: text in UTF-8",
            came=f"{path.name}, which is binary or in another encoding",
            remedy="save it as UTF-8, or name the project file instead of a data file",
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(
            expected=f"TOML in {path.name}",
            came=str(error),
            remedy='put texts and codes in quotes ("0380"), and write / in paths',
        ) from None


# What pydantic adds to a location to say which kind of value it tried.
_KINDS = ("str", "list[str]")


def _explained(error: ValidationError, path: Path) -> ProjectError:
    first = error.errors()[0]
    where = ".".join(part for part in map(str, first["loc"]) if part not in _KINDS) or "the file"
    if first["type"] == "extra_forbidden":
        return _unknown_key(first["loc"], path)
    if first["type"] == "missing":
        return ProjectError(
            expected=f"the key {where} in {path.name}", came="none", remedy="add it"
        )
    came = reprlib.repr(first["input"])
    if {*first["loc"][-1:]} & {*_KINDS} and isinstance(first["input"], int):
        return ProjectError(
            expected=f"{where} in {path.name} to be a code in quotes",
            came=came,
            remedy=f'write {where} = "{first["input"]:04d}"',
        )
    return ProjectError(
        expected=f"{where} in {path.name} to be right ({first['msg']})",
        came=came if len(came) <= 60 else f"{came[:57]}…",
        remedy="correct it; grannskap init writes a file with every key explained",
    )


def _unknown_key(location: tuple[int | str, ...], path: Path) -> ProjectError:
    known = _known_keys(location[:-1])
    key = str(location[-1])
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return ProjectError(
        expected=f"known keys in {path.name}",
        came=f"{'.'.join(str(part) for part in location)!r}",
        remedy=f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}",
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
