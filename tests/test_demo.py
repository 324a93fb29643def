"""The made-up town: cannot be taken for a real one, agrees with itself, shows both poles."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from grannskap import catalogue, datasets, project
from grannskap.errors import OutputError
from grannskap.sources import boundaries, register

TRACKED = Path(__file__).parents[1] / "boundaries" / "made-up-town.geojson"

# Counties that exist, by SCB's codes; 02, 11, 15 and 16 were merged away.
COUNTIES = {1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 17, 18, 19, 20, 21, 22, 23, 24, 25}
QUARTILES = ["low", "medium_low", "medium_high", "high"]
BOUNDS_2017 = [0, 159_280, 229_940, 318_456, math.inf]


@pytest.fixture(scope="module")
def town():
    return datasets.town()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return project.read(datasets.write_inputs(tmp_path_factory.mktemp("påhitt")))


@pytest.fixture(scope="module")
def counts(town):
    """The register without the area whose incomes are suppressed."""
    return town.register.dropna(subset=["low"])


def files_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def neighbours_of(polygons):
    one, other = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    return one[one != other], other[one != other]


def read_register(written):
    (file,) = written.register_
    return register.read(
        written.path(file.path),
        columns=file.columns,
        code=file.code,
        year=file.year,
        group=file.group,
        groups=file.groups,
        division=file.division,
    )


def balance(town, quarter, *, year, group="all"):
    rows = town.register.xs((year, group), level=("year", "group")).loc[town.codes(quarter)]
    return rows["low"].sum() / rows["high"].sum()


# -- the ground ---------------------------------------------------------------------------


def test_codes_have_the_form_of_deso_codes_in_a_county_that_does_not_exist(town):
    codes = town.boundaries.index
    assert all(re.fullmatch(r"\d{4}[ABC]\d{4}", code) for code in codes)
    assert {int(code[:2]) for code in codes}.isdisjoint(COUNTIES)
    assert codes.is_unique
    assert codes.is_monotonic_increasing
    assert {code[4] for code in codes} == {"A", "B", "C"}
    assert (codes.str[4] == town.boundaries["kind"]).all()


def test_the_town_lies_where_no_swedish_municipality_does(town):
    outlines = boundaries.municipalities().to_crs(3006)
    assert not outlines.intersects(shapely.box(*town.boundaries.total_bounds)).any()


@pytest.mark.parametrize("seed", [2017, 1, 2, 3, 2008])
def test_areas_are_a_coverage_of_single_polygons_on_whole_metres(seed):
    made = datasets.town(seed=seed).boundaries
    polygons = made.geometry.to_numpy()
    assert 85 <= len(made) <= 95
    assert made.crs.to_epsg() == 3006
    assert set(shapely.get_type_id(polygons)) == {shapely.GeometryType.POLYGON}
    assert shapely.is_valid(polygons).all()
    coordinates = shapely.get_coordinates(polygons)
    assert (coordinates == np.rint(coordinates)).all()
    # No two areas overlap, and touching ones meet in shared vertices alone.
    assert math.isclose(shapely.union_all(polygons).area, shapely.area(polygons).sum())
    one, other = neighbours_of(polygons)
    for a, b in zip(polygons[one], polygons[other], strict=True):
        shared = {tuple(p) for p in shapely.get_coordinates(a.intersection(b)).tolist()}
        assert shared <= {tuple(p) for p in shapely.get_coordinates(a).tolist()}


def test_areas_are_small_in_the_town_and_wide_in_the_country(town):
    square_km = town.boundaries.area.groupby(town.boundaries["kind"]).median() / 1e6
    assert square_km["C"] < 1 < 10 < square_km["A"]
    hall = shapely.Point(datasets.ORIGIN)
    inner = town.boundaries[town.boundaries["kind"] == "C"]
    near = inner.distance(hall) < 1000
    assert inner[near].area.median() < inner[~near].area.median()


def test_one_island_has_no_neighbours_and_all_else_hangs_together(town):
    polygons = town.boundaries.geometry.to_numpy()
    one, _ = neighbours_of(polygons)
    alone = np.setdiff1d(np.arange(len(polygons)), one)
    assert len(alone) == 1
    assert len(shapely.get_parts(shapely.union_all(polygons))) == 2


def test_borders_are_not_straight(town):
    """A Voronoi cell is convex; an area that grew is not."""
    polygons = town.boundaries.geometry
    filled = polygons.area / polygons.convex_hull.area
    assert filled.median() < 0.93


# -- the people ---------------------------------------------------------------------------


def test_every_area_has_a_row_for_each_year_and_group(town):
    wanted = pd.MultiIndex.from_product(
        [town.boundaries.index, [2012, 2017], ["all", "public_housing"]],
        names=["deso", "year", "group"],
    )
    assert town.register.index.equals(wanted)


def test_counts_are_whole_and_agree(counts):
    everything = counts.drop(columns="disposable_income")
    assert (everything >= 0).all(axis=None)
    assert (everything == everything.round()).all(axis=None)
    assert (counts[QUARTILES].sum(axis=1) == counts["households"]).all()
    tenures = counts[["rented", "tenant_owned", "owned"]].sum(axis=1)
    assert (tenures == counts["dwellings"]).all()
    assert (counts["households"] <= counts["dwellings"]).all()
    assert (counts["public_housing"] <= counts["rented"]).all()


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("employed", "working_age"),
        ("post_secondary", "education_base"),
        ("education_base", "working_age"),
        ("working_age", "population"),
        ("age_20_29", "working_age"),
        ("born_outside_eu", "population"),
        ("public_housing", "households"),
        ("households", "population"),
    ],
)
def test_parts_are_no_more_than_their_wholes(counts, part, whole):
    assert (counts[part] <= counts[whole]).all()
    # What is left outside public housing must be possible too.
    rest = counts.xs("all", level="group") - counts.xs("public_housing", level="group")
    if part != "public_housing":
        assert (rest[part] <= rest[whole]).all()


def test_public_housing_is_a_part_of_everybody(counts):
    everybody = counts.xs("all", level="group").drop(columns="disposable_income")
    inside = counts.xs("public_housing", level="group").drop(columns="disposable_income")
    assert (inside <= everybody).all(axis=None)
    assert (inside["households"] == everybody["public_housing"]).all()
    assert (inside["households"] == 0).any()


def test_areas_are_as_populous_as_deso_are(town):
    everybody = town.register.xs("all", level="group")
    assert everybody["population"].between(700, 2700).all()


def test_the_median_income_lies_in_the_quartile_that_holds_the_middle_household(counts):
    now = counts.xs(2017, level="year")
    now = now[now["households"] > 0]
    half = now["households"] / 2
    below = now[QUARTILES].cumsum(axis=1)
    for number, name in enumerate(QUARTILES):
        before = below[name] - now[name]
        clearly = (before + 1 < half) & (half < below[name] - 1)
        assert (
            now.loc[clearly, "disposable_income"].between(*BOUNDS_2017[number : number + 2]).all()
        )


def test_only_one_area_is_suppressed_and_only_its_incomes(town):
    hidden = town.register["low"].isna()
    assert hidden.groupby("deso").all().sum() == 1
    assert hidden.sum() == 4
    shown = town.register.drop(columns=[*QUARTILES, "disposable_income"])
    assert shown.notna().all(axis=None)
    nobody = town.register["households"] == 0
    assert (town.register["disposable_income"].isna() == (hidden | nobody)).all()


# -- the poles ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [2017, 1, 2, 3])
def test_both_poles_are_there_and_grow_apart(seed):
    made = datasets.town(seed=seed)
    assert balance(made, "Norrängen", year=2017) > 8
    assert balance(made, "Norrängen", year=2012) < balance(made, "Norrängen", year=2017)
    assert balance(made, "Solviken", year=2017) < 0.5
    rows = made.register.xs((2017, "all"), level=("year", "group"))
    assert 1.2 < rows["low"].sum() / rows["high"].sum() < 1.9
    ratio = rows["low"] / rows["high"]
    assert ratio.idxmax() in made.codes("Norrängen")
    assert ratio.idxmin() in made.codes("Solviken")


def test_within_public_housing_the_poor_pole_is_poorer_still(town):
    for year in (2012, 2017):
        inside = balance(town, "Norrängen", year=year, group="public_housing")
        assert inside > 1.5 * balance(town, "Norrängen", year=year)
    assert balance(town, "Norrängen", year=2017, group="public_housing") > 30


def test_students_are_poor_and_learned(town):
    rows = town.register.xs((2017, "all"), level=("year", "group"))
    students = rows.loc[town.codes("Lärdomshöjden")].sum()
    total = rows.sum()
    assert students["age_20_29"] / students["population"] > 0.4
    assert students["low"] / students["high"] > 2 * total["low"] / total["high"]
    learned = students["post_secondary"] / students["education_base"]
    assert learned > 1.5 * total["post_secondary"] / total["education_base"]


def test_neighbours_resemble_each_other(town):
    rows = town.register.xs((2017, "all"), level=("year", "group"))
    share = (rows["low"] / rows["households"]).to_numpy()
    one, other = neighbours_of(town.boundaries.geometry.to_numpy())
    known = ~np.isnan(share[one]) & ~np.isnan(share[other])
    assert np.corrcoef(share[one][known], share[other][known])[0, 1] > 0.4


def test_the_police_outline_covers_the_poor_pole_without_following_its_borders(town):
    (outline,) = town.police.geometry
    poor = town.boundaries.loc[town.codes("Norrängen")].union_all()
    assert outline.intersection(poor).area > 0.8 * outline.area
    assert outline.intersection(poor).area < 0.95 * poor.area
    borders = shapely.MultiLineString(list(town.boundaries.boundary))
    assert outline.exterior.intersection(borders).length < 0.01 * outline.exterior.length


# -- the files ----------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path):
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        datasets.write_inputs(tmp_path / name, seed=seed)
    one, same, other = (files_of(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same
    assert one.keys() == other.keys()
    changed = {path.name for path in one if one[path] != other[path]}
    assert {"boundaries.geojson", "register.csv"} <= changed


def test_the_tracked_boundaries_are_the_ones_that_the_demo_makes(town, written):
    made = datasets.boundaries_file(town)
    assert TRACKED.read_bytes() == made
    assert written.path(written.boundaries.path).read_bytes() == made
    assert len(made) <= 150_000


def test_the_boundaries_are_read_back_without_repair(town, written):
    read = boundaries.read(written.path(written.boundaries.path))
    assert (read.geometry.to_numpy() == town.boundaries.geometry.to_numpy()).all()
    columns = ["municipality", "municipality_name", "kind", "regso_name"]
    plain = [pd.DataFrame(frame[columns]).astype(object) for frame in (read, town.boundaries)]
    assert_frame_equal(*plain, check_index_type=False)


def test_the_register_is_read_back_with_its_suppressed_cells(town, written):
    read = read_register(written)
    names = list(town.register.columns)
    assert set(names) == set(written.register_[0].columns)
    assert_frame_equal(read[names], town.register, check_index_type=False, rtol=0)
    for name in names:
        status = read[catalogue.status_column(name)]
        assert ((status == "value") == read[name].notna()).all()
        hidden = read[name].isna() & (town.register["households"] > 0)
        assert ((status == "suppressed") == hidden).all()


def test_the_overlays_are_read_back(town, written):
    files = {Path(overlay.path).stem: overlay.path for overlay in written.overlays}
    files["places"] = written.map.places
    for name in ("police", "estates", "places"):
        read = boundaries.read_overlay(written.path(files[name]))
        made = getattr(town, name)
        assert read["name"].tolist() == made["name"].tolist()
        assert (read.geometry.to_numpy() == made.geometry.to_numpy()).all()


def test_the_project_names_both_poles_and_explains_every_key(town, written):
    named = {place.name: place.areas for place in written.neighbourhoods}
    assert named == {name: town.codes(name) for name in ("Norrängen", "Solviken")}
    assert (written.year, written.compare) == (2017, 2012)
    assert all(file.is_file() for file in written.files())
    lines = written.file.read_text(encoding="utf-8").splitlines()
    for table in re.findall(r"^\[+[a-z.]+\]+", "\n".join(lines), flags=re.MULTILINE):
        first = next(line for line in lines if line.startswith(table))
        assert "#" in first, table


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="name another folder"):
        datasets.write_inputs(tmp_path / "file")
