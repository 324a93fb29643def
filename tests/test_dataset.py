"""The dataset: the same from files and from frames, whole, and plain to copy and to store."""

import copy
import hashlib
import json
import pickle
import shutil
from dataclasses import asdict

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from grannskap import dataset, datasets, project
from grannskap.errors import CodeError, ColumnError, DataError, GrannskapError, JoinError

CODES = ["9999C1010", "9999C1020", "9999C1030"]


def areas(codes=CODES):
    squares = [shapely.box(500 * k, 0, 500 * k + 500, 500) for k in range(len(codes))]
    index = pd.Index(codes, name="deso", dtype="str")
    return gpd.GeoDataFrame(geometry=squares, index=index, crs="EPSG:3006")


def counts(codes=CODES, **columns):
    columns = columns or {"low": [5, 7, 0], "high": [3, 0, 9]}
    return pd.DataFrame(columns, index=pd.Index(codes, name="deso"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("town")
    datasets.write_inputs(made)
    return made


@pytest.fixture(scope="module")
def town(folder):
    return dataset.read(project.read(folder / "project.toml"))


def test_every_cell_has_bounds_that_hold_it(town):
    for name in town.variables:
        value, lower, upper = (town.counts[f"{name}{end}"] for end in ("", "_lower", "_upper"))
        known = value.notna()
        assert (value[known] == lower[known]).all()
        assert (value[known] == upper[known]).all()
        assert (lower <= upper).all()
        assert (lower >= 0).all()
        assert (known == (town.counts[f"{name}_status"] == "value")).all()


def test_a_projects_files_and_the_same_frames_are_one_dataset(town):
    bounds = [f"{x}_{end}" for x in town.variables for end in ("lower", "upper")]
    plain = town.counts.drop(columns=bounds)
    again = dataset.from_frames(
        town.geometry.drop(columns="complete"),
        plain,
        division=2018,
        names=town.geometry["regso_name"],
    )
    pd.testing.assert_frame_equal(again.counts, town.counts)
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.geometry[town.geometry.columns].drop(columns="geometry")),
        pd.DataFrame(town.geometry.drop(columns="geometry")),
        check_dtype=False,
    )
    assert again.geometry.geom_equals(town.geometry).all()
    assert again.division == town.division == 2018


def test_the_dataset_of_a_dataset_is_itself(town):
    again = dataset.from_frames(town.geometry, town.counts, division=2018)
    pd.testing.assert_frame_equal(again.counts, town.counts)


def test_it_survives_pickle_and_copy(town):
    for other in (pickle.loads(pickle.dumps(town)), copy.copy(town), copy.deepcopy(town)):
        pd.testing.assert_frame_equal(other.counts, town.counts)
        assert other.geometry.geom_equals(town.geometry).all()
        assert other.provenance == town.provenance
        assert other.notes == town.notes


def test_its_frames_can_be_written_and_set_beside_others(town, tmp_path):
    town.counts.to_parquet(tmp_path / "counts.parquet")
    town.geometry.to_parquet(tmp_path / "geometry.parquet")
    read = pd.read_parquet(tmp_path / "counts.parquet")
    pd.testing.assert_frame_equal(read, town.counts)
    assert len(pd.concat([town.counts, town.counts])) == 2 * len(town.counts)


def test_it_cannot_be_changed(town):
    with pytest.raises(AttributeError):
        town.division = 2025


def test_a_short_line_tells_what_it_is(town):
    said = repr(town)
    assert len(said.splitlines()) == 1
    assert "91 areas" in said
    assert "2012, 2017" in said
    assert "20 hidden cells" in said


def test_provenance_is_a_record_for_each_file(town, folder):
    by_role = {one.role: one for one in town.provenance}
    assert set(by_role) == {"boundaries", "register"}
    read = by_role["register"]
    content = (folder / read.name).read_bytes()
    assert read.sha256 == hashlib.sha256(content).hexdigest()
    assert (read.rows, read.years, read.division) == (364, (2012, 2017), 2018)
    assert read.source.startswith("Påhittade")
    assert json.loads(json.dumps([asdict(one) for one in town.provenance]))[1]["years"] == [
        *read.years
    ]


def test_a_count_answers_for_every_area(town):
    there = town.count("low", year=2017)
    assert there.value.index.equals(town.geometry.index)
    elsewhere = town.count("low", year=2017, index=pd.Index(["0380C1010", there.value.index[0]]))
    assert elsewhere.status.tolist() == ["not joined", "value"]
    assert elsewhere.lower.tolist()[0] == 0
    assert elsewhere.upper.tolist()[0] == np.inf
    assert elsewhere.value.isna().tolist() == [True, False]


def test_an_unknown_variable_year_or_group_is_told(town):
    with pytest.raises(ColumnError, match="did you mean 'low'"):
        town.count("lov", year=2017)
    with pytest.raises(DataError, match="2012 all"):
        town.count("low", year=1999)
    with pytest.raises(DataError, match="2012 all"):
        town.count("low", year=2017, group="rented")


def test_stages_are_told_in_order(folder):
    seen = []
    dataset.read(project.read(folder / "project.toml"), on_stage=seen.append)
    assert tuple(seen) == dataset.STAGES
    assert [stage("sv") for stage in seen] == ["Läser gränser", "Läser register", "Fogar ihop"]


def test_what_is_drawn_only_is_read_apart(folder):
    asked = project.read(folder / "project.toml")
    assert len(dataset.read_overlays(asked)) == len(asked.overlays) > 0
    assert len(dataset.read_place_names(asked)) > 5


def test_a_neighbourhood_is_the_union_of_its_areas(folder, tmp_path):
    copied = tmp_path / "copy"
    shutil.copytree(folder, copied)
    text = (copied / "project.toml").read_text(encoding="utf-8")
    text += '\n[[neighbourhoods]]\nname = "Utpekat"\npath = "inputs/police.geojson"\n'
    (copied / "project.toml").write_text(text, encoding="utf-8")
    found = dataset.read(project.read(copied / "project.toml"))
    *listed, drawn = found.neighbourhoods
    for one in (*listed, drawn):
        parts = found.geometry.geometry.loc[list(one.codes)]
        assert one.geometry.equals(parts.union_all())
        assert one.geometry.area == pytest.approx(parts.area.sum())
    assert all(one.polygon is None and one.overlap is None for one in listed)
    both = drawn.polygon.intersection(drawn.geometry).area
    assert drawn.overlap.covered == pytest.approx(both / drawn.polygon.area)
    assert drawn.overlap.inside == pytest.approx(both / drawn.geometry.area)
    (note,) = [note for note in found.notes if note.kind == "neighbourhood by its areas"]
    assert note.codes == drawn.codes
    assert "Utpekat" in note.text.sv
    assert {one.role for one in found.provenance} == {"boundaries", "register", "neighbourhood"}


def test_only_whole_municipalities_are_complete():
    codes = [*CODES, "0380C1010"]
    rows = counts([*codes, "0380C1020"], low=range(5))
    there = areas(codes)
    there = there.set_geometry(there.translate(647_000, 6_638_000))  # where 0380 is
    found = dataset.from_frames(there, rows, scope="9999")
    assert found.geometry["complete"].to_dict() == dict.fromkeys(CODES, True) | {"0380C1010": False}
    assert "partial municipalities" in {note.kind for note in found.notes}
    assert len(found.counts) == 5


def test_frames_may_tell_years_and_groups_as_levels_or_columns():
    rows = pd.MultiIndex.from_product([CODES, (2012, 2017), ("all", "rented")])
    frame = pd.DataFrame({"low": range(12)}, index=rows.set_names(["deso", "year", "group"]))
    by_level = dataset.from_frames(areas(), frame)
    by_column = dataset.from_frames(areas(), frame.reset_index().sample(frac=1, random_state=1))
    renamed = frame.reset_index().rename(
        columns={"deso": "område", "year": "tid", "group": "grupp"}
    )
    by_name = dataset.from_frames(areas(), renamed, code="område", year="tid", group="grupp")
    for other in (by_column, by_name):
        pd.testing.assert_frame_equal(other.counts, by_level.counts)
    assert by_level.years == (2012, 2017)
    assert by_level.groups == ("all", "rented")


def test_nan_is_missing_and_a_status_says_what_else():
    frame = counts(low=[1, None, None])
    assert dataset.from_frames(areas(), frame).counts["low_status"].tolist() == [
        "value",
        "missing",
        "missing",
    ]
    told = frame.assign(low_status=["value", "suppressed", "not joined"])
    found = dataset.from_frames(areas(), told, hidden=(1, 3)).counts
    assert found["low_status"].tolist() == ["value", "suppressed", "not joined"]
    assert found["low_lower"].tolist() == [1, 1, 0]
    assert found["low_upper"].tolist() == [1, 3, np.inf]


def test_frames_that_came_are_not_changed():
    polygons, frame = areas(), counts(low=[1.0, 2.0, np.nan])
    before = polygons.copy(deep=True), frame.copy(deep=True)
    dataset.from_frames(polygons, frame)
    pd.testing.assert_frame_equal(frame, before[1])
    pd.testing.assert_frame_equal(pd.DataFrame(polygons), pd.DataFrame(before[0]))


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"low": [-1, 2, 3]}, DataError, "none negative"),
        ({"low": [1.5, 2, 3]}, DataError, "per cent"),
        ({"low": [1, 2, 3], "low_status": ["value", "secret", "value"]}, DataError, "secret"),
        ({"low": [1, 2, 3], "low_status": ["value", "missing", "value"]}, DataError, "1 cells"),
        ({"low": [30, 2, 3], "households": [5, 5, 5]}, DataError, "at most as many"),
        ({"low": ["a", "b", "c"]}, ColumnError, "some column"),
        ({"low": [np.nan] * 3}, DataError, "some number for low"),
    ],
)
def test_counts_are_checked_as_those_of_files(change, error, said):
    with pytest.raises(error, match=said):
        dataset.from_frames(areas(), counts(**change))


def test_areas_are_checked_as_those_of_files():
    with pytest.raises(GrannskapError, match="coordinate system"):
        dataset.from_frames(areas().set_crs(None, allow_override=True), counts())
    with pytest.raises(CodeError, match="once"):
        dataset.from_frames(areas([CODES[0], CODES[0], CODES[1]]), counts())
    with pytest.raises(JoinError, match="9999C1040"):
        dataset.from_frames(areas([*CODES, "9999C1040"]), counts())
    with pytest.raises(CodeError, match="2018 and 2025"):
        dataset.from_frames(
            areas([f"{code}_DeSO2025" for code in CODES]), counts([f"{c}_DeSO2018" for c in CODES])
        )
    bow = shapely.Polygon([(0, 0), (500, 500), (500, 0), (0, 500)])
    broken = areas().set_geometry([bow, *areas().geometry[1:]])
    assert "repaired polygons" in {n.kind for n in dataset.from_frames(broken, counts()).notes}
    placed = dataset.from_frames(areas().set_crs(3006).to_crs(4326), counts())
    assert placed.geometry.crs == "EPSG:3006"


class Polars:
    """Stands for a frame of polars, which turns itself into one of pandas."""

    def to_pandas(self):
        return counts()


Polars.__module__ = "polars.dataframe.frame"
Polars.__name__ = Polars.__qualname__ = "DataFrame"


def test_other_frames_are_refused_with_the_way_out():
    with pytest.raises(
        DataError, match=r"got polars\.DataFrame: turn it into one with \.to_pandas\(\)"
    ):
        dataset.from_frames(areas(), Polars())
    with pytest.raises(DataError, match=r"got numpy\.ndarray: make one with pandas\.DataFrame"):
        dataset.from_frames(areas(), np.zeros((3, 2)))
    with pytest.raises(DataError, match=r"geopandas\.GeoDataFrame"):
        dataset.from_frames(counts(), counts())


def test_neighbourhoods_in_memory_are_named_by_codes_names_or_a_polygon():
    found = dataset.from_frames(
        areas(),
        counts(),
        names={CODES[0]: "Ås", CODES[1]: "Ås", CODES[2]: "Sjö"},
        neighbourhoods={"a": ["Ås"], "b": CODES[2:], "c": shapely.box(-10, -10, 1010, 510)},
    )
    assert [one.codes for one in found.neighbourhoods] == [
        tuple(CODES[:2]),
        tuple(CODES[2:]),
        tuple(CODES[:2]),
    ]
    assert found.neighbourhoods[2].overlap.inside == 1.0


def test_a_stated_range_of_hidden_cells_must_be_a_range(folder, tmp_path):
    copied = tmp_path / "copy"
    shutil.copytree(folder, copied)
    text = (copied / "project.toml").read_text(encoding="utf-8")
    assert "# hidden = [1, 3]" in text
    for wrong in ("[3, 1]", "[2, 2]", "[-1, 2]"):
        changed = text.replace("# hidden = [1, 3]", f"hidden = {wrong} ")
        (copied / "project.toml").write_text(changed, encoding="utf-8")
        with pytest.raises(GrannskapError, match="hidden"):
            project.read(copied / "project.toml")
    (copied / "project.toml").write_text(
        text.replace("# hidden = [1, 3]", "hidden = [1, 3] "), encoding="utf-8"
    )
    assert project.read(copied / "project.toml").register_[0].hidden == (1, 3)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"hidden": (3, 1)}, DataError, "the least first"),
        ({"hidden": (2, 2)}, DataError, "the least first"),
        ({"hidden": {"lov": (1, 3)}}, DataError, "lov"),
        ({"names": pd.Series(["a", "b"], index=[CODES[0]] * 2)}, CodeError, "one name"),
        ({"neighbourhoods": {"x": ["Ingenstans"]}}, CodeError, "Ingenstans"),
        ({"neighbourhoods": {"x": shapely.box(9e5, 0, 9e5 + 1, 1)}}, DataError, "none"),
        ({"code": "dezo"}, ColumnError, "dezo"),
        ({"columns": {"low": "hihg"}}, ColumnError, "did you mean 'high'"),
        ({"scope": "25"}, CodeError, "25"),
    ],
)
def test_a_wrong_option_is_told_by_its_name(options, error, said):
    with pytest.raises(error, match=said):
        dataset.from_frames(areas(), counts(), **options)


def test_columns_must_have_a_name_each():
    twice = pd.DataFrame([[1, 2]] * 3, columns=["low", "low"], index=CODES)
    with pytest.raises(ColumnError, match="low twice"):
        dataset.from_frames(areas(), twice)
    deep = pd.DataFrame([[1]] * 3, columns=pd.MultiIndex.from_tuples([("a", "b")]), index=CODES)
    with pytest.raises(ColumnError, match="several levels"):
        dataset.from_frames(areas(), deep)


def test_one_frame_may_hold_both_areas_and_counts():
    both = areas().assign(low=[5, 7, 0])
    assert dataset.from_frames(both, both).counts["low"].tolist() == [5, 7, 0]


def test_amounts_of_ones_own_are_neither_whole_nor_within_all():
    frame = pd.concat([counts(), counts()]).assign(rent=[1.5, 2, np.nan, 9, 9, np.nan])
    frame["group"] = ["all"] * 3 + ["rented"] * 3
    found = dataset.from_frames(areas(), frame, amounts=["rent"]).counts
    assert found.xs("all", level="group")["rent_upper"].tolist() == [1.5, 2, np.inf]
    assert found.xs("rented", level="group")["rent_upper"].tolist() == [9, 9, np.inf]


@pytest.mark.parametrize("kind", ["Int64", "float32", "int8", object])
def test_numbers_of_any_kind_are_counts(kind):
    frame = counts().astype(kind)
    found = dataset.from_frames(areas(), frame).counts
    assert found["low"].tolist() == [5, 7, 0]
    assert found["low"].dtype == float


@pytest.mark.parametrize(
    ("ranges", "shown"),
    [
        ([(0, 5000), (100, 9000)], (0, 9000)),
        ([(0, 5000), None], (0, 1260)),
        ([None, (0, 5000)], (0, 1260)),
        ([(0, 5000)], (0, 5000)),
    ],
)
def test_a_column_of_two_files_is_hidden_as_widely_as_both_say(folder, ranges, shown):
    asked = project.read(folder / "project.toml")
    parts = [asked.register_[0].model_copy(update={"hidden": one}) for one in ranges]
    found = dataset.read(asked.model_copy(update={"register_": parts}))
    low = found.count("low", year=2017)
    (hidden,) = low.status.index[low.status == "suppressed"]
    assert (low.lower[hidden], low.upper[hidden]) == shown
