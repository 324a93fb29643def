"""Shares in results: every level, year and group, against scipy's exact interval."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from grannskap import analysis
from grannskap.catalogue import SHARES

INTERVAL = ["interval_lower", "interval_upper"]


@pytest.fixture(scope="module")
def asked_otherwise(demo_read):
    """The made-up town at another confidence, with people of one area who are alike."""
    data, options, _ = demo_read

    def run(**balance):
        asked = options.balance.model_copy(update=balance)
        return analysis.run(data, options.model_copy(update={"balance": asked}))

    return run(confidence=0.8), run(confidence=0.8, dispersion=0.02)


def shares_of(results):
    named = [name for name in SHARES if name in results.measured]
    assert len(named) >= 10
    return named


def summed(results, share, row) -> tuple[float, float, bool]:
    """Part and base of a place from the dataset itself, and whether all of it is known."""
    level, place, year, group = row
    codes = [place] if level == "area" else results.codes_of(level, place)
    rows = pd.MultiIndex.from_product([codes, [year], [group]])
    sides = results.dataset.counts[[SHARES[share].part, SHARES[share].base]]
    found = sides.reindex(rows).to_numpy(dtype=float)
    known = ~np.isnan(found).any(axis=1)
    part, base = map(float, found[known].sum(axis=0))
    return part, base, bool(known.all())


def exactly(part, base, confidence) -> list[float]:
    """The interval of Clopper and Pearson (1934), by the beta distribution."""
    tail = (1 - confidence) / 2
    low = beta.ppf(tail, part, base - part + 1) if part > 0 else 0.0
    high = beta.ppf(1 - tail, part + 1, base - part) if part < base else 1.0
    return [float(low), float(high)]


@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_every_share_of_every_place_is_its_counts_with_their_exact_interval(
    demo_results, asked_otherwise, confidence
):
    results = demo_results if confidence == 0.95 else asked_otherwise[0]
    for share in shares_of(results):
        measured = results.measured[share]
        assert measured.parameters["confidence"] == confidence
        whole = 0
        # Every place, and some of the areas: a hundred rows of each share are enough.
        table = measured.table
        areas = table.index.get_level_values("level") == "area"
        for row, told in table[~areas | (np.arange(len(table)) % 9 == 0)].iterrows():
            part, base, known = summed(results, share, row)
            if base == 0:
                assert np.isnan(told["estimate"])
                continue
            assert told["estimate"] == pytest.approx(part / base, abs=1e-12)
            if known:
                whole += 1
                assert told[["lower", "upper"]].tolist() == pytest.approx([part / base] * 2)
                assert told[INTERVAL].astype(float).tolist() == pytest.approx(
                    exactly(part, base, confidence), abs=1e-9
                )
        assert whole > 20, share


def test_where_something_is_hidden_chance_comes_on_top_of_what_is_not_known(demo_results):
    hidden = 0
    for share in shares_of(demo_results):
        table = demo_results.table(share)
        some = table[table["lower"] < table["upper"]]
        hidden += len(some)
        ends = some[[*INTERVAL, "lower", "upper"]].dropna().astype(float)
        assert (ends["interval_lower"] <= ends["lower"]).all()
        assert (ends["interval_upper"] >= ends["upper"]).all()
    assert hidden > 0


def test_those_who_are_alike_tell_less_and_change_no_share(asked_otherwise):
    alone, alike = asked_otherwise
    for share in shares_of(alone):
        one, other = alone.table(share), alike.table(share)
        pd.testing.assert_series_equal(one["estimate"], other["estimate"])
        held = one["estimate"].between(0, 1, inclusive="neither")
        wide = [table.loc[held, INTERVAL].diff(axis=1).iloc[:, 1] for table in (one, other)]
        assert (wide[1] > wide[0]).all(), share
        assert alike.measured[share].model != alone.measured[share].model


def test_the_change_of_a_share_is_tested_of_places_alone(demo_results):
    """Thousands of areas would need a test of their own; none has an interval."""
    for share in shares_of(demo_results):
        table = demo_results.table(f"{share}_change")
        of_areas = table.index.get_level_values("level") == "area"
        assert table[[*INTERVAL]].isna().all(axis=None)
        assert table.loc[of_areas, ["p", "q"]].isna().all(axis=None)
        places = table[~of_areas]
        assert (places["p"].notna() == places["estimate"].notna()).all()
        assert (places["q"].dropna() >= places["p"].dropna() - 1e-12).all()
