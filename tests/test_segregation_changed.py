"""The test of a change of segregation: its false rate and power, its interval, and its sentence."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from grannskap import segregation
from grannskap.errors import DataError
from grannskap.measures.segregation import formulas
from grannskap.outputs.report import anatomy
from grannskap.outputs.report.model import Paragraph, every_block

NAMES = ["dissimilarity", "theil_h", "information"]


def draw(rng, people, odds):
    low = rng.binomial(people, odds)
    index = [f"0380A{1000 + number}" for number in range(len(people))]
    return pd.DataFrame({"low": low, "high": people - low}, index=index, dtype=float)


def measured(people, odds):
    counts = np.stack([people * odds, people * (1 - odds)])
    return np.array([float(formulas.MANY[name](counts)) for name in NAMES])


def trials(alike, stretch, towns=120, areas=20):
    """How often a change was found, and how often its interval held the true one."""
    rng = np.random.default_rng(7)
    found, held = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    for seed in range(towns):
        people, odds = rng.integers(50, 300, areas), np.full(areas, 0.25)
        if alike:
            odds = rng.beta(0.25 * (1 / alike - 1), 0.75 * (1 / alike - 1), areas)
        then = np.clip(0.25 + stretch * (odds - 0.25), 0, 1)
        told = segregation.change_test(
            draw(rng, people, odds), draw(rng, people, then), redraws=300, seed=seed
        ).loc[NAMES]
        true = measured(people, then) - measured(people, odds)
        found += told["p"] <= 0.05
        held += (told["lower"] - 1e-9 <= true) & (true <= told["upper"] + 1e-9)
    return found, held


@pytest.mark.parametrize("alike", [0.0, 0.05])
def test_where_nothing_changed_a_change_is_found_as_often_as_it_says(alike):
    found, held = trials(alike, 1.0)
    # Rates are 2–8 % (docs/segregation.md): of 120, more than 19 have a chance below 0.002. With an
    # estimate of each year's own 40 of the even towns were found.
    assert (found <= 19).all(), found
    assert (held >= 101).all(), held


def test_a_planted_change_is_found():
    found, held = trials(0.05, 1.4)
    assert (found >= 90).all(), found
    assert (held >= 101).all(), held


def test_a_year_held_against_itself_has_not_changed_and_back_is_the_other_way():
    rng = np.random.default_rng(3)
    one, two = (draw(rng, rng.integers(50, 300, 12), rng.uniform(0.1, 0.6, 12)) for _ in range(2))
    same = segregation.change_test(one, one)
    assert (same["difference"] == 0).all()
    assert (same["p"] > 0.5).all()
    forth, back = segregation.change_test(one, two), segregation.change_test(two, one)
    np.testing.assert_allclose(forth["difference"], -back["difference"])
    np.testing.assert_allclose(forth["se"], back["se"], rtol=0.2)
    assert forth.loc["information", "difference"] == pytest.approx(
        segregation.change(one, two)["difference"]
    )
    mixed = segregation.change_test(one.sample(frac=1, random_state=1), two)
    pd.testing.assert_frame_equal(mixed, forth)


def test_what_cannot_be_tested_has_no_p_and_what_is_no_year_is_refused():
    pair = pd.DataFrame({"low": [5.0, 2], "high": [3.0, 9]}, index=["a", "b"])
    told = segregation.change_test(pair, pair)
    assert told["p"].isna().all()
    assert told["difference"].notna().all()
    with pytest.raises(DataError, match="low"):
        segregation.change_test(pair, pair.rename(columns={"low": "poor"}))
    with pytest.raises(DataError, match="95"):
        segregation.change_test(pair, pair, confidence=95)


@pytest.mark.parametrize(
    ("p", "word"),
    [(0.01, "mer än slumpen"), (0.2, "kan bero på slumpen"), (np.nan, "inte jämförd")],
)
def test_the_report_says_that_segregation_changed_only_where_the_test_does(
    p, word, demo_results, demo_view
):
    tested = demo_results.anatomy.tested.assign(p=p)
    held = dataclasses.replace(demo_results.anatomy, tested=tested)
    results = dataclasses.replace(demo_results, anatomy=held)
    blocks = every_block((anatomy.section(results, demo_view, ()),))
    told = [one.text for one in blocks if isinstance(one, Paragraph) and "ömsesidig" in one.text]
    assert len(told) == 1
    assert word in told[0]
    assert ("ökade" in told[0] or "minskade" in told[0]) == (p == 0.01)
    assert "Den sanna förändringen ligger mellan" in told[0]
