"""What every measure of segregation keeps: its bounds, and what changes nothing in it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grannskap import notes, segregation
from grannskap.errors import DataError
from grannskap.measures.segregation import even, formulas, redraws

relaxed = settings(deadline=None, max_examples=40)
EVERY = {**formulas.TWO, **formulas.MANY, **formulas.ORDERED}
ABOVE_ONE = {"information", "rank_order"}
"""The information is in nats; the polynomial of the rank order can leave 0–1 at extreme cuts."""

ONE_SIDED = {"isolation", "isolation_of_second", "exposure", "correlation_ratio"}
"""Measures that tell which of the groups is which."""


def counts_of(groups=(2, 4), areas=(1, 8), most=30):
    return st.tuples(st.integers(*groups), st.integers(*areas)).flatmap(
        lambda shape: st.lists(
            st.lists(st.integers(0, most), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        ).map(lambda rows: np.array(rows, dtype="float64"))
    )


def measures_of(counts):
    two = len(counts) == 2
    return {**(formulas.TWO if two else {}), **formulas.MANY, **formulas.ORDERED}


def same(one, other, name):
    np.testing.assert_allclose(one, other, atol=1e-9, err_msg=name)


@given(counts_of())
@relaxed
def test_bounds(counts):
    for name, measure in measures_of(counts).items():
        value = float(measure(counts))
        assert np.isnan(value) or value >= -1e-12 or name == "rank_order", name
        if name not in ABOVE_ONE:
            assert np.isnan(value) or value <= 1 + 1e-12, name
    entropy = -sum(p * math.log(p) for p in counts.sum(axis=1) / max(counts.sum(), 1) if p)
    assert np.isnan(formulas.information(counts)) or formulas.information(counts) <= entropy + 1e-9


@given(counts_of(), st.randoms(use_true_random=False), st.floats(1e-3, 1e6))
@relaxed
def test_order_of_areas_number_of_people_and_empty_areas_change_nothing(counts, random, times):
    order = list(range(counts.shape[1]))
    random.shuffle(order)
    wider = np.concatenate([counts, np.zeros((len(counts), 2))], axis=1)
    for name, measure in measures_of(counts).items():
        value = measure(counts)
        same(measure(counts[:, order]), value, name)
        same(measure(counts * times), value, name)
        same(measure(wider), value, name)


@given(counts_of(), st.integers(2, 4))
@relaxed
def test_areas_of_one_mix_can_be_one_area_or_many(counts, parts):
    cut = np.concatenate([counts / parts] * parts, axis=1)
    for name, measure in measures_of(counts).items():
        same(measure(cut), measure(counts), name)


@given(counts_of(), st.integers(0, 7))
@relaxed
def test_joining_two_areas_never_makes_a_town_more_uneven(counts, first):
    assume(counts.shape[1] > 1)
    one = first % (counts.shape[1] - 1)
    joined = np.delete(counts, one, axis=1)
    joined[:, one] += counts[:, one]
    for name, measure in measures_of(counts).items():
        if name in ("exposure", "rank_order"):
            continue  # who meets more of the others is less apart; a polynomial promises nothing
        assert not measure(joined) > measure(counts) + 1e-9, name
    if len(counts) == 2:
        assert not formulas.exposure(joined) < formulas.exposure(counts) - 1e-9


@given(counts_of(), st.randoms(use_true_random=False))
@relaxed
def test_the_names_of_groups_are_nothing_to_evenness_and_their_order_turned_nothing_to_ranks(
    counts, random
):
    order = list(range(len(counts)))
    random.shuffle(order)
    for name, measure in formulas.MANY.items():
        same(measure(counts[order]), measure(counts), name)
    if len(counts) == 2:
        same(formulas.atkinson(counts[::-1]), formulas.atkinson(counts), "atkinson")
        same(
            formulas.correlation_ratio(counts[::-1]),
            formulas.correlation_ratio(counts),
            "correlation ratio",
        )
        same(formulas.isolation(counts[::-1]), formulas.isolation_of_second(counts), "isolation")
    for name, measure in formulas.ORDERED.items():
        np.testing.assert_allclose(measure(counts[::-1]), measure(counts), atol=1e-6, err_msg=name)


@given(counts_of(groups=(2, 2)))
@relaxed
def test_isolation_exposure_and_the_correlation_ratio_are_one_thing(counts):
    isolation, exposure = formulas.isolation(counts), formulas.exposure(counts)
    first, second = counts.sum(axis=1)
    assume(first > 0)
    same(isolation + exposure, 1.0, "sum")
    assume(second > 0)
    share = first / (first + second)
    same(share + (1 - share) * formulas.correlation_ratio(counts), isolation, "eta")
    same(second * formulas.exposure(counts[::-1]), first * exposure, "both ways as many meetings")


@given(counts_of(groups=(2, 2), areas=(2, 8)))
@relaxed
def test_gini_is_at_least_dissimilarity_and_at_most_what_two_triangles_allow(counts):
    gini, apart = formulas.gini(counts), formulas.dissimilarity(counts)
    assume(np.isfinite(gini))
    assert apart - 1e-12 <= gini <= 2 * apart - apart**2 + 1e-12


@given(counts_of(), st.lists(st.integers(0, 2), min_size=8, max_size=8))
@relaxed
def test_information_between_and_within_parts_sums_to_the_whole(counts, labels):
    assume(counts.sum() > 0)
    of = np.array(labels[: counts.shape[1]])
    parts = [counts[:, of == label] for label in range(3)]
    between = formulas.information(np.stack([part.sum(axis=1) for part in parts], axis=1))
    within = sum(float(p.sum() * formulas.information(p)) for p in parts if p.sum())
    same(between + within / counts.sum(), formulas.information(counts), "areas")
    by_group = [counts[: len(counts) // 2], counts[len(counts) // 2 :]]
    outer = formulas.information(np.stack([part.sum(axis=0) for part in by_group]))
    inner = sum(float(p.sum() * formulas.information(p)) for p in by_group if p.sum())
    same(outer + inner / counts.sum(), formulas.information(counts), "groups")


@given(counts_of(), st.integers(2, 4))
@relaxed
def test_a_stack_of_towns_is_measured_as_each_of_them(counts, towns):
    rng = np.random.default_rng(int(counts.sum()))
    stack = np.stack([rng.permuted(counts, axis=0) for _ in range(towns)])
    for name, measure in measures_of(counts).items():
        whole = measure(stack[None])
        assert whole.shape == (1, towns)
        # Sums of a stack are taken in another order: they may differ in the last bits.
        each = [float(measure(one)) for one in stack]
        np.testing.assert_allclose(whole[0], each, rtol=1e-12, atol=1e-14, err_msg=name)


@given(counts_of(groups=(3, 5), areas=(2, 8)))
@relaxed
def test_a_group_of_nobody_adds_nothing(counts):
    for place in range(len(counts) + 1):
        more = np.insert(counts, place, 0.0, axis=0)
        for name in (*formulas.MANY, "rank_order"):
            same(EVERY[name](more), EVERY[name](counts), name)


@given(counts_of(areas=(2, 5), most=6))
@relaxed
def test_an_even_spread_of_people_lies_within_what_all_placements_can_give(counts):
    assume((counts.sum(axis=1) > 0).all())
    for name in even.EXACT:
        if name in ONE_SIDED and len(counts) > 2:
            continue
        mean = even.expected(name, counts)
        assert np.isnan(mean) or mean >= -1e-9
        assert name == "information" or np.isnan(mean) or mean <= 1 + 1e-9


@given(counts_of(areas=(1, 6), most=9), st.integers(0, 9))
@relaxed
def test_shuffled_and_redrawn_towns_keep_what_they_keep(counts, seed):
    rng = np.random.default_rng(seed)
    mixed = redraws.shuffled(counts, 7, rng)
    assert (mixed.sum(axis=1) == counts.sum(axis=0)).all()
    assert (mixed.sum(axis=2) == counts.sum(axis=1)).all()
    sizes = counts.sum(axis=0)
    shares = np.divide(counts, sizes, out=np.full_like(counts, 1 / len(counts)), where=sizes > 0)
    drawn = redraws.redrawn(sizes, np.broadcast_to(shares, (7, *shares.shape)), rng)
    assert (drawn.sum(axis=1) == sizes).all()
    assert (drawn >= 0).all()
    assert (drawn[:, counts == 0] == 0)[
        :, (sizes > 0)[None].repeat(len(counts), 0)[counts == 0]
    ].all()


# Small tables


def frame(rows, names="xyzvw"):
    table = np.asarray(rows, dtype="float64")
    index = [f"0581C{1010 + 10 * i}" for i in range(len(table))]
    return pd.DataFrame(table, index=index, columns=list(names[: table.shape[1]]))


def measured(table, labels="0581", **options):
    by = pd.Series(labels, index=table.index)
    return segregation.indices(table, by=by, redraws=0, **options)["estimate"].unstack()


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [([(10, 30), (20, 60)], 0), ([(40, 10), (10, 40)], 0.6), ([(50, 0), (0, 70)], 1)],
)
def test_a_tiny_table_gives_exactly_0_and_three_fifths_and_1(pairs, expected):
    found = measured(frame(pairs)).loc["0581"]
    assert found["dissimilarity"] == pytest.approx(expected, abs=1e-15)
    if expected != 0.6:
        for name in ("gini", "theil_h", "atkinson", "correlation_ratio"):
            assert found[name] == pytest.approx(expected, abs=1e-15)


def test_isolation_and_entropy_by_hand():
    found = measured(frame([(40, 10), (10, 40)])).loc["0581"]
    assert found["isolation"] == pytest.approx(0.8 * 0.8 + 0.2 * 0.2)
    inside = -(0.8 * math.log2(0.8) + 0.2 * math.log2(0.2))
    assert found["theil_h"] == pytest.approx(1 - inside)
    assert found["atkinson"] == pytest.approx(1 - 0.8**2)


def test_an_area_of_one_person_counts_too():
    found = measured(frame([(1, 0), (0, 1), (1, 1)])).loc["0581"]
    assert found["isolation"] == pytest.approx(0.5 * 1 + 0.5 * 0.5)
    assert found["exposure"] == pytest.approx(0.5 * 0.5)


def test_two_chosen_groups_of_many_are_two_columns():
    table = frame([(40, 10, 7), (10, 40, 90), (3, 2, 0)])
    pair = measured(table[["x", "z"]])
    assert pair.loc["0581", "dissimilarity"] == pytest.approx(
        abs(table["x"] / table["x"].sum() - table["z"] / table["z"].sum()).sum() / 2
    )


def test_gaps_and_empty_areas():
    table = frame([(40, 10), (10, 40), (0, 0), (None, 5)])
    by = pd.Series("0581", index=table.index)
    found = segregation.indices(table, by=by, redraws=40)
    plain = segregation.indices(table[:2], by=by[:2], redraws=40)
    pd.testing.assert_series_equal(found["estimate"], plain["estimate"])
    assert found[["areas", "areas_missing"]].drop_duplicates().to_numpy().tolist() == [[3, 1]]
    assert notes.of(found)[0].codes == ("0581C1040",)


def test_a_group_that_nobody_belongs_to_cannot_be_spread():
    table = frame([(0, 10), (0, 40), (None, 3)])
    by = pd.Series(["a", "a", "b"], index=table.index)
    found = segregation.indices(table, by=by, redraws=0)
    needed = ["dissimilarity", "gini", "theil_h", "atkinson", "isolation", "exposure"]
    assert found.loc["a", "estimate"][needed].isna().all()
    assert found.loc["b", "estimate"].isna().all()
    (told,) = [note for note in notes.of(found) if note.kind == "places without a group"]
    assert told.codes == ("a", "b")
    assert "2 places" in told.text.en


def test_of_many_groups_an_empty_one_stops_neither_interval_nor_test():
    rng = np.random.default_rng(4)
    table = frame(np.insert(rng.integers(5, 60, (12, 3)), 1, 0, axis=1))
    by = pd.Series("0581", index=table.index)
    found = segregation.indices(table, by=by, redraws=100)
    assert (found["status"] == "ok").all()
    assert found[["even", "p", "bias", "lower", "upper"]].notna().all(axis=None)
    without = segregation.indices(table.drop(columns="y"), by=by, redraws=100)
    np.testing.assert_allclose(found["even"], without["even"], atol=0.02)
    np.testing.assert_allclose(found["lower"], without["lower"], atol=0.03)


def test_what_cannot_be_measured_is_refused():
    table = frame([(1, 2), (3, 4)])
    by = pd.Series("0581", index=table.index)
    for wrong in (
        -table,
        table * math.inf,
        table.astype("str"),
        table.astype(complex),
        table.assign(x=["1", None]),
        table[["x"]],
    ):
        with pytest.raises(DataError):
            segregation.indices(wrong, by=by)
    for strange in (by[::-1], by[:1], by.where(by.index == by.index[0])):
        with pytest.raises(DataError):
            segregation.indices(table, by=strange)


KINDS = ["int64", "uint8", "int16", "float32", "Int64", "Float64", "int64[pyarrow]", "object"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_number_gives_the_same_and_no_argument_is_changed(kind):
    rng = np.random.default_rng(3)
    plain = frame(rng.integers(0, 60, (9, 3)))
    table = plain.astype(kind)
    by = pd.Series("0581", index=plain.index)
    given, places = table.copy(deep=True), by.copy(deep=True)
    found = segregation.indices(table, by=by, ordered=True, redraws=20)
    pd.testing.assert_frame_equal(
        found, segregation.indices(plain, by=by, ordered=True, redraws=20)
    )
    pd.testing.assert_frame_equal(table, given)
    pd.testing.assert_series_equal(by, places)
    pd.testing.assert_series_equal(
        segregation.change(table, table[::-1] + 1), segregation.change(plain, plain[::-1] + 1)
    )
    pd.testing.assert_frame_equal(table, given)


@pytest.mark.parametrize("kind", ["Int64", "Float64", "int64[pyarrow]", "boolean", "object"])
def test_a_missing_count_is_missing_in_every_kind_of_column(kind):
    table = frame([(1, 0), (0, 1), (1, 1), (1, 0)]).astype(kind)
    table.iloc[3, 1] = pd.NA
    by = pd.Series("0581", index=table.index)
    found = segregation.indices(table, by=by, redraws=0)
    assert (found["areas_missing"] == 1).all()
    assert found.loc[("0581", "dissimilarity"), "estimate"] == pytest.approx(0.5)


@pytest.mark.parametrize("times", [1e-12, 1e-3, 1e6, 1e12, 1e100])
def test_counts_as_small_and_large_as_numbers_go(times):
    plain = frame(np.random.default_rng(8).integers(1, 60, (6, 3)))
    by = pd.Series("0581", index=plain.index)
    one, other = (
        segregation.indices(table, by=by, ordered=True, redraws=0)["estimate"]
        for table in (plain, plain * times)
    )
    np.testing.assert_allclose(one, other, rtol=1e-9)


def test_a_table_of_no_areas_has_no_rows():
    table = frame(np.zeros((0, 2)))
    found = segregation.indices(table, by=pd.Series([], index=table.index, dtype="str"))
    assert found.empty
    assert found.index.names == ["place", "measure"]


def test_areas_that_come_twice_are_refused():
    table = frame([(1, 2), (3, 4)])
    table.index = ["0581C1010"] * 2
    by = pd.Series("0581", index=table.index)
    with pytest.raises(DataError):
        segregation.indices(table, by=by)
