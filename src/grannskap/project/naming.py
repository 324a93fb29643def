"""Names in a project file that must agree: columns, poles, components and the variable."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from grannskap import contrasts
from grannskap.catalogue import AMOUNTS, BASES, COUNTS, SHARES
from grannskap.errors import ProjectError
from grannskap.language import Text
from grannskap.project.options import Project
from grannskap.wording import in_both

__all__ = ["check_names"]


def check_names(project: Project) -> None:
    """Refuse names that no file of the project can answer, before any file is read.

    Raises
    ------
    ProjectError
        Naming the nearest name that would do.
    """
    columns = project.columns
    _check_columns(columns, project)
    for key, name in (("low", project.balance.low), ("high", project.balance.high)):
        if name not in columns:
            raise _unknown(in_both("errors.phrases.column of balance", {"key": key}), name, columns)
    _check_basis(project)
    for name in project.segregation.components:
        if name not in {*SHARES, *AMOUNTS, *columns}:
            what = in_both("errors.phrases.component of segregation")
            raise _unknown(what, name, [*SHARES, *AMOUNTS, *columns])
    options = project.autocorrelation
    if "variable" in options.model_fields_set:
        for name in options.variable:
            _check_variable("variable", "[autocorrelation]", name, columns)
    if options.around is not None:
        _check_variable("around", "[autocorrelation]", options.around, columns)
    for asked in project.maps:
        if asked.variable not in _MEASURES:
            _check_variable("variable", "[[maps]]", asked.variable, columns)


_MEASURES = ("balance", "score")


def _check_columns(columns: set[str], project: Project) -> None:
    """Refuse a column that is nearly a canonical name, and is used nowhere as its own."""
    options = project.autocorrelation
    used = {project.balance.low, project.balance.high, *options.variable, options.around}
    used |= {*project.segregation.components, *project.labels}
    used |= {asked.variable for asked in project.maps}
    for name in sorted(columns - {*COUNTS, *AMOUNTS} - {str(name) for name in used}):
        near = difflib.get_close_matches(name, [*COUNTS, *AMOUNTS], n=1, cutoff=0.85)
        if near and near[0] not in columns:
            raise ProjectError("column nearly canonical", {"name": name, "near": near[0]})


def _check_basis(project: Project) -> None:
    """Refuse a balance of persons that is called one of households, or the other way."""
    options = project.balance
    unit = BASES[options.basis]
    for name in (options.low, options.high):
        if name in COUNTS and COUNTS[name].unit != unit:
            values = {"column": name, "basis": options.basis, "right": contrasts.basis_of(name)}
            raise ProjectError("basis of another unit", values)


def _check_variable(key: str, table: str, name: str, columns: set[str]) -> None:
    where = in_both("errors.phrases.key of a table", {"key": key, "table": table})
    if name in SHARES:
        absent = sorted({SHARES[name].part, SHARES[name].base} - columns)
        if absent:
            raise ProjectError(
                "counts behind a share missing", {"name": name, "where": where, "absent": absent}
            )
    elif name not in columns:
        raise _unknown(where, name, [*SHARES, *columns])


def _unknown(what: Text, name: str, known: Iterable[str]) -> ProjectError:
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return ProjectError(
        "unknown name",
        {"what": what, "name": name, "near": near[0] if near else None, "known": names},
    )
