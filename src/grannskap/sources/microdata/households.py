"""Households: rows of persons or households become one row for each household and year.

Every rule on members, incomes and areas stands here, as one expression that each engine reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from grannskap.sources.microdata import units
from grannskap.sources.microdata.asked import TENURES, Asked

__all__ = ["NOT_COUNTED", "UNPLACED", "of_rows"]

UNPLACED = ("no household", "no year", "no area")
"""Reasons for which it is not known where a household belongs."""

NOT_COUNTED = (*UNPLACED, "no age", "no members")
"""Reasons for which a household is refused; with another it is counted, but in no quartile."""

_CODE = "^[0-9]{4}[ABC][0-9]{4}$"
_OLDEST = 130
_FIRST, _LAST = 1900, 2099
_MOST = 1e12
"""An income that no household has; what is larger, or is no number, is not usable."""


def of_rows(rows: Any, asked: Asked) -> Any:  # noqa: ANN401 - Ibis has no types of its own
    """Return an expression of one row per household and year.

    Its columns: ``household``, ``year``, ``area``, ``other_area`` (another area of its
    members), ``rows``, ``reason`` (why it has no quartile; null where it has), ``per_unit``
    (kronor per consumption unit), a mark for each rule that took it in (``nothing``,
    ``no_adult``, ``split``), and whole numbers of persons and of each group asked for.
    """
    each = _persons(rows, asked) if asked.rows == "persons" else _households(rows, asked)
    summed = [name for name in each.columns if name not in _PLACE]
    made = each.group_by("household", "year").aggregate(
        area=each.area.min(),
        other_area=each.area.max(),
        rows=each.count().cast("int64"),
        ore=each.ore.sum(),
        **{f"packed_{at}": pack.sum() for at, pack in enumerate(_packed(each, summed))},
    )
    return _judged(_unpacked(made, summed, asked), asked)


_PLACE = ("household", "year", "area", "ore")
_BITS, _TOGETHER = 10, 6
_MOST_ROWS = (1 << _BITS) - 1
"""No household has as many members; of one that has, nothing but its rows is known."""


def _packed(each: Any, names: Sequence[str]) -> Iterator[Any]:  # noqa: ANN401
    """Yield numbers that hold six small counts each: an engine sums one faster than six."""
    for first in range(0, len(names), _TOGETHER):
        together = enumerate(names[first : first + _TOGETHER])
        yield sum(each[name].cast("int64") * (1 << (_BITS * at)) for at, name in together)


def _unpacked(made: Any, names: Sequence[str], asked: Asked) -> Any:  # noqa: ANN401
    """Take the counts apart; where there are too many rows to keep them apart, all are nought."""
    import ibis

    few = made["rows"] <= _MOST_ROWS
    whole = {
        name: ibis.ifelse(few, made[name].try_cast("int64"), 0)
        for name in made.columns
        if name == "ore" or name.startswith("packed_")
    }
    held = made.mutate(**whole)
    found = {
        name: (held[f"packed_{at // _TOGETHER}"] >> (_BITS * (at % _TOGETHER))) & _MOST_ROWS
        for at, name in enumerate(names)
    }
    if asked.rows == "persons":
        known = ibis.ifelse(few, held["rows"] - found["bad_age"], 0)
        found |= {"population": known, "children": known - found["adults"]}
    zero = ibis.literal(0, "int64")
    found = {"partners": zero, "in_turns": zero, **found}
    return held.select("household", "year", "area", "other_area", "rows", "ore", **found)


def _is(rows: Any, asked: Asked, column: str, value: str) -> Any:  # noqa: ANN401
    """Return whether a column holds what stands for a value; false where it is empty or absent."""
    import ibis

    if column not in asked.columns:
        return ibis.literal(value=False)
    cell = rows[asked.columns[column]]
    given = asked.values.get(value)
    if given is None:
        said = cell if cell.type().is_boolean() else cell.cast("string") == "1"
    elif cell.type().is_integer():
        said = cell.isin([int(one) for one in given])
    else:
        said = cell.cast("string").isin([str(one) for one in given])
    return _sure(said)


def _sure(condition: Any) -> Any:  # noqa: ANN401
    """Return false where a condition is not known."""
    return condition.fill_null(False)  # noqa: FBT003 - Ibis takes it by position


def _number(condition: Any) -> Any:  # noqa: ANN401
    return condition.cast("int32")


def _flags(rows: Any, asked: Asked) -> dict[str, Any]:  # noqa: ANN401
    """Return whether a row states each tenure, and the municipal company as its landlord."""
    by = "landlord" if "landlord" in asked.columns else "tenure"
    columns = {name: "tenure" if name in TENURES else by for name in asked.groups}
    return {name: _number(_is(rows, asked, column, name)) for name, column in columns.items()}


def _year(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    import ibis

    if "year" not in asked.columns:
        return ibis.literal(asked.year, "int32")
    stated = rows[asked.columns["year"]]
    known = _sure(stated.between(_FIRST, _LAST))
    return ibis.ifelse(known, stated, ibis.null(stated.type())).cast("int32")


def _placed(rows: Any, asked: Asked) -> dict[str, Any]:  # noqa: ANN401
    """Return what rows of both kinds hold alike."""
    area = rows[asked.columns["area"]]
    return {
        "household": rows[asked.columns["household"]],
        "year": _year(rows, asked),
        "area": area.cast("string"),
        "no_area": _number(area.isnull()),
        "ore": _ore(rows[asked.columns["income"]]),
        **_flags(rows, asked),
    }


def _persons(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    """Return what each person adds to its household."""
    age = rows[asked.columns["age"]]
    counted = _sure(age.between(0, _OLDEST))
    couple = _is(rows, asked, "cohabiting", "cohabiting")
    adult = _sure(counted & ((age >= 20) | couple))
    found = {
        "bad_age": ~counted,
        "no_income": adult & ~_usable(rows[asked.columns["income"]]),
        "adults": adult,
        **_people(rows, asked, age, counted),
    }
    if "cohabiting" in asked.columns:
        found["partners"] = adult & couple
    if "in_turns" in asked.columns:
        found["in_turns"] = counted & ~adult & _is(rows, asked, "in_turns", "in_turns")
    return rows.select(
        **_placed(rows, asked), **{name: _number(flag) for name, flag in found.items()}
    )


def _people(rows: Any, asked: Asked, age: Any, counted: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return whether each person counts as employed, educated or born elsewhere, and of whom."""
    working = counted & age.between(20, 64)
    told = asked.columns.get("education")
    base = counted & age.between(25, 64) & rows[told].notnull() if told else None
    found: dict[str, Callable[[], Any]] = {
        "age_20_29": lambda: counted & age.between(20, 29),
        "employed": lambda: working & _is(rows, asked, "employed", "employed"),
        "working_age": lambda: working,
        "post_secondary": lambda: base & _is(rows, asked, "education", "post_secondary"),
        "education_base": lambda: base,
        "born_outside_eu": lambda: counted & _is(rows, asked, "birth", "born_outside_eu"),
    }
    return {name: found[name]() for name in asked.people if name in found}


def _usable(income: Any) -> Any:  # noqa: ANN401
    return _sure(income.abs() < _MOST)


def _ore(income: Any) -> Any:  # noqa: ANN401
    """Return whole öre, which sum to the same in any order; nothing where nothing is known."""
    import ibis

    if income.type().is_integer():
        whole = income.cast("int64") * 100
    else:
        whole = (income * 100).round().cast("int64")
    return ibis.ifelse(_usable(income), whole, ibis.literal(0, "int64"))


def _households(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    """Return household rows in the form of persons; one row too many shows in ``rows``."""
    import ibis

    named = asked.columns
    adults, children = (rows[named[name]].cast("int64") for name in ("adults", "children"))
    turns = ibis.literal(0, "int64")
    if "in_turns" in named:
        turns = rows[named["in_turns"]].cast("int64").fill_null(0)
    wrong = (adults < 0) | (turns < 0) | (turns > children) | (adults + children > _MOST_ROWS)
    wrong = wrong.fill_null(True)  # noqa: FBT003 - Ibis takes it by position
    counts = {"adults": adults, "children": children, "in_turns": turns}
    counts["population"] = adults + children
    return rows.select(
        **_placed(rows, asked),
        bad_age=_number(wrong),
        no_income=_number(~_usable(rows[named["income"]])),
        partners=2 * _number(_is(rows, asked, "cohabiting", "cohabiting")),
        **{name: ibis.ifelse(wrong, 0, number) for name, number in counts.items()},
    )


def _judged(made: Any, asked: Asked) -> Any:  # noqa: ANN401
    """Add each household's reason, income per unit, and what its members agree on."""
    import ibis

    weights = units.of_members(made, asked.scale, couples="cohabiting" in asked.columns)
    reason = _reason(made, asked)
    per_unit = made.ore.cast("float64") / weights.cast("float64")
    return made.select(
        *("household", "year", "area", "other_area", "rows", *asked.people),
        reason=reason,
        per_unit=ibis.ifelse(reason.isnull(), per_unit, ibis.null("float64")),
        nothing=_number(made.ore <= 0),
        no_adult=_number(made.adults == 0),
        split=_number(_split(made, asked.groups)),
        **{name: _number(made[name] == made["rows"]) for name in asked.groups},
    )


def _reason(made: Any, asked: Asked) -> Any:  # noqa: ANN401
    import ibis

    right = _sure(made.area.re_search(_CODE) & made.other_area.re_search(_CODE))
    left_out = ibis.literal(value=False)
    if asked.without_income == "leave out":
        left_out = made.ore <= 0
    return ibis.cases(
        (made.household.isnull(), "no household"),
        (made.year.isnull(), "no year"),
        ((made.no_area > 0) | ~right, "no area"),
        (made.bad_age > 0, "no age" if asked.rows == "persons" else "no members"),
        (made.adults + made.children < 1, "no members"),
        (made.no_income > 0, "no income"),
        (left_out, "income left out"),
        else_=ibis.null("string"),
    )


def _split(made: Any, groups: Sequence[str]) -> Any:  # noqa: ANN401
    """Tell where the members of a household do not agree on a group."""
    import ibis

    split = ibis.literal(value=False)
    for name in groups:
        split |= (made[name] > 0) & (made[name] < made["rows"])
    return split
