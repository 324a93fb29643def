"""Evenness and exposure: theorems, exact small tables, and PySAL's segregation as oracle."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes, segregation
from grannskap.errors import DataError

relaxed = settings(deadline=None, max_examples=25)
measures = ["dissimilarity", "isolation", "exposure", "entropy", "theil_h"]
counts = st.integers(0, 30)
rows = st.lists(st.tuples(counts, counts), min_size=1, max_size=9)


def areas(pairs):
    index = pd.Index([f"0581C{1010 + 10 * i}" for i in range(len(pairs))], name="deso")
    return pd.DataFrame(pairs, index=index, columns=["x", "y"], dtype="float64")


def measured(table, labels="0581"):
    by = pd.Series(labels, index=table.index)
    return segregation.evenness(table["x"], table["y"], by=by)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [([(10, 30), (20, 60)], 0), ([(40, 10), (10, 40)], 0.6), ([(50, 0), (0, 70)], 1)],
)
def test_a_tiny_table_gives_exactly_0_and_three_fifths_and_1(pairs, expected):
    found = measured(areas(pairs)).iloc[0]
    assert found["dissimilarity"] == pytest.approx(expected, abs=1e-15)
    if expected != 0.6:
        assert found["theil_h"] == pytest.approx(expected, abs=1e-15)


def test_isolation_and_entropy_by_hand():
    found = measured(areas([(40, 10), (10, 40)])).iloc[0]
    assert found["isolation"] == pytest.approx(0.8 * 0.8 + 0.2 * 0.2)
    assert found["entropy"] == 1
    inside = -(0.8 * math.log2(0.8) + 0.2 * math.log2(0.2))
    assert found["theil_h"] == pytest.approx(1 - inside)


@given(rows)
@relaxed
def test_all_lie_in_0_to_1_and_isolation_and_exposure_sum_to_1(pairs):
    found = measured(areas(pairs)).iloc[0]
    values = found[measures].dropna()
    assert ((values >= -1e-12) & (values <= 1 + 1e-12)).all()
    if sum(x for x, _ in pairs):
        assert found["isolation"] + found["exposure"] == pytest.approx(1)


@given(rows)
@relaxed
def test_swapping_the_groups_changes_neither_evenness_nor_mix(pairs):
    table = areas(pairs)
    one, other = measured(table), measured(table.set_axis(["y", "x"], axis=1))
    kept = ["dissimilarity", "entropy", "theil_h"]
    np.testing.assert_allclose(one[kept], other[kept], atol=1e-12)


@given(rows, st.integers(2, 9))
@relaxed
def test_more_of_the_same_people_and_areas_cut_alike_change_nothing(pairs, times):
    table = areas(pairs)
    many = measured(table * times)
    halves = areas([*(table / 2).to_numpy(), *(table / 2).to_numpy()])
    for other in (many, measured(halves)):
        np.testing.assert_allclose(measured(table)[measures], other[measures], atol=1e-12)


@given(st.lists(st.tuples(counts, counts, st.sampled_from("ab")), min_size=2, max_size=9))
@relaxed
def test_information_between_and_within_places_sums_to_the_total(triples):
    table = areas([(x, y) for x, y, _ in triples])
    labels = [label for _, _, label in triples]
    within, total = measured(table, labels), measured(table).iloc[0]
    between = within[["minority", "majority"]].set_axis(["x", "y"], axis=1)
    between.index = pd.Index([f"0581C{1010 + 10 * i}" for i in range(len(between))])
    people = within[["minority", "majority"]].sum(axis=1)
    inner = (people * within["theil_h"].fillna(0) * within["entropy"].fillna(0)).sum()
    outer = measured(between).iloc[0]
    if people.sum() and not math.isnan(total["theil_h"]):
        parts = outer["theil_h"] * outer["entropy"] + inner / people.sum()
        assert parts == pytest.approx(total["theil_h"] * total["entropy"], abs=1e-12)


@given(rows, st.randoms())
@relaxed
def test_row_order_and_other_municipalities_change_nothing(pairs, random):
    table = areas([*pairs, (3, 4), (5, 1)])
    labels = pd.Series(["a"] * len(pairs) + ["b"] * 2, index=table.index)
    order = list(table.index)
    random.shuffle(order)
    found = measured(table.loc[order], labels[order])
    np.testing.assert_allclose(
        found.loc["a", measures].astype(float),
        measured(table.iloc[: len(pairs)]).iloc[0][measures].astype(float),
        atol=1e-12,
    )


def test_an_area_of_one_person_counts_too():
    found = measured(areas([(1, 0), (0, 1), (1, 1)])).iloc[0]
    assert found["isolation"] == pytest.approx(0.5 * 1 + 0.5 * 0.5)
    assert found["exposure"] == pytest.approx(0.5 * 0.5)


def test_gaps_and_empty_areas():
    table = areas([(40, 10), (10, 40), (0, 0), (None, 5)])
    found = measured(table)
    expected = measured(areas([(40, 10), (10, 40)]))
    pd.testing.assert_frame_equal(found[measures], expected[measures])
    assert found[["areas", "areas_missing"]].to_numpy().tolist() == [[3, 1]]
    assert notes.of(found)[0].codes == ("0581C1040",)


def test_a_group_that_nobody_belongs_to_cannot_be_spread():
    found = measured(areas([(0, 10), (0, 40), (None, 3)]), ["a", "a", "b"])
    assert found.loc["a", ["dissimilarity", "isolation", "exposure", "theil_h"]].isna().all()
    assert found.loc["a", "entropy"] == 0
    assert found.loc["b", measures].isna().all()
    assert notes.of(found)[-1].codes == ("a", "b")
    assert found.loc["b", ["minority", "majority"]].isna().all()


def test_what_cannot_be_measured_is_refused():
    table = areas([(1, 2), (3, 4)])
    by = pd.Series("0581", index=table.index)
    for x, y in (
        (table["x"], table["y"].iloc[::-1]),
        (table["x"], -table["y"]),
        (table["x"].astype("str"), table["y"]),
        (table["x"] * math.inf, table["y"]),
    ):
        with pytest.raises(DataError):
            segregation.evenness(x, y, by=by)
    with pytest.raises(DataError):
        segregation.evenness(table["x"], table["y"], by=by.iloc[:1])


@pytest.mark.real
@pytest.mark.filterwarnings("ignore")
def test_pysal_gives_the_same_for_real_municipalities(shared_data):
    singlegroup = pytest.importorskip("segregation.singlegroup")
    path = shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv"
    country = pd.read_csv(path, dtype={"deso": str, "kommun": str}).set_index("deso")
    found = segregation.evenness(country["bg_foreign"], country["bg_swedish"], by=country["kommun"])
    oracles = {
        "dissimilarity": singlegroup.Dissim,
        "isolation": singlegroup.Isolation,
        "exposure": singlegroup.Interaction,
        "theil_h": singlegroup.Entropy,
    }
    for municipality in ("0180", "0581", "2582"):
        rows = country[country["kommun"] == municipality].assign(
            both=lambda frame: frame["bg_foreign"] + frame["bg_swedish"]
        )
        for name, oracle in oracles.items():
            expected = oracle(rows, "bg_foreign", "both").statistic
            assert found.loc[municipality, name] == pytest.approx(expected, rel=1e-12)
