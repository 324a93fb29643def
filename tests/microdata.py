"""Counts of microdata by plain Python, slow and apart from the program's, to hold it against."""

import math
import re
import statistics
from collections import Counter, defaultdict

QUARTILES = ("low", "medium_low", "medium_high", "high")
CODE = re.compile(r"[0-9]{4}[ABC][0-9]{4}")
COLUMNS = {
    "household": "h",
    "area": "a",
    "age": "age",
    "income": "kr",
    "year": "y",
    "cohabiting": "couple",
    "in_turns": "turns",
    "tenure": "t",
    "landlord": "owner",
    "employed": "work",
    "education": "school",
    "birth": "born",
}
VALUES = {
    "rented": ["H"],
    "tenant_owned": ["B"],
    "owned": ["A"],
    "public_housing": ["kommun"],
    "post_secondary": ["6"],
    "born_outside_eu": ["other"],
}


def units(members, *, couples=True, turn=52, turns=42):
    """Consumption units of one household, as method tells them, in hundredths."""
    adults = [one for one in members if one["age"] >= 20 or one["couple"]]
    children = [one for one in members if one["age"] < 20 and not one["couple"]]
    always = [one for one in children if not one["turns"]]
    moving = [one for one in children if one["turns"]]
    if not adults:
        (always or moving).pop()
        total = 100
    else:
        total = 100
        if len(adults) > 1:
            partners = sum(one["couple"] for one in adults)
            total += 51 if not couples or partners >= 2 else 60
        total += 60 * max(0, len(adults) - 2)
    weights = [52, *[42] * len(always)][: len(always)]
    some = [turns] * len(moving)
    if moving and not always:
        some[0] = turn
    return total + sum(weights) + sum(some)


def why_not(rows, *, leave_out=False):
    """Why a household has no quartile; nothing where it has."""
    if rows[0]["h"] is None:
        return "no household"
    if rows[0]["y"] is None:
        return "no year"
    if any(one["a"] is None or not CODE.fullmatch(one["a"]) for one in rows):
        return "no area"
    if any(one["age"] is None or not 0 <= one["age"] <= 130 for one in rows):
        return "no age"
    grown = [one for one in rows if one["age"] >= 20 or one["couple"]]
    if any(one["kr"] is None for one in grown):
        return "no income"
    if leave_out and sum(one["kr"] or 0 for one in rows) <= 0:
        return "income left out"
    return ""


def bounds(values):
    """The least values that a fourth, a half and three fourths of them do not exceed."""
    values = sorted(values)
    return tuple(
        next(v for v in values if sum(w <= v for w in values) >= math.ceil(k * len(values) / 4))
        for k in (1, 2, 3)
    )


def people_of(members):
    """Counts of persons in one household."""
    found = Counter(population=len(members))
    for one in members:
        age = one["age"]
        found["age_20_29"] += 20 <= age <= 29
        found["working_age"] += 20 <= age <= 64
        found["employed"] += 20 <= age <= 64 and bool(one["work"])
        known = 25 <= age <= 64 and one["school"] is not None
        found["education_base"] += known
        found["post_secondary"] += known and one["school"] == "6"
        found["born_outside_eu"] += one["born"] == "other"
    return found


def groups_of(members):
    """The groups that all members agree on, and whether some do not."""
    found = {"all"}
    tests = {
        "rented": ("t", "H"),
        "tenant_owned": ("t", "B"),
        "owned": ("t", "A"),
        "public_housing": ("owner", "kommun"),
    }
    for name, (column, value) in tests.items():
        if all(one[column] == value for one in members):
            found.add(name)
    return found


def count(rows, *, leave_out=False, **scale):
    """Counts by area, year and group; bounds by year; rows and households by reason."""
    homes = defaultdict(list)
    for row in rows:
        homes[row["h"], row["y"]].append(row)
    reasons = {key: why_not(home, leave_out=leave_out) for key, home in homes.items()}
    told = defaultdict(lambda: [0, 0])
    for key, reason in reasons.items():
        told[reason][0] += len(homes[key])
        told[reason][1] += 1
    per_unit = {
        key: sum(round((one["kr"] or 0) * 100) for one in homes[key]) / units(homes[key], **scale)
        for key, reason in reasons.items()
        if not reason
    }
    cuts = {
        year: bounds([value for (_, y), value in per_unit.items() if y == year])
        for year in {y for _, y in per_unit}
    }
    cells, incomes = defaultdict(Counter), defaultdict(list)
    for (home, year), reason in reasons.items():
        if reason not in ("", "no income", "income left out"):
            continue
        members = homes[home, year]
        groups = groups_of(members)
        for group in groups:
            cell = cells[members[0]["a"], year, group]
            cell.update(people_of(members))
            if not reason:
                value = per_unit[home, year]
                cell[QUARTILES[sum(value > cut for cut in cuts[year])]] += 1
                cell["households"] += 1
                cell.update(groups - {"all"})
                cell["dwellings"] += bool(groups & {"rented", "tenant_owned", "owned"})
                incomes[members[0]["a"], year, group].append(value)
    medians = {key: round(statistics.median(values), 2) for key, values in incomes.items()}
    return cells, cuts, dict(told), medians
