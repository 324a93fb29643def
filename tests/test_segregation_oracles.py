"""Every measure of segregation beside PySAL, EquiPop, scikit-learn, R's published values and the
definitions read aloud: on real counts, and on tables with zeros and of one area."""

import itertools
from importlib import resources
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import segregation_peers as peers
from grannskap import segregation
from grannskap.measures import neighbours
from grannskap.measures.segregation import formulas

CLOSE = 1e-9


def all_near(tables):
    found = peers.differences(tables)
    far = found[~((found["ours"] - found["theirs"]).abs() <= CLOSE)]
    assert far.empty, far.to_string()
    return found


def test_tables_with_zeros_and_of_one_area_give_the_numbers_of_all_peers():
    found = all_near(peers.odd_tables())
    told = {kind: set(rows["measure"]) for kind, rows in found.groupby("kind")}
    assert told["two"] == set(formulas.TWO)
    assert told["many"] == set(formulas.MANY)
    assert told["ordered"] == set(formulas.ORDERED)


def test_the_documentation_tells_how_far_each_measure_is_from_each_peer():
    page = Path(__file__).parents[1] / "docs" / "segregation.md"
    rows = [line.strip("| ").split(" | ") for line in page.read_text("utf-8").splitlines()]
    told = {tuple(row[:3]): row[3:] for row in rows if row[0] in peers.PEERS}
    made = [line.strip("| ").split(" | ") for line in peers.table(all_near(peers.odd_tables()))]
    assert set(told) == {tuple(row[:3]) for row in made[2:]}
    figures = [float(one) for row in told.values() for one in row if one.strip("| ")]
    assert max(figures) <= CLOSE


@pytest.mark.real
def test_real_places_give_the_numbers_of_all_peers(shared_data):
    found = all_near(peers.real_tables(shared_data))
    assert found["place"].nunique() == 3


@pytest.mark.real
def test_schools_give_the_numbers_of_all_peers_and_those_that_r_publishes(shared_data):
    tables = {
        name: {"many": one.to_numpy(float)} for name, one in peers.schools(shared_data).items()
    }
    found = all_near(tables).groupby(["place", "measure"])["ours"].first()
    assert found["schools00", "information"] == pytest.approx(0.42554, abs=5e-6)
    assert found["schools00", "theil_h"] == pytest.approx(0.4188, abs=5e-5)
    assert found["schools05", "information"] == pytest.approx(0.41339, abs=5e-6)


@pytest.mark.parametrize("groups", [2, 3])
def test_where_all_are_of_one_group_evenness_has_no_value(groups):
    counts = np.zeros((groups, 4))
    counts[0] = [3, 5, 0, 1]
    for name, measure in {**formulas.TWO, **formulas.MANY, **formulas.ORDERED}.items():
        met = {"isolation": 1.0, "exposure": 0.0, "information": 0.0}
        value = float(measure(counts))
        assert value == met[name] if name in met else np.isnan(value), name
    for measure in {**formulas.TWO, **formulas.MANY, **formulas.ORDERED}.values():
        assert np.isnan(measure(np.zeros((groups, 4))))


def test_what_the_measures_of_two_groups_are_to_each_other():
    counts = np.random.default_rng(5).integers(0, 30, (2, 40)).astype(float)
    of = {name: float(one(counts)) for name, one in {**formulas.TWO, **formulas.ORDERED}.items()}
    assert of["ordinal"] == pytest.approx(of["theil_h"])
    assert of["rank_order"] == pytest.approx(of["theil_h"])
    assert of["ordinal_variance"] == pytest.approx(of["correlation_ratio"])
    assert of["atkinson"] == pytest.approx(1 - (1 - of["ordinal_root"]) ** 2)
    shares = counts / counts.sum(axis=1, keepdims=True)
    assert of["ordinal_root"] == pytest.approx(1 - np.sqrt(shares.prod(axis=0)).sum())  # Hutchens


def test_the_variation_of_a_cut_is_all_at_a_half_and_none_at_its_ends():
    share = np.array([0.0, 0.25, 0.5, 1.0])
    assert formulas.variance(share).tolist() == [0, 0.75, 1, 0]
    assert formulas.root(share) == pytest.approx([0, np.sqrt(0.75), 1, 0])
    assert formulas.entropy(share) == pytest.approx([0, 2 - 0.75 * np.log2(3), 1, 0])


def test_a_class_of_nobody_changes_no_index_of_ordered_groups():
    counts = np.random.default_rng(8).integers(1, 60, (4, 12)).astype(float)
    with_empty = np.insert(counts, [0, 2, 4], 0.0, axis=0)
    stack = np.stack([with_empty, with_empty[:, ::-1]])[None]
    found = formulas.rank_order(stack)
    assert found.shape == (1, 2)
    assert found == pytest.approx(float(formulas.rank_order(counts)))
    names = ("ordinal", "ordinal_variance")
    for (
        name
    ) in names:  # of all cuts, those at an end add nothing; one that is there twice counts so
        ends = np.insert(counts, [0, 4], 0.0, axis=0)
        plain = float(getattr(formulas, name)(counts))
        assert float(getattr(formulas, name)(ends)) == pytest.approx(plain)


# EquiPop


@pytest.fixture(scope="module")
def gridby():
    """EquiPop's town of squares, and its answer for the 400 nearest people of each."""
    from equipop.gridby import gridby

    people = gridby()["people"]
    index = [f"0380C{number:05d}" for number in range(len(people))]
    counts = pd.DataFrame({"low": people["count_group"]}, dtype=float).set_axis(index)
    counts["high"] = (people["count_all"] - people["count_group"]).to_numpy()
    points = gpd.GeoSeries(
        gpd.points_from_xy(people["x"], people["y"]), index=index, crs="EPSG:3006"
    )
    file = resources.files("equipop") / "data" / "gridby_reference_proportional.csv"
    with file.open() as told:
        theirs = pd.read_csv(told)
    assert (theirs[["x", "y"]].to_numpy() == people[["x", "y"]].to_numpy()).all()
    return counts, points, theirs


def test_the_nearest_400_of_each_square_of_gridby_are_those_of_equipop(gridby):
    counts, points, theirs = gridby
    found = segregation.nearest(counts, points, people=[400])[(400.0, "low")]
    expected = (theirs["T_count_group_400"] / theirs["N_400"]).to_numpy()
    np.testing.assert_allclose(found.to_numpy(), expected, rtol=CLOSE)


def test_the_isolation_of_a_profile_is_equipops_si(gridby):
    from equipop.segregation import seg_profile

    counts, points, theirs = gridby
    whole = counts.sum(axis=1)
    table = theirs.rename(columns={"T_count_group_400": "T_400"}).assign(
        CountAllLocal=whole.to_numpy(), CountGroupLocal=counts["low"].to_numpy()
    )
    expected = seg_profile(table, [400]).set_index("scale")
    found = segregation.profile(counts, points, people=[1e-6, 400])
    assert found.loc[400, "isolation"] == pytest.approx(expected.loc[400, "SI"], rel=CLOSE)
    # Of a millionth of a person each square's own are the nearest.
    assert found.loc[1e-6, "isolation"] == pytest.approx(expected.loc["local", "SI"], rel=CLOSE)
    assert found.loc[1e-6, "dissimilarity"] == pytest.approx(expected.loc["local", "D"], rel=CLOSE)


# Over a graph


def squares(side=6):
    boxes = [shapely.box(x, y, x + 1, y + 1) for x in range(side) for y in range(side)]
    index = pd.Index([f"0380C{number:04d}" for number in range(len(boxes))], name="deso")
    return gpd.GeoSeries(boxes, index=index, crs="EPSG:3006")


def on_squares(seed, groups=3, low=0):
    shapes = squares()
    rng = np.random.default_rng(seed)
    counts = rng.integers(low, 40, (len(shapes), groups))
    names = ["low", "high", "other"][:groups]
    return pd.DataFrame(counts, index=shapes.index, columns=names, dtype=float), shapes


def test_surroundings_are_sums_over_links():
    counts, shapes = on_squares(1)
    near = pd.DataFrame(
        [counts[shapes.intersects(here)].sum() for here in shapes], index=counts.index
    )
    found = near.div(near.sum(axis=1), axis=0)
    measured = segregation.spatial(counts, neighbours.build(shapes))
    sizes, town = counts.sum(axis=1), counts.sum() / counts.to_numpy().sum()
    apart = sum(sizes[code] * abs(found.loc[code] - town).sum() for code in counts.index)
    mixed = 2 * sizes.sum() * (town * (1 - town)).sum()
    assert measured["dissimilarity"] == pytest.approx(apart / mixed, abs=CLOSE)
    entropies = -(found * np.log(found)).sum(axis=1)
    inside = (sizes * entropies).sum() / (sizes.sum() * -(town * np.log(town)).sum())
    assert measured["theil_h"] == pytest.approx(1 - inside, abs=CLOSE)
    met = (counts["low"] * found["low"]).sum() / counts["low"].sum()
    assert measured["isolation"] == pytest.approx(met, abs=CLOSE)


def test_without_links_surroundings_are_areas_and_with_all_links_the_town():
    counts, shapes = on_squares(2)
    apart = shapes.affine_transform([10, 0, 0, 10, 0, 0]).buffer(-4)
    alone = segregation.spatial(counts, neighbours.build(apart))
    plain = counts.to_numpy().T
    assert alone["dissimilarity"] == pytest.approx(float(formulas.dissimilarity(plain)))
    assert alone["theil_h"] == pytest.approx(float(formulas.theil_h(plain)))
    assert alone["isolation"] == pytest.approx(float(formulas.isolation(plain)), abs=0.5)
    from libpysal.graph import Graph

    pairs = list(itertools.permutations(counts.index, 2))
    every = Graph.from_arrays(*zip(*pairs, strict=True), np.ones(len(pairs)))
    whole = segregation.spatial(counts, every)
    assert whole[["dissimilarity", "theil_h"]].tolist() == pytest.approx([0, 0], abs=1e-12)
