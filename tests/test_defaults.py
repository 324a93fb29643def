"""What a measure does when nothing is said: as when what is documented is said outright."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal.graph import Graph

from grannskap import autocorrelation, balance, indicators, neighbours, notes, segregation
from grannskap.measures import proportion

CODES = [f"9999C{1000 + 10 * i}" for i in range(40)]
RNG = np.random.default_rng(5)
VALUES = pd.Series(np.r_[np.full(12, 3.0), np.zeros(28)] + RNG.random(40), index=CODES)
LOW = pd.Series(RNG.integers(5, 60, 40).astype(float), index=CODES)
HIGH = pd.Series(RNG.integers(5, 60, 40).astype(float), index=CODES)
PLACE = pd.Series(np.repeat(["a", "b"], 20), index=CODES)
PAIRS = [(a, b) for a in range(40) for b in range(40) if 0 < abs(a - b) <= 2]
GRAPH = Graph.from_arrays(*zip(*[(CODES[a], CODES[b], 1) for a, b in PAIRS], strict=True))

TESTED = {"correction": "bh", "alternative": "two-sided", "statistic": "moran"}
LOCAL = TESTED | {
    "inference": "exact", "permutations": 9999, "most_permutations": 999_999, "alpha": 0.05,
    "seed": 0,
}  # fmt: skip
SETTINGS = {key: value for key, value in LOCAL.items() if key not in ("alpha", "seed")}

CASES = {
    "local": (lambda **o: autocorrelation.local(VALUES, GRAPH, **o), LOCAL),
    "overall_within": (
        lambda **o: autocorrelation.overall_within(VALUES, GRAPH, PLACE, **o),
        TESTED | {"permutations": 999, "seed": 0, "alpha": 0.05},
    ),
    "sensitivity": (
        lambda **o: autocorrelation.sensitivity(VALUES, {"near": GRAPH}, **o),
        SETTINGS | {"alphas": (0.05,), "seeds": (0,)},
    ),
    "scatter": (lambda **o: autocorrelation.scatter(VALUES, GRAPH, **o), {"named": 5}),
    "areas": (
        lambda **o: balance.areas(LOW, HIGH, **o),
        {"confidence": 0.95, "dispersion": 0.0},
    ),
    "places": (
        lambda **o: balance.places(LOW, HIGH, PLACE, **o),
        {"confidence": 0.95, "dispersion": 0.0},
    ),
    "change": (
        lambda **o: balance.change(LOW, HIGH, HIGH, LOW, **o),
        {"confidence": 0.95, "dispersion": 0.0, "correction": "bh"},
    ),
    "change_of_places": (
        lambda **o: balance.change_of_places(LOW, HIGH, HIGH, LOW, PLACE, **o),
        {"confidence": 0.95, "dispersion": 0.0, "correction": "bh"},
    ),
    "shares": (
        lambda **o: proportion.areas(LOW, LOW + HIGH, confidence=0.9, **o),
        {"dispersion": 0.0},
    ),
    "shares of places": (
        lambda **o: proportion.places(LOW, LOW + HIGH, PLACE, confidence=0.9, **o),
        {"dispersion": 0.0},
    ),
    "index": (
        lambda **o: segregation.segregation_index(VALUES, PLACE, **o),
        {"worst": "min"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_said_is_what_is_documented(name):
    measure, documented = CASES[name]
    plain, said = measure(), measure(**documented)
    pd.testing.assert_frame_equal(plain, said)
    assert plain.attrs == said.attrs
    assert notes.of(plain) == notes.of(said)


def test_the_test_of_all_areas_makes_9999_arrangements_of_seed_0():
    plain = autocorrelation.overall(VALUES, GRAPH)
    said = autocorrelation.overall(VALUES, GRAPH, **TESTED_OVERALL)
    assert plain == said
    np.testing.assert_array_equal(plain.simulated, said.simulated)
    assert len(plain.simulated) == 9999


TESTED_OVERALL = {
    "statistic": "moran", "permutations": 9999, "seed": 0, "alternative": "two-sided",
}  # fmt: skip


def test_scores_are_means_of_relatives_with_equal_weights():
    table = pd.DataFrame({"employment_rate": LOW / 100, "post_secondary_share": HIGH / 100})
    plain = segregation.scores(table, PLACE)
    weights = dict.fromkeys(table, 0.5)
    said = segregation.scores(table, PLACE, method="relative", wanted=list(table), weights=weights)
    pd.testing.assert_series_equal(plain, said)


def test_indicators_take_a_missing_row_for_unknown_and_give_no_interval():
    index = pd.MultiIndex.from_product([CODES, [2017], ["all"]], names=["deso", "year", "group"])
    register = pd.DataFrame({"low": LOW.to_numpy(), "households": 100.0}, index=index)
    plain = indicators.table(register, PLACE)
    pd.testing.assert_frame_equal(
        plain, indicators.table(register, PLACE, absent="missing", confidence=None)
    )
    assert not [name for name in plain if name.endswith(("_lower", "_upper"))]


def test_neighbours_touch_in_a_point_or_are_the_six_nearest():
    squares = gpd.GeoSeries(
        [shapely.box(x, y, x + 1, y + 1) for y in range(5) for x in range(8)],
        index=CODES,
        crs="EPSG:3006",
    )
    assert neighbours.build(squares) == neighbours.build(squares, kind="queen", tolerance=0.0)
    assert neighbours.build(squares, kind="knn") == neighbours.build(squares, kind="knn", k=6)
    triangular = neighbours.build(squares, kind="kernel", bandwidth=2, kernel="triangular")
    assert neighbours.build(squares, kind="kernel", bandwidth=2) == triangular
    for other in ("rook", "knn"):
        assert neighbours.build(squares) != neighbours.build(squares, kind=other)


# --- The scatterplot's points -----------------------------------------------------------------


def test_the_slope_and_the_number_of_points_are_told():
    found = autocorrelation.scatter(VALUES, GRAPH, named=3)
    slope, _ = np.polyfit(found["z"], found["lag"], 1)
    assert found.attrs["parameters"] == {"slope": pytest.approx(slope), "points": 40}
    ranked = found["influence"].abs().sort_values(ascending=False).index[:3]
    assert set(found.index[found["named"]]) == set(ranked)
    for named in (0, 40, 99):
        assert autocorrelation.scatter(VALUES, GRAPH, named=named)["named"].sum() == min(named, 40)


def test_points_that_all_have_one_value_have_no_slope_and_no_influence():
    codes = [*"abcd"]
    graph = Graph.from_arrays(["a", "b", "c", "d"], ["b", "a", "c", "d"], [1, 1, 0, 0])
    found = autocorrelation.scatter(pd.Series([2.0, 2.0, 1.0, 5.0], index=codes), graph)
    assert found.attrs["parameters"] == {"slope": 0.0, "points": 2}
    assert found["influence"].tolist()[:2] == [0, 0]
    assert found[["z", "lag", "influence"]].iloc[2:].isna().all(axis=None)


def test_a_point_that_carries_the_line_alone_has_a_finite_influence():
    codes = [*"abcd"]
    links = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "c")]
    graph = Graph.from_arrays(*zip(*[(x, y, 1) for x, y in links], strict=True))
    found = autocorrelation.scatter(pd.Series([1.0, 1.0, 1.0, 9.0], index=codes), graph)
    assert np.isfinite(found["influence"]).all()
