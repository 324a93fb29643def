"""Names in a project file that must agree: columns, poles, components and the variable."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from grannskap import contrasts
from grannskap.catalogue import AMOUNTS, BASES, COUNTS, SHARES
from grannskap.errors import ProjectError, few
from grannskap.project.options import Project

__all__ = ["check_names"]


def check_names(project: Project) -> None:
    """Refuse names that no file of the project can answer, before any file is read.

    Raises
    ------
    ProjectError
        Naming the nearest name that would do.
    """
    columns = {name for part in project.register_ for name in part.columns}
    _check_columns(columns, project)
    for key, name in (("low", project.balance.low), ("high", project.balance.high)):
        if name not in columns:
            raise _unknown(f"a column of [register.columns] as {key} in [balance]", name, columns)
    _check_basis(project)
    for name in project.segregation.components:
        if name not in {*SHARES, *AMOUNTS, *columns}:
            raise _unknown("a component of [segregation]", name, [*SHARES, *AMOUNTS, *columns])
    options = project.autocorrelation
    if "variable" in options.model_fields_set:
        for name in options.variable:
            _check_variable("variable in [autocorrelation]", name, columns)
    if options.around is not None:
        _check_variable("around in [autocorrelation]", options.around, columns)
    for asked in project.maps:
        if asked.variable not in _MEASURES:
            _check_variable("variable in [[maps]]", asked.variable, columns)


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
            raise ProjectError(
                expected="canonical names in [register.columns]",
                came=repr(name),
                remedy=f"did you mean {near[0]!r}? (a column of your own needs a name in [labels])",
            )


def _check_basis(project: Project) -> None:
    """Refuse a balance of persons that is called one of households, or the other way."""
    options = project.balance
    unit = BASES[options.basis]
    for name in (options.low, options.high):
        if name in COUNTS and COUNTS[name].unit != unit:
            values = {"column": name, "basis": options.basis, "right": contrasts.basis_of(name)}
            raise ProjectError("basis of another unit", values)


def _check_variable(where: str, name: str, columns: set[str]) -> None:
    if name in SHARES:
        absent = sorted({SHARES[name].part, SHARES[name].base} - columns)
        if absent:
            raise ProjectError(
                expected=f"the counts behind {name}, the {where}",
                came=f"[register.columns] without {few(absent)}",
                remedy="add them there, or name another variable",
            )
    elif name not in columns:
        raise _unknown(f"the {where}", name, [*SHARES, *columns])


def _unknown(what: str, name: str, known: Iterable[str]) -> ProjectError:
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return ProjectError(
        expected=what,
        came=repr(name),
        remedy=f"did you mean {near[0]!r}?" if near else f"known: {few(names, most=30)}",
    )
