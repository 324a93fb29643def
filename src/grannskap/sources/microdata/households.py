"""Households: rows of persons or households become one row for each household and year.

Every rule on members, incomes and areas stands here, as one expression that each engine reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grannskap.sources.microdata import units
from grannskap.sources.microdata.asked import FLAGS, TENURES, Asked
from grannskap.sources.microdata.packing import LARGEST_AREA, Pack, area_number, in_every, in_some

__all__ = ["CELL", "FIRST", "NOT_COUNTED", "REASONS", "of_rows", "on_two_rows", "with_two_areas"]

NOT_COUNTED = ("no household", "no year", "no area", "no age", "no members")
"""Reasons for which a household is refused; with another it is counted, but in no quartile."""

_ERRORS = ("two areas", "two rows")

REASONS = ("", *_ERRORS, *NOT_COUNTED, "no income", "income left out")
"""Why a household has no quartile, by its number; the first has one."""

_LAST_REFUSED = REASONS.index(NOT_COUNTED[-1])

_OLDEST = 130
FIRST, _LAST = 1900, 2099
_MOST = 8e10
"""An income that no household has; what is larger, or is no number, is not usable. Öre of as many
members as a household can have are still summed exactly."""

_AREA = LARGEST_AREA.bit_length()

CELL = Pack(
    {"quartile": 3, **dict.fromkeys(FLAGS, 1), "reason": 4, "year": 8, "area": _AREA},
)
"""What a household is counted by; the quartile from 1, the year from `FIRST`."""

_BITS, _TOGETHER = 10, 5
_MOST_ROWS = (1 << _BITS) - 1
"""No household has as many members; of one that has, nothing but its rows is known."""


@dataclass(frozen=True)
class _Member:
    """What a row adds to its household: marks of which each is known for all or any, and counts."""

    household: Any
    year: Any
    area: Any
    ore: Any
    marks: Mapping[str, Any]
    counts: Mapping[str, Any]

    @property
    def pack(self) -> Pack:
        return Pack({**dict.fromkeys(self.marks, 1), "area": _AREA})

    @property
    def packs(self) -> list[Pack]:
        """Return places for the counts, as many together as a double adds exactly."""
        names = list(self.counts)
        starts = range(0, len(names), _TOGETHER)
        return [Pack(dict.fromkeys(names[at : at + _TOGETHER], _BITS)) for at in starts]


def of_rows(rows: Any, asked: Asked) -> Any:  # noqa: ANN401 - Ibis has no types of its own
    """Return an expression of one row per household and year.

    Its columns: ``cell`` (`CELL`, with no quartile yet), ``per_unit`` (kronor per consumption
    unit, null where the reason is not the first), ``rows``, a mark for each rule that took it in
    (``nothing``, ``no_adult``, ``split``), and whole numbers of persons.
    """
    member = _member(rows, asked)
    keys = {"household": member.household}
    if "year" in asked.columns:
        keys["year"] = member.year
    marks = sum(member.pack.flag(name, mark) for name, mark in member.marks.items())
    sums = {
        f"packed_{at}": pack.whole({name: member.counts[name] for name in pack.bits})
        for at, pack in enumerate(member.packs)
    }
    each = rows.select(
        **keys,
        marks=member.pack.whole({"area": member.area}) + marks,
        ore=member.ore.cast("float64"),
        **{name: packed.cast("float64") for name, packed in sums.items()},
    )
    made = each.group_by(*keys).aggregate(
        rows=each.count().cast("int64"),
        ore=each.ore.sum(),
        every=in_every(each.marks),
        some=in_some(each.marks),
        **{name: each[name].sum() for name in sums},
    )
    return _judged(_unpacked(made, member, asked), member, asked)


def with_two_areas(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    """Return households of which members live in two areas, and the first and last of them."""
    made = _named(rows, asked).aggregate(
        area=lambda each: each.area.min(), other_area=lambda each: each.area.max()
    )
    return made.filter((made.area > 0) & (made.area < made.other_area))


def on_two_rows(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    """Return households of which there are several rows in a year."""
    made = _named(rows, asked).aggregate(rows=lambda each: each.count())
    return made.filter(made["rows"] > 1)


def _named(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    """Return the rows of households with a name and a year, grouped by them."""
    member = _member(rows, asked)
    each = rows.select(household=member.household, year=member.year, area=member.area)
    named = each.filter(each.household.notnull() & each.year.notnull())
    return named.group_by("household", "year")


def _member(rows: Any, asked: Asked) -> _Member:  # noqa: ANN401
    return _person(rows, asked) if asked.rows == "persons" else _household(rows, asked)


def _unpacked(made: Any, member: _Member, asked: Asked) -> Any:  # noqa: ANN401
    """Take the counts apart; where there are too many rows to keep them apart, all are nought."""
    import ibis

    few = made["rows"] <= _MOST_ROWS
    held = made.mutate(
        ore=ibis.ifelse(few, made.ore, 0.0),
        **{
            f"packed_{at}": ibis.ifelse(few, made[f"packed_{at}"], 0.0).cast("int64")
            for at, _pack in enumerate(member.packs)
        },
    )
    found = {
        name: pack.part(held[f"packed_{at}"], name)
        for at, pack in enumerate(member.packs)
        for name in pack.bits
    }
    if asked.rows == "persons":
        known = ibis.ifelse(few, held["rows"], 0)
        found |= {"population": known, "children": known - found["adults"]}
    zero = ibis.literal(0, "int64")
    found = {"partners": zero, "in_turns": zero, **found}
    year = held.year if "year" in asked.columns else ibis.literal(asked.year, "int32")
    return held.select("household", "rows", "ore", "every", "some", year=year, **found)


def _is(rows: Any, asked: Asked, column: str, value: str) -> Any:  # noqa: ANN401
    """Return whether a column holds what stands for a value; not known where it is empty."""
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
    return said


def _sure(condition: Any) -> Any:  # noqa: ANN401
    """Return false where a condition is not known."""
    return condition.fill_null(False)  # noqa: FBT003 - Ibis takes it by position


def _number(condition: Any) -> Any:  # noqa: ANN401
    return condition.cast("int32")


def _groups(rows: Any, asked: Asked) -> dict[str, Any]:  # noqa: ANN401
    """Return whether a row states each tenure, and the municipal company as its landlord."""
    by = "landlord" if "landlord" in asked.columns else "tenure"
    columns = {name: "tenure" if name in TENURES else by for name in asked.groups}
    return {name: _is(rows, asked, column, name) for name, column in columns.items()}


def _year(rows: Any, asked: Asked) -> Any:  # noqa: ANN401
    import ibis

    if "year" not in asked.columns:
        return ibis.literal(asked.year, "int32")
    stated = rows[asked.columns["year"]]
    known = stated.between(FIRST, _LAST)
    return ibis.ifelse(known, stated, ibis.null(stated.type())).cast("int32")


def _placed(rows: Any, asked: Asked, marks: Mapping[str, Any], counts: Any) -> _Member:  # noqa: ANN401
    """Add what rows of both kinds hold alike."""
    area = area_number(rows[asked.columns["area"]])
    return _Member(
        rows[asked.columns["household"]],
        _year(rows, asked),
        area,
        _ore(rows[asked.columns["income"]]),
        {**_groups(rows, asked), "no_area": area == 0, **marks},
        counts,
    )


def _person(rows: Any, asked: Asked) -> _Member:  # noqa: ANN401
    """Return what each person adds to its household."""
    age = rows[asked.columns["age"]]
    counted = _sure(age.between(0, _OLDEST))
    couple = _is(rows, asked, "cohabiting", "cohabiting")
    adult = _sure(counted & ((age >= 20) | couple))
    marks = {"bad_age": ~counted, "no_income": adult & ~_usable(rows[asked.columns["income"]])}
    found = {"adults": adult, **_people(rows, asked, age, counted)}
    if "cohabiting" in asked.columns:
        found["partners"] = adult & couple
    if "in_turns" in asked.columns:
        found["in_turns"] = counted & ~adult & _is(rows, asked, "in_turns", "in_turns")
    return _placed(rows, asked, marks, {name: _one(flag) for name, flag in found.items()})


def _one(condition: Any) -> Any:  # noqa: ANN401
    """Return one where a condition is known to hold, else nought."""
    import ibis

    return ibis.ifelse(condition, ibis.literal(1, "int64"), 0)


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


def _household(rows: Any, asked: Asked) -> _Member:  # noqa: ANN401
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
    counts = {name: ibis.ifelse(wrong, 0, number) for name, number in counts.items()}
    couples = 2 * _one(_is(rows, asked, "cohabiting", "cohabiting"))
    marks = {"bad_age": wrong, "no_income": ~_usable(rows[named["income"]])}
    return _placed(rows, asked, marks, {"partners": couples, **counts})


def _judged(made: Any, member: _Member, asked: Asked) -> Any:  # noqa: ANN401
    """Add each household's reason, income per unit, and what its members agree on."""
    import ibis

    told = {"couples": "cohabiting" in asked.columns, "turns": "in_turns" in asked.columns}
    weights = units.of_members(made, asked.scale, **told)
    judged = made.mutate(reason=_reason(made, member, asked), weights=weights)
    every = {name: member.pack.part(judged.every, name) for name in asked.groups}
    some = {name: member.pack.part(judged.some, name) for name in asked.groups}
    nowhere = judged.reason.between(1, _LAST_REFUSED)
    area = ibis.ifelse(nowhere, 0, member.pack.part(judged.some, "area"))
    year = judged.year.fill_null(FIRST) - FIRST
    cell = CELL.whole({**every, "reason": judged.reason, "year": year, "area": area})
    per_unit = judged.ore / judged.weights.cast("float64")
    return judged.select(
        "rows",
        *asked.people,
        cell=cell,
        per_unit=ibis.ifelse(judged.reason == 0, per_unit, ibis.null("float64")),
        nothing=_number(judged.ore <= 0),
        no_adult=_number(judged.adults == 0),
        split=_number(_split(every, some)),
    )


def _reason(made: Any, member: _Member, asked: Asked) -> Any:  # noqa: ANN401
    """Return the number of the first reason that holds, of `REASONS`."""
    import ibis

    some = {name: member.pack.part(made.some, name) > 0 for name in member.marks}
    areas = [member.pack.part(made[marks], "area") for marks in ("every", "some")]
    reasons = {
        "no household": made.household.isnull(),
        "no year": made.year.isnull(),
        "two areas": ~some["no_area"] & (areas[0] != areas[1]),
        "two rows": made["rows"] > 1 if asked.rows == "households" else None,
        "no area": some["no_area"],
        "no age" if asked.rows == "persons" else "no members": some["bad_age"],
        "nobody": made.adults + made.children < 1,
        "no income": some["no_income"],
        "income left out": made.ore <= 0 if asked.without_income == "leave out" else None,
    }
    numbers = {name: REASONS.index("no members" if name == "nobody" else name) for name in reasons}
    cases = [(test, numbers[name]) for name, test in reasons.items() if test is not None]
    return ibis.cases(*cases, else_=0)


def _split(every: Mapping[str, Any], some: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Tell where the members of a household do not agree on a group."""
    import ibis

    split = ibis.literal(value=False)
    for name, part in every.items():
        split |= part != some[name]
    return split
