"""Reading a project file, and telling in one line what is wrong with it."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from grannskap.errors import ProjectError
from grannskap.project import checking
from grannskap.project.explaining import explained, toml_fault
from grannskap.project.naming import check_names
from grannskap.project.options import Project
from grannskap.sources import guard
from grannskap.wording import in_both

__all__ = ["read", "template"]


def template() -> str:
    """Return a commented project file to start from, in Swedish.

    Examples
    --------
    >>> template().splitlines()[0]
    '# Projektfil för grannskap. Rader som börjar med # är förklaringar.'
    """
    return (resources.files("grannskap.project") / "template.toml").read_text(encoding="utf-8")


def read(path: Path, *, allow_outside: bool = False) -> Project:
    """Read and check a project file.

    Parameters
    ----------
    path : pathlib.Path
        A TOML file, UTF-8.
    allow_outside : bool
        Whether it may name files outside its folder and its ``roots``: only for a project file
        whose writer is trusted.

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
    with guard.reading(path, form=in_both("errors.phrases.a project"), refused=ProjectError):
        content = _parsed(path)
        try:
            return _checked(content, path, allow_outside=allow_outside)
        except ProjectError as error:
            error.language = "en" if content.get("language") == "en" else "sv"
            raise


def _checked(content: dict[str, Any], path: Path, *, allow_outside: bool) -> Project:
    checking.check_values(content, path.name)
    try:
        project = Project.model_validate(content).settled()
    except ValidationError as error:
        raise explained(error, path) from None
    project._folder = path.parent
    project._name = path.name
    project._anywhere = allow_outside
    project.files()
    check_names(project)
    return project


def _parsed(path: Path) -> dict[str, Any]:
    remedy = in_both("errors.phrases.make one with init")
    data = guard.content(path, most=checking.MOST_BYTES, refused=ProjectError, remedy=remedy)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        checking.check_text(text, path.name)
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise ProjectError("project file is no text", {"name": path.name}) from None
    except tomllib.TOMLDecodeError as error:
        raise ProjectError(
            "project file is no TOML", {"name": path.name, "error": toml_fault(error)}
        ) from None
