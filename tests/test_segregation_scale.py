"""Segregation by scale: hand-made rows of areas, brute force, and PySAL's profiles."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from grannskap import segregation
from grannskap.errors import DataError
from grannskap.measures.segregation import formulas

relaxed = settings(deadline=None, max_examples=30)


def town(seed, areas=14, groups=3, low=1):
    rng = np.random.default_rng(seed)
    index = [f"0380C{1000 + 10 * i}" for i in range(areas)]
    points = gpd.GeoSeries(
        gpd.points_from_xy(*rng.uniform(0, 5000, (2, areas))), index=index, crs="EPSG:3006"
    )
    counts = pd.DataFrame(
        rng.integers(low, 60, (areas, groups)), index=index, columns=range(groups)
    )
    return counts.rename(columns=str).astype(float), points


def slowly(counts, points, largest):
    """The definition read aloud: an area at a time, a distance at a time."""
    whole = counts.sum() / counts.to_numpy().sum()
    found = {}
    for code, here in points.items():
        apart = points.distance(here)
        steps = []
        for metres in sorted(apart.unique()):
            met = counts[apart <= metres].sum()
            mixes = zip(met / met.sum(), whole, strict=True)
            steps.append((met.sum(), sum(p * np.log(p / q) for p, q in mixes if p)))
        total, before = 0.0, 0.0
        for number, (people, _) in enumerate(steps):
            total += (people - before) * max(apart for _, apart in steps[number:])
            before = people
        found[code] = total / before / largest
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_coefficient_is_what_its_definition_says(seed):
    counts, points = town(seed)
    found = segregation.distortion(counts, points)["distortion"]
    plain = pd.Series(slowly(counts, points, 1.0))
    ratio = (plain / found).to_numpy()
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)
    shares = np.sort((counts.sum() / counts.to_numpy().sum()).to_numpy())
    fractions = (np.arange(200_000) + 0.5) / 200_000
    ends = np.cumsum(shares)
    met = np.clip(fractions[:, None] - (ends - shares), 0, shares)
    mix = met / fractions[:, None]
    apart = np.where(mix > 0, mix * np.log(np.where(mix > 0, mix, 1) / shares), 0).sum(axis=1)
    assert ratio[0] == pytest.approx(apart.mean(), rel=1e-4)


def test_pysals_sum_of_divergences_is_ours_where_a_walk_only_nears_the_town():
    from segregation.local import LocalDistortion

    low = np.array([30.0, 26, 22, 18, 14, 10, 6, 2])
    index = [f"0380C{1000 + 10 * i}" for i in range(8)]
    counts = pd.DataFrame({"low": low, "high": 32 - low}, index=index)
    points = gpd.GeoSeries(
        gpd.points_from_xy(np.arange(8) * 100.0 + np.arange(8) ** 2, np.zeros(8)),
        index=index,
        crs="EPSG:3006",
    )
    peer = LocalDistortion(gpd.GeoDataFrame(counts, geometry=points), groups=["low", "high"])
    theirs = peer.statistics.reindex(index).to_numpy()
    ours = segregation.distortion(counts, points)["distortion"].to_numpy()
    for end in (0, -1):  # from the ends of the row the mix nears the town's at each step
        assert ours[end] * formulas_largest() == pytest.approx(theirs[end] / 8, rel=1e-9)
    assert (ours * formulas_largest() >= theirs / 8 - 1e-12).all()


def formulas_largest():
    """Two halves met one after the other: the integral of ln 2, then of the mixes."""
    fractions = (np.arange(1_000_000) + 0.5) / 1_000_000
    first = np.minimum(fractions, 0.5) / fractions
    second = 1 - first
    logs = first * np.log(2 * first) + np.where(
        second > 0, second * np.log(2 * np.maximum(second, 1e-300)), 0
    )
    return logs.mean()


@given(st.integers(0, 200))
@relaxed
def test_it_lies_between_0_and_1_and_a_town_of_one_mix_looks_alike_from_everywhere(seed):
    counts, points = town(seed, areas=8, groups=2)
    found = segregation.distortion(counts, points)["distortion"]
    assert ((found >= -1e-12) & (found <= 1 + 1e-9)).all()
    same = counts * 0 + np.array([3.0, 9.0])
    even = segregation.distortion(same, points)
    np.testing.assert_allclose(even.to_numpy(), 0, atol=1e-12)


def test_areas_at_one_distance_are_met_together_whatever_their_codes():
    index = ["0380C1000", "0380C1010", "0380C1020"]
    points = gpd.GeoSeries(
        gpd.points_from_xy([-100, 0, 100], [0] * 3), index=index, crs="EPSG:3006"
    )
    counts = pd.DataFrame({"low": [9.0, 5, 1], "high": [1.0, 5, 9]}, index=index)
    found = segregation.distortion(counts, points)
    assert found.loc["0380C1010", "distortion"] == 0
    near = segregation.nearest(counts, points, people=[20])
    assert near.loc["0380C1010", (20, "low")] == 0.5


@pytest.mark.parametrize("seed", range(3))
def test_the_nearest_people_are_counted_one_by_one(seed):
    counts, points = town(seed, areas=10, groups=2)
    for wanted in (1, 40, 173):
        found = segregation.nearest(counts, points, people=[wanted])
        for code, here in points.items():
            left, held = float(wanted), np.zeros(2)
            for other in points.distance(here).sort_values().index:
                whole = counts.loc[other].sum()
                share = min(1.0, left / whole)
                held += share * counts.loc[other].to_numpy()
                left -= share * whole
            np.testing.assert_allclose(found.loc[code].to_numpy(), held / wanted, atol=1e-12)


def test_a_profile_begins_at_the_areas_and_ends_at_the_town():
    counts, points = town(4, groups=2)
    smallest, whole = counts.sum(axis=1).min(), counts.to_numpy().sum()
    found = segregation.profile(counts, points, people=[smallest, whole, whole + 1])
    plain = counts.to_numpy().T
    assert found.loc[smallest, "dissimilarity"] == pytest.approx(
        float(formulas.dissimilarity(plain))
    )
    assert found.loc[smallest, "theil_h"] == pytest.approx(float(formulas.theil_h(plain)))
    assert found.loc[whole, ["dissimilarity", "theil_h"]].tolist() == pytest.approx([0, 0])
    assert found.loc[whole, "isolation"] == pytest.approx(plain[0].sum() / whole)
    assert found.loc[whole + 1, "areas"] == 0


def test_rows_in_any_order_and_missing_counts():
    counts, points = town(1)
    counts.iloc[2, 0] = np.nan
    found = segregation.distortion(counts, points)
    mixed = counts.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(segregation.distortion(mixed, points).loc[counts.index], found)
    assert found.iloc[2].isna().all()
    assert found.drop(index=found.index[2]).notna().all(axis=None)


def test_what_has_no_scale_is_refused():
    counts, points = town(1)
    with pytest.raises(DataError, match="in metres"):
        segregation.distortion(counts, points.to_crs("EPSG:4326"))
    with pytest.raises(DataError, match="two groups"):
        segregation.distortion(counts * [1, 1, 0], points)
    with pytest.raises(DataError, match="400"):
        segregation.nearest(counts, points, people=[-1])
    with pytest.raises(DataError, match="0380C1000"):
        segregation.nearest(counts, points.iloc[1:], people=[9])


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_are_counted_one_by_one(seed):
    counts, _ = town(seed, groups=2)
    counts.iloc[3] = np.nan
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for a in counts.index for b in counts.index if a < b and rng.random() < 0.3]
    weights = rng.uniform(0.2, 1, len(pairs))
    table = pd.DataFrame(0.0, index=counts.index, columns=counts.index)
    for (a, b), weight in zip(pairs, weights, strict=True):
        table.loc[a, b] = table.loc[b, a] = weight
    focal, neighbour = np.nonzero(table.to_numpy())
    lone = table.index[(table == 0).all(axis=1)]
    graph = Graph.from_arrays(
        [*table.index[focal], *lone],
        [*table.index[neighbour], *lone],
        [*table.to_numpy()[focal, neighbour], *[0] * len(lone)],
    )
    found = segregation.spatial(counts, graph)
    known = counts.dropna()
    around = known + table.loc[known.index, known.index] @ known
    near = around.div(around.sum(axis=1), axis=0)
    sizes, whole = known.sum(axis=1), known.sum() / known.to_numpy().sum()
    apart = (near - whole).abs().mul(sizes, axis=0).to_numpy().sum()
    even = 2 * sizes.sum() * (whole * (1 - whole)).sum()
    assert found["dissimilarity"] == pytest.approx(apart / even, abs=1e-12)
    met = (known["0"] * near["0"]).sum() / known["0"].sum()
    assert found["isolation"] == pytest.approx(met, abs=1e-12)
    assert found["areas"] == len(known)


def test_without_neighbours_space_changes_nothing_and_with_all_it_leaves_nothing():
    counts, _ = town(1, groups=2)
    codes = list(counts.index)
    alone = Graph.from_arrays(codes, codes, [0] * len(codes))
    plain = segregation.indices(counts, by=pd.Series("x", index=codes), redraws=0).loc["x"]
    found = segregation.spatial(counts, alone)
    names = ["dissimilarity", "theil_h", "isolation", "isolation_of_second"]
    np.testing.assert_allclose(found[names], plain.loc[names, "estimate"], atol=1e-12)
    pairs = [(a, b) for a in codes for b in codes if a != b]
    everybody = Graph.from_arrays(*zip(*pairs, strict=True), [1] * len(pairs))
    np.testing.assert_allclose(
        segregation.spatial(counts, everybody)[["dissimilarity", "theil_h"]], 0, atol=1e-12
    )
    with pytest.raises(DataError):
        segregation.spatial(counts.rename(index={codes[0]: "elsewhere"}), alone)


@pytest.mark.parametrize("seed", range(2))
def test_the_lean_is_the_mean_surplus_on_the_way(seed):
    counts, points = town(seed, groups=2)
    points.iloc[1] = points.iloc[0]
    share = counts["0"].sum() / counts.to_numpy().sum()
    found = segregation.distortion(counts, points)["lean"]
    for code, here in points.items():
        apart, before, mean = points.distance(here), 0.0, 0.0
        for metres in sorted(apart.unique()):
            met = counts[apart <= metres].sum()
            mean += (met.sum() - before) * (met["0"] / met.sum() - share)
            before = met.sum()
        assert found[code] == pytest.approx(mean / before, abs=1e-12)
