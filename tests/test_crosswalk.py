"""Counts on the other division: sums are kept, bounds hold the truth, the way is told."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import areas, boundaries, changes, notes, squares
from grannskap.areas.whole import split
from grannskap.errors import ColumnError, DataError, JoinError

SIDE = 12  # cells of 100 m along each side of a made-up town; squares hold 4 × 4 of them
CELL = 100.0
PERSONS = ("population", "age_20_29", "born_outside_eu")
HOMES = ("households", "low", "high")


def note(frame, kind):
    (found,) = [one for one in notes.of(frame) if one.kind == kind]
    return found


def cells():
    at = np.arange(SIDE) * CELL
    east, north = np.meshgrid(500_000 + at, 6_600_000 + at)
    return shapely.box(east, north, east + CELL, north + CELL).ravel()


def drawn(codes):
    """Polygons of a partition of the cells."""
    boxes = cells()
    ground = {code: shapely.union_all(boxes[codes == code]) for code in sorted(set(codes))}
    return gpd.GeoSeries(ground, crs=3006).rename_axis("deso")


def partition(rng, base=None):
    """Codes of cells: blocks of old areas; a new division moves, splits and merges some."""
    at = np.arange(SIDE)
    if base is None:
        cut = np.sort(rng.choice(np.arange(2, SIDE - 1), 2, replace=False))
        column = np.searchsorted(cut, at, side="right")
        numbers = (column[None, :] * 2 + (at >= rng.integers(3, SIDE - 3))[:, None]).ravel()
        return np.array([f"9999C{1000 + 10 * one}" for one in numbers])
    codes = base.copy()
    for _ in range(rng.integers(0, 3)):  # a border moves
        taken, width = rng.integers(0, SIDE - 2), rng.integers(1, 4)
        row = np.repeat(at, SIDE)
        patch = (row >= taken) & (row < taken + width) & (np.tile(at, SIDE) < rng.integers(1, SIDE))
        codes[patch] = codes[rng.integers(0, len(codes))]
    names = np.unique(codes)
    whole = names[rng.integers(0, len(names))]
    if rng.random() < 0.5:  # an area is split
        inside = np.flatnonzero(codes == whole)
        codes[inside[: len(inside) // 2]], codes[inside[len(inside) // 2 :]] = (
            "9999C2001",
            "9999C2002",
        )
    else:  # two are merged under a new code
        codes[np.isin(codes, names[rng.integers(0, len(names), 2)])] = "9999C3000"
    return codes


def people(rng):
    """Persons by cell, clustered, and of each the part that is young, far born, low, high."""
    there = rng.integers(0, 40, SIDE * SIDE) * (rng.random(SIDE * SIDE) < 0.6)
    held = {"population": there, "households": there}
    for name in (*PERSONS[1:], *HOMES[1:]):
        share = np.where(rng.random(SIDE * SIDE) < 0.5, rng.random(SIDE * SIDE), rng.integers(0, 2))
        held[name] = np.floor(there * share / (2 if name in HOMES else 1))
    return pd.DataFrame(held)


def counted(by_cell, codes):
    frame = by_cell.groupby(pd.Index(codes, name="deso")).sum().astype(float)
    return frame.assign(**{f"{name}_status": "value" for name in by_cell})


def grid(by_cell):
    big = (np.arange(SIDE) // 4)[:, None] * 3 + (np.arange(SIDE) // 4)[None, :]
    held = by_cell["population"].groupby(big.ravel()).sum()
    boxes = [shapely.union_all(cells()[big.ravel() == one]) for one in held.index]
    frame = gpd.GeoDataFrame({"people": held.to_numpy(float)}, geometry=boxes, crs=3006)
    return frame[frame["people"] > 0]


def town(seed):
    rng = np.random.default_rng(seed)
    old = partition(rng)
    return people(rng), old, partition(rng, old)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["squares", "area", "none"]))
def test_bounds_hold_the_truth_and_sums_are_kept_whatever_is_known(seed, told):
    by_cell, old, new = town(seed)
    before, truth = counted(by_cell, old), counted(by_cell, new)
    moved = areas.crosswalk(
        before,
        source=drawn(old),
        target=drawn(new),
        squares=grid(by_cell) if told == "squares" else None,
        by="area" if told == "area" else "squares",
    )
    assert moved.index.tolist() == truth.index.tolist()
    for name in by_cell:
        assert (moved[f"{name}_lower"] <= truth[name] + 1e-9).all()
        assert (moved[f"{name}_upper"] >= truth[name] - 1e-9).all()
        known = moved[name].notna()
        assert (moved[f"{name}_lower"] <= moved[name])[known].all()
        assert (moved[f"{name}_upper"] >= moved[name])[known].all()
        assert (moved[f"{name}_status"] == np.where(known, "value", "missing")).all()
        assert (moved[name][known] == np.floor(moved[name][known])).all()
        if told != "none":
            assert moved[name].sum() == before[name].sum()
        sure = moved["translated"].isin(["same", "sum"])
        assert (moved[name][sure] == truth[name][sure]).all()


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.lists(st.integers(1, 40), min_size=2, max_size=6),
    st.integers(0, 9),
)
def test_whole_counts_are_split_into_whole_parts_that_no_part_of_them_outgrows(some, rest, of, out):
    share = np.array(of) / (sum(of) + out)
    row = np.zeros(len(of), dtype=np.intp)
    part, whole = (split(np.full(len(of), float(n)), row, share) for n in (some, some + rest))
    assert (part == np.floor(part)).all()
    assert (part <= whole).all()
    assert (np.abs(whole - share * (some + rest)) < len(of) + 1).all()
    if not out:
        assert (part.sum(), whole.sum()) == (some, some + rest)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_new_areas_of_whole_old_ones_are_told_and_all_others_are_not(seed):
    by_cell, old, new = town(seed)
    moved = areas.crosswalk(counted(by_cell, old), source=drawn(old), target=drawn(new))
    pairs = pd.DataFrame({"old": old, "new": new}).drop_duplicates()
    whole = pairs.groupby("old")["new"].transform("size").eq(1).groupby(pairs["new"]).all()
    assert (moved["translated"].isin(["same", "sum"]) == whole.reindex(moved.index)).all()
    same = pairs.groupby("new")["old"].agg(list)
    for code in moved.index[moved["translated"] == "same"]:
        assert same[code] == [code]


def test_neither_the_order_of_rows_nor_of_squares_matters():
    by_cell, old, new = town(7)
    before, shuffled = counted(by_cell, old), np.random.default_rng(1)
    options = {"source": drawn(old), "target": drawn(new), "squares": grid(by_cell)}
    other = {name: one.iloc[shuffled.permutation(len(one))] for name, one in options.items()}
    moved = areas.crosswalk(before, **options)
    pd.testing.assert_frame_equal(moved, areas.crosswalk(before.iloc[::-1], **other))


def test_the_own_division_is_reached_by_doing_nothing():
    by_cell, old, _ = town(3)
    before = counted(by_cell, old)
    before.attrs["division"] = 2025
    pd.testing.assert_frame_equal(areas.crosswalk(before, to=2025), before)
    same = areas.crosswalk(before, source=drawn(old), target=drawn(old))
    pd.testing.assert_frame_equal(same[list(before)], before)
    assert (same["translated"] == "same").all()


def test_finer_squares_never_leave_more_open():
    by_cell, old, new = town(12)
    fine = gpd.GeoDataFrame({"people": by_cell["population"]}, geometry=cells(), crs=3006)
    options = {"source": drawn(old), "target": drawn(new)}
    coarse = areas.crosswalk(counted(by_cell, old), squares=grid(by_cell), **options)
    sharp = areas.crosswalk(counted(by_cell, old), squares=fine, **options)
    truth = counted(by_cell, new)
    assert (sharp["population"] - truth["population"]).abs().max() < 1e-9
    assert (sharp["population_lower"] >= coarse["population_lower"] - 1e-9).all()
    assert (sharp["population_upper"] <= coarse["population_upper"] + 1e-9).all()
    assert note(sharp, "translated by").values["people"] == 0
    assert note(coarse, "translated by").values["people"] > 0


def test_nobody_lives_where_no_square_is():
    ground = drawn(np.repeat(["9999C1010"], SIDE * SIDE))
    parts = drawn(np.where(np.arange(SIDE * SIDE) < 48, "9999C1011", "9999C1012"))
    frame = pd.DataFrame({"low": [9.0], "low_status": "value"}, index=ground.index)
    south = gpd.GeoDataFrame({"people": [50.0]}, geometry=[cells()[3]], crs=3006)
    moved = areas.crosswalk(frame, source=ground, target=parts, squares=south)
    assert moved[["low", "low_lower", "low_upper"]].to_numpy().tolist() == [[9.0, 9.0, 9.0]]
    assert moved.index.tolist() == ["9999C1011"]


def suppressed(by_cell, old, code):
    frame = counted(by_cell, old)
    frame.loc[code, ["low", "low_status"]] = [np.nan, "suppressed"]
    return frame.assign(low_lower=frame["low"].fillna(1), low_upper=frame["low"].fillna(3))


def test_statuses_and_bounds_go_with_the_parts():
    by_cell, old, new = town(5)
    code = sorted(set(old))[0]
    frame = suppressed(by_cell, old, code)
    options = {"source": drawn(old), "target": drawn(new), "by": "area"}
    moved = areas.crosswalk(frame, **options)
    reached = {two for one, two in zip(old, new, strict=True) if one == code}
    assert set(moved.index[moved["low_status"] == "suppressed"]) == reached
    assert moved.loc[sorted(reached), "low"].isna().all()
    assert np.isfinite(moved["low_upper"]).all()


# The change log


def log(*rows):
    return pd.DataFrame(rows, columns=["old", "new", "kind"])


LOG = log(
    ("9999C1010", "9999C1011", "Upphör; till nybildad"),
    ("9999C1010", "9999C1012", "Upphör; till nybildad"),
    ("9999C1020", "9999C1030", "Upphör; till befintlig"),
    ("9999C1030", "9999C1030", "Utvidgas"),
    ("9999C1040", "9999A0010", "Kodändrad; annat än 20-22"),
    ("9999C1050", "9999C1050", "Utvidgas till territorialvattengräns"),
    ("9999C1060", "9999C1060", "Utvidgas"),
    ("9999C1070", "9999C1070", "Minskas och ger del till befintlig eller nybildad"),
)
OLD = [f"9999C10{n}0" for n in range(1, 9)]


def test_the_log_alone_tells_what_is_exact():
    index = pd.Index(OLD, name="deso")
    frame = pd.DataFrame({"low": np.arange(1.0, 9.0), "low_status": "value"}, index=index)
    moved = areas.crosswalk(frame, to=2025, changes=LOG)
    assert moved["translated"].to_dict() == {
        "9999A0010": "sum",
        "9999C1011": "unknown",
        "9999C1012": "unknown",
        "9999C1030": "sum",
        "9999C1050": "same",
        "9999C1060": "unknown",
        "9999C1070": "unknown",
        "9999C1080": "same",
    }
    known = moved["low"].dropna().to_dict()
    assert known == {"9999A0010": 4, "9999C1030": 5, "9999C1050": 5, "9999C1080": 8}
    bounds = moved.loc[["9999C1011", "9999C1060", "9999C1070"], ["low_lower", "low_upper"]]
    assert bounds.to_numpy().tolist() == [[0, 1], [6, np.inf], [0, 7]]
    told = note(moved, "translated").values
    assert (told["same"], told["sum"], told["unknown"]) == (2, 2, 4)
    assert note(moved, "translated by").values["people"] == 8
    assert "2 områden är oförändrade" in note(moved, "translated").text.sv


def test_an_area_that_gets_people_of_one_that_is_not_counted_is_not_known():
    merged = log(
        ("9999C1010", "9999C1030", "Upphör; till nybildad"),
        ("9998C1010", "9999C1030", "Upphör; till nybildad"),
        ("9998C1020", "9998C1021", "Upphör; till nybildad"),
    )
    index = pd.Index(["9999C1010", "9999C1050"], name="deso")
    frame = pd.DataFrame({"low": [3.0, 4.0], "low_status": "value"}, index=index)
    moved = areas.crosswalk(frame, to=2025, changes=merged)
    assert moved.index.tolist() == ["9999C1030", "9999C1050"]
    assert moved["low_status"].tolist() == ["not joined", "value"]
    assert moved.loc["9999C1030", ["low_lower", "low_upper"]].tolist() == [3, np.inf]


def test_squares_tell_the_parts_of_a_pure_split_without_the_old_polygons():
    halves = np.where(np.arange(SIDE * SIDE) < 48, "9999C1011", "9999C1012")
    by_cell = pd.DataFrame({"population": np.arange(SIDE * SIDE)})
    frame = counted(by_cell, np.repeat("9999C1010", SIDE * SIDE))
    moved = areas.crosswalk(
        frame, to=2025, changes=LOG, target=drawn(halves), squares=grid(by_cell)
    )
    truth = counted(by_cell, halves)["population"]
    assert moved["population"].tolist() == pytest.approx(truth.tolist())
    assert moved["population_lower"].tolist() == pytest.approx(truth.tolist())


def test_borders_that_the_log_does_not_know_of_are_the_same_border():
    by_cell, old, _ = town(2)
    frame = counted(by_cell, old)
    moved = areas.crosswalk(
        frame, source=drawn(old), target=drawn(old), changes=LOG, squares=grid(by_cell)
    )
    assert (moved["translated"] == "same").all()
    shifted = drawn(old).translate(xoff=30)  # every border is drawn 30 m to the east
    moved = areas.crosswalk(frame, to=2025, source=drawn(old), target=shifted, changes=LOG)
    assert (moved["translated"] == "same").all()
    assert (areas.crosswalk(frame, source=drawn(old), target=shifted)["translated"] != "same").any()


def test_a_border_drawn_in_two_ways_is_one_border():
    by_cell, old, _ = town(4)
    shifted = drawn(old).translate(xoff=4)
    moved = areas.crosswalk(counted(by_cell, old), source=drawn(old), target=shifted)
    assert (moved["translated"] == "same").all()
    assert note(moved, "translated").values["slivers"] > 0


def test_what_lies_outside_the_new_polygons_is_told():
    by_cell, old, new = town(8)
    target = drawn(new)
    cut = target.intersection(shapely.box(500_000, 6_600_000, 500_900, 6_602_000))
    moved = areas.crosswalk(
        counted(by_cell, old),
        source=drawn(old),
        target=cut[~cut.is_empty],
        by="area",
    )
    left = counted(by_cell, old)["population"].sum() - moved["population"].sum()
    assert note(moved, "moved out").values["people"] == round(left) > 0


def test_ground_that_no_old_area_covers_leaves_the_area_unknown():
    by_cell, old, new = town(8)
    source = drawn(old).iloc[1:]
    frame = counted(by_cell, old).loc[source.index]
    moved = areas.crosswalk(frame, source=source, target=drawn(new), by="area")
    lacking = {two for one, two in zip(old, new, strict=True) if one not in source.index}
    assert set(moved.index[moved["low_status"] == "not joined"]) == lacking
    assert np.isinf(moved.loc[sorted(lacking), "low_upper"]).all()


def test_nothing_to_translate_by_is_refused():
    by_cell, old, new = town(1)
    frame = counted(by_cell, old)
    frame.attrs["division"] = 2018
    with pytest.raises(DataError, match="change log"):
        areas.crosswalk(frame, target=drawn(new))
    with pytest.raises(JoinError, match="not there"):
        areas.crosswalk(frame, source=drawn(old).iloc[1:], target=drawn(new))


# Files


def test_scbs_log_is_read_from_excel_csv_and_json(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["Historiska förändringar i DeSO", None, None, None, None, 45919])
    names = ["Kommun", "Kommunnamn", "Tidigare DeSO", "DeSO", "Förändringstyp"]
    sheet.append([*names, "Datum för förändring"])
    sheet.append(["9999", "Påhitt", "9999C1010", "9999C1011", "Upphör; till nybildad", 45658])
    sheet.append(["9999", "Påhitt", "9999C1090", "9999C1090", "Utvidgas", 43152])
    book.save(tmp_path / "log.xlsx")
    wanted = [["9999C1010", "9999C1011", "Upphör; till nybildad"]]
    assert changes.read(tmp_path / "log.xlsx").to_numpy().tolist() == wanted
    rows = '["9999C1010", "9999C1011", "Upphör; till nybildad", "2025-01-01"]'
    old = '["9999C1090", "9999C1090", "Utvidgas", "2018-02-21"]'
    (tmp_path / "log.json").write_text(f'{{"forandringar": [{rows}, {old}]}}', encoding="utf-8")
    assert changes.read(tmp_path / "log.json").to_numpy().tolist() == wanted
    (tmp_path / "other.csv").write_text("deso;antal\n9999C1010;4\n", encoding="utf-8")
    with pytest.raises(ColumnError, match="Tidigare DeSO"):
        changes.read(tmp_path / "other.csv")


@pytest.mark.parametrize("side", [100, 250, 500, 1000])
def test_squares_of_every_grid_are_read(tmp_path, side):
    corners = [(352_000 + side * n, 6_860_000 + side) for n in range(3)]
    ids = [f"{east:06d}{north:07d}" for east, north in corners]
    text = "rutid;befolkning_2024\n" + "\n".join(f"{one};{n + 3}" for n, one in enumerate(ids))
    (tmp_path / "ids.csv").write_text(text, encoding="utf-8")
    by_id = squares.read(tmp_path / "ids.csv")
    middles = [
        f"{east + side / 2},{north + side / 2},{n + 3}" for n, (east, north) in enumerate(corners)
    ]
    (tmp_path / "middles.csv").write_text("\n".join(["E,N,people", *middles]), encoding="utf-8")
    by_middle = squares.read(tmp_path / "middles.csv")
    assert by_id.geometry.area.tolist() == [side**2] * 3
    assert by_id.geometry.geom_equals(by_middle.geometry).all()
    assert by_id["people"].tolist() == by_middle["people"].tolist() == [3, 4, 5]
    assert (by_id.attrs["year"], by_middle.attrs["year"]) == (2024, None)
    by_id.to_file(tmp_path / "drawn.gpkg")
    assert squares.read(tmp_path / "drawn.gpkg").geometry.geom_equals(by_id.geometry).all()


def test_squares_of_scbs_map_service_are_read(tmp_path):
    boxes = [shapely.MultiPolygon([one]) for one in cells()[:2]]
    fields = {"rutid_scb": ["1", "2"], "rutstorl": 1000, "beftotalt": [7, 4], "man": [4, 1]}
    gpd.GeoDataFrame(fields, geometry=boxes, crs=3006).to_file(
        tmp_path / "squares.gpkg", layer="befolkning_1km_2025"
    )
    read = squares.read(tmp_path / "squares.gpkg")
    assert (read["people"].tolist(), read.attrs["year"]) == ([7, 4], 2025)
    text = "rutid_scb,rutstorl,beftotalt\n3940006133000,1000,7\n"
    (tmp_path / "befolkning_1km_2024.csv").write_text(text, encoding="utf-8")
    read = squares.read(tmp_path / "befolkning_1km_2024.csv")
    assert read.total_bounds.tolist() == [394_000, 6_133_000, 395_000, 6_134_000]
    assert read.attrs["year"] == 2024


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("rutid;befolkning\n3520006860000;x", "empty, negative or no numbers"),
        ("rutid;befolkning\n3520006860000;1\n3520006860000;2", "repeat"),
        ("rutid;antal bilar\n3520006860000;1", "column of people"),
        ("namn;befolkning\nruta 1;1", "places of the squares"),
        ("e;n;befolkning\n1234.5;777.1;1", "on none of them"),
    ],
)
def test_a_file_of_other_things_is_refused(tmp_path, text, word):
    (tmp_path / "other.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match=word):
        squares.read(tmp_path / "other.csv")


# Dalarna, which there is in both divisions


@pytest.fixture(scope="module")
def dalarna(shared_data):
    def population(name, code, column):
        table = pd.read_csv(shared_data / "stats" / name, dtype={code: str})
        held = table.set_index(code)[column].rename_axis("deso")
        return held[held.index.str.startswith("20")].astype(float).sort_index()

    return {
        "old": boundaries.read(shared_data / "polygons" / "deso2018_dalarnas_lan_175.gpkg"),
        "new": boundaries.read(shared_data / "polygons" / "deso2025_dalarnas_lan_175.gpkg"),
        "squares": squares.read(shared_data / "squares" / "befolkning_1km_2025_dalarna.csv"),
        "then": population("deso2018_sweden_5984_stats_2022.csv", "deso", "pop_total"),
        "now": population("deso2025_dalarna_175_population_2024.csv", "desokod", "befolkning_2024"),
    }


CHANGED = log(
    *[
        (old, new, "Ger del/delar till befintlig")
        for old, new in (
            ("2026C1020", "2026A0020"),
            ("2080C1010", "2080A0020"),
            ("2080C1040", "2080A0020"),
            ("2080C1040", "2080C1010"),
            ("2081C1050", "2081C1060"),
            ("2081C1070", "2081C1060"),
            ("2081C1100", "2081C1120"),
            ("2085C1050", "2085C1010"),
        )
    ],
    *[(code, code, "Utvidgas") for code in ("2080C1080", "2081C1120", "2085C1080")],
)


def errors(dalarna, **options):
    """Areas with a changed border, and how far their people of 2022 are from those of 2024 in the
    mean: moved, joined by their code, and in the other areas; then how many people are open."""
    frame = pd.DataFrame({"population": dalarna["then"], "population_status": "value"})
    frame.attrs["division"] = 2018
    moved = areas.crosswalk(frame, to=2025, source=dalarna["old"], target=dalarna["new"], **options)
    assert moved["population"].sum() == pytest.approx(288_310)
    off = (moved["population"] - dalarna["now"]).abs()
    by_code = (dalarna["then"] - dalarna["now"]).abs()
    same = moved["translated"] == "same"
    means = (off[~same], by_code[~same], off[same])
    told = note(moved, "translated by").values["people"]
    return [int((~same).sum()), *(round(float(one.mean()), 1) for one in means), told]


@pytest.mark.real
@pytest.mark.parametrize(
    ("options", "figures"),
    [
        ({"by": "squares"}, [63, 45.5, 45.9, 28.5, 56_981]),
        ({"by": "area"}, [68, 68.1, 44.3, 28.7, 93_410]),
        ({"by": "squares", "changes": CHANGED}, [21, 55.8, 57.9, 31.6, 19_750]),
        ({"by": "area", "changes": CHANGED}, [21, 127.1, 57.9, 31.6, 24_540]),
    ],
)
def test_the_error_in_dalarna_is_what_the_documentation_says(dalarna, options, figures):
    told = (Path(__file__).parents[1] / "docs" / "divisions.md").read_text(encoding="utf-8")
    assert errors(dalarna, squares=dalarna["squares"], **options) == figures
    row = [f"{figures[0]}", *(f"{one}" for one in figures[1:4]), f"{figures[4]:,}"]
    assert f"| {' | '.join(row)} |" in told
