"""Counts of microdata beside hand-written SQL, pandas and polars, on two threads.

python -m pytest tests/benchmarks/test_microdata.py --benchmark-only
(needs polars; GRANNSKAP_PERSONS sets how many persons, ten million unless said)
"""

import os
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from benchmarks import race
from grannskap.sources.microdata import Asked, count

PERSONS = int(os.environ.get("GRANNSKAP_PERSONS", "10_000_000"))
AREAS = 6_000
GROUPS = ("rented", "tenant_owned", "owned")
QUARTILES = ["low", "medium_low", "medium_high", "high"]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Persons in half as many households, in one Parquet file: what the counts need, no more."""
    path = tmp_path_factory.mktemp("rows") / "persons.parquet"
    draw = np.random.default_rng(1)
    home = draw.integers(0, PERSONS // 2, PERSONS)
    area = np.array([f"{9000 + n // 600:04d}C{n % 600:03d}0" for n in range(AREAS)])
    tenure = np.array(["H", "B", "A"])
    frame = pd.DataFrame(
        {
            "h": home,
            "a": pd.Categorical.from_codes(home % AREAS, area),
            "age": draw.integers(0, 95, PERSONS).astype(np.int16),
            "kr": draw.gamma(4, 60_000, PERSONS).astype(np.int64),
            "t": pd.Categorical.from_codes(home % 7 % 3, tenure),
        }
    )
    frame.to_parquet(path, index=False)
    return str(path)


@pytest.fixture(scope="module")
def asked(rows):
    columns = {"household": "h", "area": "a", "age": "age", "income": "kr", "tenure": "t"}
    values = {"rented": ["H"], "tenant_owned": ["B"], "owned": ["A"]}
    return Asked(rows, columns, values=values, year=2017, medians=False)


SQL = """
CREATE OR REPLACE TEMP TABLE homes AS
WITH members AS (
    SELECT h, min(a) AS a, min(t) AS t, sum(kr) AS kr,
        count(*) FILTER (age >= 20) AS adults, count(*) FILTER (age < 20) AS children{checks}
    FROM read_parquet('{rows}') GROUP BY h
)
SELECT a, t{kept}, 100 * kr / (
    100 + CASE WHEN greatest(adults, 1) > 1 THEN 51 ELSE 0 END + 60 * greatest(adults - 2, 0)
    + CASE WHEN children - (adults = 0)::INT > 0 THEN 52 ELSE 0 END
    + 42 * greatest(children - (adults = 0)::INT - 1, 0)
)::DOUBLE AS per_unit FROM members;
"""
KEPT = ", two_areas, split, no_age, no_income, no_area"
COUNTS = """
WITH cuts AS (SELECT quantile_disc(per_unit, [0.25, 0.5, 0.75]) AS q FROM homes)
SELECT a, t, (per_unit > q[1])::INT + (per_unit > q[2])::INT + (per_unit > q[3])::INT AS place,
    count(*) AS n
FROM homes, cuts GROUP BY ALL
"""


CHECKS = """, max(a) <> min(a) AS two_areas, max(t) IS DISTINCT FROM min(t) AS split,
        bool_or(age IS NULL OR age NOT BETWEEN 0 AND 130) AS no_age,
        bool_or(age >= 20 AND kr IS NULL) AS no_income,
        bool_or(a IS NULL OR NOT regexp_full_match(a, '[0-9]{4}[ABC][0-9]{4}')) AS no_area"""
TOLD = "SELECT two_areas, split, no_age, no_income, no_area, count(*) FROM homes GROUP BY ALL"


def by_sql(rows, checks=""):
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": False}) as made:
        made.execute(SQL.format(rows=rows, checks=checks, kept=KEPT if checks else ""))
        if checks:
            made.execute(TOLD).fetchall()
        return made.execute(COUNTS).df()


def by_sql_with_checks(rows):
    """As SQL, asking what ours asks: one area, one tenure, and no row that cannot be right."""
    return by_sql(rows, CHECKS)


def units_of(adults, children):
    alone = (adults == 0).astype("int64")
    children, adults = children - alone, adults + alone
    total = 100 + 51 * (adults > 1).astype("int64") + 60 * (adults - 2).clip(0)
    return total + 52 * (children > 0).astype("int64") + 42 * (children - 1).clip(0)


def by_pandas(rows):
    frame = pd.read_parquet(rows)
    frame["adult"] = frame["age"] >= 20
    homes = frame.groupby("h").agg(
        a=("a", "first"),
        t=("t", "first"),
        kr=("kr", "sum"),
        adults=("adult", "sum"),
        size=("age", "size"),
    )
    adults = homes["adults"].astype("int64")
    per_unit = 100 * homes["kr"] / units_of(adults, homes["size"] - adults)
    cuts = per_unit.quantile([0.25, 0.5, 0.75], interpolation="lower")
    homes["place"] = sum((per_unit > cut).astype("int8") for cut in cuts)
    counts = homes.groupby(["a", "t", "place"], observed=True).size()
    return counts.rename("n").reset_index()


def checks_of(pl):
    """What ours asks of each household beside the counts."""
    area, tenure = pl.col("a").to_physical(), pl.col("t").to_physical()
    age, income = pl.col("age"), pl.col("kr")
    code = pl.col("a").cast(pl.String).str.contains("^[0-9]{4}[ABC][0-9]{4}$")
    return {
        "two_areas": area.min() != area.max(),
        "split": tenure.min() != tenure.max(),
        "no_age": (~age.is_between(0, 130).fill_null(False)).any(),
        "no_income": ((age >= 20) & income.is_null()).any(),
        "no_area": (~code.fill_null(False)).any(),
    }


def by_polars_with_checks(rows):
    return by_polars(rows, checks=checks_of)


def by_polars(rows, checks=lambda _pl: {}):
    import polars as pl

    asked = checks(pl)
    one, zero = pl.lit(1, pl.Int64), pl.lit(0, pl.Int64)
    alone = pl.when(pl.col("adults") == 0).then(one).otherwise(zero)
    adults, children = pl.col("adults") + alone, pl.col("children") - alone
    units = (
        100
        + pl.when(adults > 1).then(51).otherwise(0)
        + 60 * pl.max_horizontal(adults - 2, zero)
        + pl.when(children > 0).then(52).otherwise(0)
        + 42 * pl.max_horizontal(children - 1, zero)
    )
    grown = (pl.col("age") >= 20).cast(pl.Int64)
    homes = (
        pl.scan_parquet(rows)
        .group_by("h")
        .agg(
            pl.col("a", "t").first(),
            pl.col("kr").sum(),
            adults=grown.sum(),
            children=(1 - grown).sum(),
            **asked,
        )
        .with_columns(per_unit=100 * pl.col("kr") / units)
        .collect(engine="streaming")
    )
    if asked:
        homes.group_by(*asked).len()
    ordered = homes["per_unit"].sort()
    cuts = [ordered[-(-k * len(ordered) // 4) - 1] for k in (1, 2, 3)]
    place = sum((pl.col("per_unit") > cut).cast(pl.Int8) for cut in cuts)
    counted = homes.lazy().group_by("a", "t", place=place).agg(n=pl.len()).collect()
    return counted.to_pandas()


def as_counted(found):
    """Counts of a peer in the form of ours."""
    names = dict(zip("HBA", GROUPS, strict=True))
    found = found.assign(group=found["t"].astype(str).map(names), deso=found["a"].astype(str))
    wide = found.pivot_table(
        index=["deso", "group"], columns="place", values="n", fill_value=0, aggfunc="sum"
    )
    return wide.set_axis(QUARTILES, axis=1).astype(np.int64).sort_index()


@pytest.mark.parametrize(
    ("peer", "act", "at_least"),
    [
        ("hand-written SQL", by_sql, 1 / 1.3),
        ("pandas", by_pandas, 1.7),
        ("polars, lazy", by_polars, 1.0),
        ("hand-written SQL with our checks", by_sql_with_checks, 1 / 1.3),
        ("polars, lazy, with our checks", by_polars_with_checks, 1.0),
    ],
)
def test_counts_of_a_country(benchmark, rows, asked, peer, act, at_least):
    ours, theirs = race.run(
        benchmark,
        lambda: count(asked).frame,
        lambda: act(rows),
        work=f"{PERSONS / 1e6:g} million persons, {AREAS:,} areas",
        peer=peer,
        at_least=at_least,
        rounds=1,
    )
    frame = ours.drop(index="all", level="group").droplevel("year")[QUARTILES]
    frame = frame[frame.sum(axis=1) > 0]
    pd.testing.assert_frame_equal(frame, as_counted(theirs), check_names=False)


def test_what_the_checks_and_the_medians_cost(benchmark, asked):
    """Beside the counts alone: the median of each area and group, which the index needs."""
    race.run(
        benchmark,
        lambda: count(replace(asked, medians=True)),
        lambda: count(asked),
        work="the same, with medians by area and group",
        peer="without",
        at_least=0.3,
        rounds=1,
    )
