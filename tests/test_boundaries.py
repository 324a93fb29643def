"""Boundaries: every form gives the same areas, and what is unsafe or unclear is refused."""

import json
import socket
import zipfile
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.errors import CodeError, ColumnError, DataError, InputFileError
from grannskap.sources import boundaries, guard
from grannskap.sources.boundaries import archive, coverage

CODES = ["0380C1010", "0380C1020", "0380B2010", "0381A0010"]
EAST, NORTH = 640_000, 6_640_000


def squares(side=1000.0):
    """Four squares in a 2 × 2 block that fit together exactly."""
    return [
        shapely.box(
            EAST + x * side, NORTH + y * side, EAST + (x + 1) * side, NORTH + (y + 1) * side
        )
        for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))
    ]


def town(**columns):
    data = {"desokod": CODES, **columns}
    return gpd.GeoDataFrame(data, geometry=squares(), crs="EPSG:3006")


def note(frame, kind):
    found = [one for one in notes.of(frame) if one.kind == kind]
    assert len(found) <= 1
    return found[0] if found else None


def zipped(path, folder, pattern):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in folder.glob(pattern):
            packed.write(file, f"inner/{file.name}")
    return path


def save(frame, folder, form):
    """Write the frame in one of the forms that are read; return the path to read."""
    path = folder / f"town.{form.split('+')[0]}"
    if form.startswith("parquet"):
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    if form.endswith("+zip"):
        return zipped(folder / "town.zip", folder, "town.*")
    return path


FORMS = ["gpkg", "geojson", "shp", "fgb", "parquet", "shp+zip", "gpkg+zip", "geojson+zip"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_areas(tmp_path, form):
    read = boundaries.read(save(town(version="2018_v2"), tmp_path, form))
    assert read.index.tolist() == sorted(CODES)
    assert read.index.name == "deso"
    assert read.crs == "EPSG:3006"
    assert read.attrs["division"] == 2018
    assert read["municipality"].tolist() == ["0380", "0380", "0380", "0381"]
    assert read["municipality_name"].tolist() == ["Uppsala", "Uppsala", "Uppsala", "Enköping"]
    assert read["kind"].tolist() == ["B", "C", "C", "A"]
    for code, square in zip(CODES, squares(), strict=True):
        assert read.geometry[code].equals(square)
    assert notes.of(read) == ()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3021", "EPSG:3857"])
def test_any_coordinate_system_comes_out_in_metres(tmp_path, form, crs):
    if form == "shp+zip" or crs == "EPSG:4326":
        read = boundaries.read(save(town().to_crs(crs), tmp_path, form))
        assert read.crs == "EPSG:3006"
        for code, square in zip(CODES, squares(), strict=True):
            assert read.geometry[code].hausdorff_distance(square) < 0.05


def test_the_content_decides_and_not_the_name(tmp_path):
    town().to_file(tmp_path / "town.fgb")
    for name in ("town.geojson", "town.txt", "town"):
        (tmp_path / "town.fgb").rename(tmp_path / name)
        assert len(boundaries.read(tmp_path / name)) == 4
        (tmp_path / name).rename(tmp_path / "town.fgb")


def test_a_geopackage_by_another_name_is_read(tmp_path):
    town().to_file(tmp_path / "town.gpkg")
    odd = (tmp_path / "town.gpkg").rename(tmp_path / "town.data")
    assert len(boundaries.read(odd)) == 4


@pytest.mark.parametrize("folder", ["å ä ö", "a!b", "with space", "x.zip", "%41"])
def test_odd_folders_are_only_folders(tmp_path, folder):
    for form in ("gpkg", "fgb", "geojson", "shp"):
        plain = tmp_path / form
        plain.mkdir()
        name = save(town(), plain, form).name
        odd = plain.rename(tmp_path / f"{form} {folder}")
        assert len(boundaries.read(odd / name)) == 4


def test_rows_may_come_in_any_order(tmp_path):
    one = boundaries.read(save(town(), tmp_path, "gpkg"))
    other = boundaries.read(save(town().iloc[::-1], tmp_path, "fgb"))
    assert one.drop(columns="geometry").equals(other.drop(columns="geometry"))
    assert one.geometry.geom_equals(other.geometry).all()


# Columns and divisions


@pytest.mark.parametrize(
    "name", ["deso", "desokod", "Deso", "DeSO", "DESO_KOD", "DeSO_2018", "deso2025", "Region"]
)
def test_scb_names_of_the_code_column_are_found(tmp_path, name):
    path = save(town().rename(columns={"desokod": name}), tmp_path, "gpkg")
    assert boundaries.read(path).index.tolist() == sorted(CODES)


def test_the_caller_may_name_the_code_column(tmp_path):
    path = save(town(mine=CODES[::-1]), tmp_path, "gpkg")
    assert boundaries.read(path, code="mine").geometry[CODES[-1]].equals(squares()[0])


@pytest.mark.parametrize("code", [None, "absent"])
def test_a_missing_code_column_lists_those_there_are(tmp_path, code):
    path = save(town(befolkning=1).rename(columns={"desokod": "x1"}), tmp_path, "gpkg")
    with pytest.raises(ColumnError, match="x1, befolkning"):
        boundaries.read(path, code=code)


def test_columns_of_two_divisions_ask_for_a_choice(tmp_path):
    frame = town(DeSO_2025=CODES).rename(columns={"desokod": "DeSO_2018"})
    path = save(frame, tmp_path, "gpkg")
    with pytest.raises(ColumnError, match="code="):
        boundaries.read(path)
    assert boundaries.read(path, code="DeSO_2025").attrs["division"] == 2025


@pytest.mark.parametrize(
    ("columns", "division"),
    [
        ({}, None),
        ({"version": "2018_v2"}, 2018),
        ({"version": "2025_v2"}, 2025),
        ({"id": [f"DeSO_2025.{n}" for n in range(4)]}, 2025),
        ({"objectid": [f"DeSO_2018.{n}" for n in range(4)]}, 2018),
        ({"id": ["2018", "2025", "3", "4"]}, None),
        ({"desokod": [f"{code}_DeSO2025" for code in CODES]}, 2025),
    ],
)
def test_the_division_is_told_by_the_file(tmp_path, columns, division):
    path = save(town(**columns), tmp_path, "fgb")
    assert boundaries.read(path).attrs["division"] == division
    assert boundaries.read(path).index.tolist() == sorted(CODES)


def test_the_division_is_told_by_the_caller_or_the_layer(tmp_path):
    path = save(town(), tmp_path, "gpkg")
    assert boundaries.read(path, division=2025).attrs["division"] == 2025
    town().to_file(tmp_path / "named.gpkg", layer="DeSO_2018")
    assert boundaries.read(tmp_path / "named.gpkg").attrs["division"] == 2018


@pytest.mark.parametrize("version", ["2018_v2", ["2018_v2", "2018_v2", "2018_v2", "2025_v2"]])
def test_two_divisions_are_refused(tmp_path, version):
    path = save(town(version=version), tmp_path, "gpkg")
    with pytest.raises(CodeError, match="2018 and 2025"):
        boundaries.read(path, division=2025)


def test_names_come_from_the_file_first(tmp_path):
    path = save(town(kommunnamn="Påhittköping"), tmp_path, "gpkg")
    assert set(boundaries.read(path)["municipality_name"]) == {"Påhittköping"}


def test_an_unknown_municipality_goes_by_its_code_and_is_noted(tmp_path):
    codes = ["9999C1010", *CODES[1:]]
    read = boundaries.read(save(town(deso=codes), tmp_path, "gpkg"))
    assert read.loc["9999C1010", "municipality_name"] == "9999"
    assert note(read, "unnamed municipalities").codes == ("9999",)


def test_regso_travels_along(tmp_path):
    frame = town(regsokod=[f"0380R00{n}" for n in range(4)], regsonamn=list("abcd"))
    read = boundaries.read(save(frame, tmp_path, "gpkg"))
    assert read.loc[CODES[2], ["regso", "regso_name"]].tolist() == ["0380R002", "c"]


def test_a_lost_zero_is_put_back_and_noted(tmp_path):
    codes = [code.removeprefix("0") for code in CODES]
    read = boundaries.read(save(town(deso=codes), tmp_path, "gpkg"))
    assert read.index.tolist() == sorted(CODES)
    assert set(note(read, "repaired codes").codes) == set(CODES)


def test_a_repeated_code_is_refused_and_named(tmp_path):
    codes = [CODES[0], CODES[0], *CODES[2:]]
    with pytest.raises(CodeError, match=CODES[0]):
        boundaries.read(save(town(desokod=codes), tmp_path, "gpkg"))


@pytest.mark.parametrize("code", [None, "Uppsala", "0380R001"])
def test_what_is_no_code_is_refused(tmp_path, code):
    with pytest.raises(CodeError):
        boundaries.read(save(town(desokod=[code, *CODES[1:]]), tmp_path, "gpkg"))


# Layers


def test_the_one_layer_with_codes_is_found_among_others(tmp_path):
    path = tmp_path / "several.gpkg"
    town().rename(columns={"desokod": "x"}).to_file(path, layer="other")
    town().to_file(path, layer="areas")
    assert len(boundaries.read(path)) == 4
    town().to_file(path, layer="more")
    with pytest.raises(InputFileError, match="areas, more"):
        boundaries.read(path)
    assert len(boundaries.read(path, layer="more")) == 4
    with pytest.raises(InputFileError, match="other, areas, more"):
        boundaries.read(path, layer="absent")


# Coordinate systems


@pytest.mark.parametrize("form", ["gpkg", "shp", "fgb", "parquet"])
def test_no_coordinate_system_is_refused_unless_given(tmp_path, form):
    bare = gpd.GeoDataFrame({"deso": CODES}, geometry=squares())
    with pytest.warns(UserWarning, match="crs") if form != "parquet" else nullcontext():
        path = save(bare, tmp_path, form)
    with pytest.raises(InputFileError, match="crs="):
        boundaries.read(path)
    read = boundaries.read(path, crs="EPSG:3006")
    assert read.geometry[CODES[0]].equals(squares()[0])


def geojson(tmp_path, frame, **members):
    content = json.loads(frame.to_json(to_wgs84=False))
    content.pop("crs", None)
    path = tmp_path / "town.geojson"
    path.write_text(json.dumps({**content, **members}), encoding="utf-8")
    return path


def test_geojson_in_metres_without_crs_asks_for_one(tmp_path):
    path = geojson(tmp_path, town())
    with pytest.raises(InputFileError, match=r"degrees.*crs="):
        boundaries.read(path)
    assert boundaries.read(path, crs="EPSG:3006").geometry[CODES[0]].equals(squares()[0])


def test_geojson_without_crs_is_in_degrees(tmp_path):
    read = boundaries.read(geojson(tmp_path, town().to_crs(4326)))
    assert read.geometry[CODES[0]].hausdorff_distance(squares()[0]) < 0.01


def test_geojson_whose_crs_is_unknown_asks_for_one(tmp_path):
    with pytest.raises(InputFileError, match="crs="):
        boundaries.read(geojson(tmp_path, town(), crs=None))


def test_geojson_never_follows_an_address_to_a_crs(tmp_path):
    link = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    with pytest.raises(InputFileError, match="coordinate system"):
        boundaries.read(geojson(tmp_path, town(), crs=link))


def test_a_contradicted_coordinate_system_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="SWEREF99 TM"):
        boundaries.read(save(town(), tmp_path, "gpkg"), crs="EPSG:4326")
    assert len(boundaries.read(save(town(), tmp_path, "fgb"), crs="EPSG:3006")) == 4


def test_a_coordinate_system_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="EPSG:banana"):
        boundaries.read(geojson(tmp_path, town()), crs="EPSG:banana")


def test_swapped_axes_are_refused(tmp_path):
    frame = town()
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    with pytest.raises(InputFileError, match="swap"):
        boundaries.read(save(frame, tmp_path, "gpkg"))


# Polygons


def test_a_bow_tie_is_repaired_and_listed(tmp_path):
    frame = town()
    x, y = EAST, NORTH
    tie = [(x, y), (x + 1000, y + 1000), (x + 1000, y), (x, y + 1000)]
    frame.loc[0, "geometry"] = shapely.Polygon(tie)
    read = boundaries.read(save(frame, tmp_path, "gpkg"))
    assert read.is_valid.all()
    assert read.geometry[CODES[0]].area == pytest.approx(500_000)
    assert note(read, "repaired polygons").codes == (CODES[0],)


def test_a_spike_leaves_its_polygon_part(tmp_path):
    frame = town()
    x, y = EAST, NORTH
    ring = [(x, y), (x, y - 500), (x, y), (x + 1000, y), (x + 1000, y + 1000), (x, y + 1000)]
    frame.loc[0, "geometry"] = shapely.Polygon(ring)
    read = boundaries.read(save(frame, tmp_path, "gpkg"))
    assert read.geometry[CODES[0]].equals(squares()[0])


def test_a_collapsed_polygon_is_refused(tmp_path):
    frame = town()
    line = [(EAST, NORTH), (EAST + 1000, NORTH), (EAST, NORTH)]
    frame.loc[0, "geometry"] = shapely.Polygon(line)
    with pytest.raises(DataError, match=CODES[0]):
        boundaries.read(save(frame, tmp_path, "gpkg"))


@pytest.mark.filterwarnings("ignore:GeoSeries.notna")  # said by older GeoPandas while it writes
@pytest.mark.parametrize("shape", [None, shapely.Polygon()])
def test_an_empty_polygon_is_refused(tmp_path, shape):
    frame = town()
    frame.loc[1, "geometry"] = shape
    with pytest.raises(DataError, match=CODES[1]):
        boundaries.read(save(frame, tmp_path, "gpkg"))


def test_points_are_refused_as_areas(tmp_path):
    frame = town()
    frame["geometry"] = frame.geometry.centroid
    with pytest.raises(DataError, match="Point"):
        boundaries.read(save(frame, tmp_path, "gpkg"))


def test_a_file_without_rows_is_refused(tmp_path):
    with pytest.raises(DataError, match="none"):
        boundaries.read(save(town().iloc[:0], tmp_path, "gpkg"))


def test_heights_are_left_out(tmp_path):
    frame = town()
    frame["geometry"] = shapely.force_3d(frame.geometry.to_numpy(), 17.0)
    for form in ("gpkg", "geojson", "parquet"):
        read = boundaries.read(save(frame, tmp_path, form))
        assert not shapely.has_z(read.geometry.to_numpy()).any()


# Overlaps and holes


def test_a_known_overlap_and_hole_are_measured(tmp_path):
    frame = town()
    frame.loc[0, "geometry"] = shapely.box(EAST, NORTH, EAST + 1010, NORTH + 1000)  # 10 m too wide
    hole = shapely.box(EAST + 1400, NORTH + 1400, EAST + 1500, NORTH + 1500)
    frame.loc[3, "geometry"] = frame.geometry[3].difference(hole)
    read = boundaries.read(save(frame, tmp_path, "gpkg"))
    overlap, holes = note(read, "overlaps"), note(read, "holes")
    assert overlap.text("en") == "Pairs of areas that overlap: 1, 10,000 m² in all."
    assert set(overlap.codes) == {CODES[0], CODES[1]}
    assert holes.text("en") == "Holes between areas: 1, 10,000 m² in all."
    assert holes.codes == (CODES[3],)


def test_what_is_open_towards_the_outside_is_no_hole(tmp_path):
    frame = town()
    notch = shapely.box(EAST + 1900, NORTH + 1400, EAST + 2000, NORTH + 1500)
    frame.loc[3, "geometry"] = frame.geometry[3].difference(notch)
    assert notes.of(boundaries.read(save(frame, tmp_path, "gpkg"))) == ()


def test_an_area_inside_another_overlaps_it(tmp_path):
    frame = town()
    frame.loc[0, "geometry"] = shapely.box(EAST + 1200, NORTH + 200, EAST + 1300, NORTH + 300)
    read = boundaries.read(save(frame, tmp_path, "gpkg"))
    assert set(note(read, "overlaps").codes) == {CODES[0], CODES[1]}


BOXES = st.tuples(*[st.integers(0, 12)] * 4)


@settings(max_examples=60, deadline=None)
@given(st.lists(BOXES, min_size=1, max_size=7))
def test_the_fast_union_is_the_union(boxes):
    shapes = np.array([shapely.box(x, y, x + w + 1, y + h + 1) for x, y, w, h in boxes])
    merged = coverage.union(shapes)
    assert merged.is_valid
    assert merged.equals(shapely.union_all(shapes))


@settings(max_examples=30, deadline=None)
@given(st.lists(BOXES, min_size=2, max_size=7))
def test_overlaps_and_holes_equal_brute_force(boxes):
    shapes = [
        shapely.box(10 * x, 10 * y, 10 * (x + w + 1), 10 * (y + h + 1)) for x, y, w, h in boxes
    ]
    codes = [f"0380C10{n}0" for n in range(len(shapes))]
    geometry = gpd.GeoSeries(shapes, index=codes, crs=3006)
    overlaps, holes = coverage.measure(geometry)
    pairs = [
        (i, j, shapes[i].intersection(shapes[j]).area) for i in range(len(shapes)) for j in range(i)
    ]
    assert overlaps.count == sum(area > 0 for *_, area in pairs)
    assert overlaps.area == pytest.approx(sum(area for *_, area in pairs))
    assert set(overlaps.codes) == {codes[k] for i, j, area in pairs if area > 0 for k in (i, j)}
    union = shapely.union_all(shapes)
    filled = shapely.union_all(
        [shapely.Polygon(part.exterior) for part in shapely.get_parts(union)]
    )
    inner = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    assert holes.count == len(inner)
    islands = filled.area - union.area
    assert holes.area == pytest.approx(islands)


# Files that are not what they should be


def test_missing_files_folders_and_other_forms_are_refused(tmp_path):
    with pytest.raises(InputFileError, match="no such file"):
        boundaries.read(tmp_path / "absent.gpkg")
    with pytest.raises(InputFileError, match="folder"):
        boundaries.read(tmp_path)
    empty = tmp_path / "empty.gpkg"
    empty.touch()
    with pytest.raises(InputFileError, match="empty"):
        boundaries.read(empty)


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    path = save(town(), tmp_path, "gpkg")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(guard.os, "open", refuse)
    with pytest.raises(InputFileError, match="Permission denied"):
        boundaries.read(path)


@pytest.mark.parametrize("driver", ["KML", "GML", "GeoJSONSeq", "SQLite", "DXF"])
def test_drivers_that_are_not_allowed_are_refused(tmp_path, driver):
    path = tmp_path / "town.geojson"
    town()[["geometry"]].to_crs(4326).to_file(tmp_path / "town", driver=driver)
    (tmp_path / "town").rename(path)
    with pytest.raises(InputFileError):
        boundaries.read(path)


ORDERS = (
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{0}</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)


@pytest.mark.parametrize(
    "before", [b"", b"\n  ", b"\xef\xbb\xbf", b"fgb\x03fgb ", b"\x00\x00\x27\x0a"]
)
def test_a_virtual_format_is_refused_unopened(tmp_path, before, monkeypatch):
    import pyogrio

    secret = save(town(), tmp_path, "gpkg")
    path = tmp_path / "town.geojson"
    path.write_bytes(before + ORDERS.format(secret).encode())
    monkeypatch.setattr(pyogrio, "read_info", lambda *_, **__: pytest.fail("GDAL opened it"))
    with pytest.raises(InputFileError):
        boundaries.read(path)


def test_a_command_line_in_json_is_refused(tmp_path):
    path = tmp_path / "town.geojson"
    path.write_text('{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline"}')
    with pytest.raises(InputFileError, match="another kind"):
        boundaries.read(path)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": {}}',
        '{"type": "FeatureCollection", "features": [1]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {}}]}',
        '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}',
        '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, 0]]]}}',
        '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [["a"]]}}',
        '{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[0, NaN]]]}}',
        '{"type": "Topology", "objects": {}}',
        '{"a": ' * 100_000,
    ],
)
def test_broken_geojson_is_refused(tmp_path, text):
    path = tmp_path / "town.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFileError):
        boundaries.read(path)


def test_geojson_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "town.geojson"
    path.write_bytes('{"type": "Feature", "properties": {"namn": "Åby"}}'.encode("cp1252"))
    with pytest.raises(InputFileError, match="utf-8"):
        boundaries.read(path)


@pytest.mark.parametrize("form", ["gpkg", "fgb", "shp", "parquet"])
def test_a_file_cut_short_is_refused(tmp_path, form):
    path = save(town(), tmp_path, form)
    content = path.read_bytes()
    for part in (8, len(content) // 2):
        path.write_bytes(content[:part])
        with pytest.raises((InputFileError, DataError)):
            boundaries.read(path)


@pytest.mark.parametrize("geo", [b"[]", b"1", b"{}", b'{"primary_column": "desokod"}'])
def test_parquet_with_broken_metadata_is_refused(tmp_path, geo):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"desokod": CODES, "x": CODES}).replace_schema_metadata({b"geo": geo})
    pq.write_table(table, tmp_path / "town.parquet")
    with pytest.raises(InputFileError):
        boundaries.read(tmp_path / "town.parquet", code="x")


def test_parquet_without_geometry_is_refused(tmp_path):
    path = tmp_path / "plain.parquet"
    town().drop(columns="geometry").to_parquet(path)
    with pytest.raises(InputFileError, match="without geometry"):
        boundaries.read(path)


def packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, content in members.items():
            archive_file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name",
    ["../town.geojson", "/town.geojson", "C:/town.geojson", "a/../../town.geojson", "..\\t.shp"],
)
def test_an_archive_that_climbs_out_is_refused(tmp_path, name):
    with pytest.raises(InputFileError, match="climbs"):
        boundaries.read(packed(tmp_path / "a.zip", {name: b"{}"}))


def test_what_macos_adds_to_an_archive_is_passed_over(tmp_path):
    content = save(town(), tmp_path, "gpkg").read_bytes()
    path = packed(tmp_path / "a.zip", {"town.gpkg": content, "__MACOSX/._town.gpkg": b"x"})
    assert len(boundaries.read(path)) == 4


def test_archive_limits_hold(tmp_path, monkeypatch):
    bomb = packed(tmp_path / "bomb.zip", {"town.geojson": b" " * 5_000_000})
    with pytest.raises(InputFileError, match="bomb"):
        boundaries.read(bomb)
    many = packed(tmp_path / "many.zip", {f"{n}.txt": b"" for n in range(201)})
    with pytest.raises(InputFileError, match="201 members"):
        boundaries.read(many)
    monkeypatch.setattr(archive, "_MOST_BYTES", 100)
    with pytest.raises(InputFileError, match="unpacked"):
        boundaries.read(packed(tmp_path / "large.zip", {"a.geojson": bytes(range(101))}))


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path):
    path = packed(tmp_path / "lie.zip", {"town.geojson": bytes(range(256)) * 40})
    content = path.read_bytes()
    path.write_bytes(content.replace((10240).to_bytes(4, "little"), (300).to_bytes(4, "little")))
    with pytest.raises(InputFileError):
        boundaries.read(path)


def test_archives_with_a_link_none_or_two_files_are_refused(tmp_path):
    linked = zipfile.ZipInfo("town.geojson")
    linked.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive_file:
        archive_file.writestr(linked, "/etc/passwd")
    with pytest.raises(InputFileError, match="link"):
        boundaries.read(tmp_path / "link.zip")
    with pytest.raises(InputFileError, match="none"):
        boundaries.read(packed(tmp_path / "none.zip", {"readme.txt": b"x"}))
    with pytest.raises(InputFileError, match=r"a\.gpkg, b\.gpkg"):
        boundaries.read(packed(tmp_path / "two.zip", {"a.gpkg": b"x", "b.gpkg": b"x"}))
    inner = packed(tmp_path / "inner.zip", {"a.geojson": b"{}"}).read_bytes()
    with pytest.raises(InputFileError, match="archive inside"):
        boundaries.read(packed(tmp_path / "outer.zip", {"a.gpkg": inner}))


# Overlays and outlines


def test_overlays_of_every_kind_keep_names_and_order(tmp_path):
    shapes = [
        squares()[1],
        shapely.Point(EAST, NORTH),
        shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)]),
    ]
    frame = gpd.GeoDataFrame({"NAMN": ["Estate", None, "Tram"]}, geometry=shapes, crs=3006)
    read = boundaries.read_overlay(save(frame, tmp_path, "gpkg"))
    assert read["name"].tolist() == ["Estate", "", "Tram"]
    assert read.geometry.geom_type.tolist() == ["Polygon", "Point", "LineString"]
    assert read.columns.tolist() == ["name", "geometry"]


def test_overlays_need_no_names_and_drop_empty_rows_with_a_note(tmp_path):
    frame = gpd.GeoDataFrame({"x": [1, 2]}, geometry=[squares()[0], None], crs=3006)
    path = save(frame, tmp_path, "gpkg")
    read = boundaries.read_overlay(path)
    assert read["name"].tolist() == [""]
    assert note(read, "overlay rows without geometry") is not None
    assert boundaries.read_overlay(path, name="x")["name"].tolist() == ["1"]
    with pytest.raises(ColumnError, match="x"):
        boundaries.read_overlay(path, name="absent")


def test_overlay_polygons_are_repaired_and_lines_left_alone(tmp_path):
    tie = shapely.Polygon(
        [(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)]
    )
    line = shapely.LineString(
        [(EAST, NORTH), (EAST + 9, NORTH + 9), (EAST + 9, NORTH), (EAST, NORTH + 9)]
    )
    frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[tie, line], crs=3006)
    read = boundaries.read_overlay(save(frame, tmp_path, "gpkg"))
    assert read.is_valid.all()
    assert read.geometry[1].equals(line)
    assert note(read, "repaired polygons") is not None


def test_an_overlay_without_geometry_is_refused(tmp_path):
    frame = gpd.GeoDataFrame({"name": ["a"]}, geometry=[None], crs=3006)
    with pytest.raises(DataError, match="no geometry"):
        boundaries.read_overlay(save(frame, tmp_path, "gpkg"))


def test_municipalities_are_all_of_sweden_without_the_network(monkeypatch):
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("the network was used"))
    outlines = boundaries.municipalities()
    assert len(outlines) == 290
    assert outlines.crs == "EPSG:3006"
    assert outlines.index.is_monotonic_increasing
    assert outlines.loc["0380", "name"] == "Uppsala"
    country = outlines.area.sum() / 1e6
    assert 407_000 < country < 530_000  # land only; land with inland and sea water


# Real files


@cache
def real(folder, name):
    """Read each real file once; tests leave the frame as it is."""
    return boundaries.read(folder / "polygons" / f"{name}.gpkg")


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "areas", "division"),
    [
        ("deso2018_uppsala_lan_plus_neighbours_262", 262, 2018),
        ("deso2018_dalarnas_lan_175", 175, 2018),
        ("deso2025_dalarnas_lan_175", 175, 2025),
        ("deso2018_stockholms_lan_1287_simplified", 1287, 2018),
    ],
)
def test_real_files_are_read_whole(shared_data, name, areas, division):
    read = real(shared_data, name)
    assert len(read) == areas
    assert read.attrs["division"] == division
    assert read.index.is_unique
    assert read.index.is_monotonic_increasing
    assert read.is_valid.all()
    known = boundaries.municipalities()["name"]
    assert read["municipality_name"].tolist() == known[read["municipality"]].tolist()


@pytest.mark.real
def test_stockholms_overlaps_and_holes_are_those_known(shared_data):
    geometry = real(shared_data, "deso2018_stockholms_lan_1287_simplified").geometry
    overlaps, holes = coverage.measure(geometry)
    assert round(overlaps.area / 1e6, 1) == 8.6
    parts = shapely.get_parts(shapely.union_all(geometry.to_numpy()))
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in parts])
    assert holes.area == pytest.approx(filled.area - shapely.area(parts).sum(), rel=1e-3)
    rings = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    assert round(shapely.area(rings).sum() / 1e6, 1) == 11.1  # with the islands inside holes


@pytest.mark.real
def test_a_real_overlap_equals_the_sum_of_areas_less_the_union(shared_data):
    geometry = real(shared_data, "deso2018_uppsala_lan_plus_neighbours_262").geometry
    overlaps, _ = coverage.measure(geometry)
    excess = geometry.area.sum() - shapely.union_all(geometry.to_numpy()).area
    assert overlaps.area == pytest.approx(excess, abs=1.0 * len(geometry))


def test_reading_leaves_the_file_and_folder_as_they_were(tmp_path):
    path = save(town(), tmp_path, "gpkg")
    before = {file: file.read_bytes() for file in Path(tmp_path).iterdir()}
    boundaries.read(path)
    assert {file: file.read_bytes() for file in Path(tmp_path).iterdir()} == before


def test_looking_for_names_writes_no_polygon_as_text(monkeypatch):
    """It cost a quarter of the reading of a country."""
    monkeypatch.delattr(shapely, "to_wkt")
    square = shapely.box(647000, 6638000, 648000, 6639000)
    frame = gpd.GeoDataFrame({"regso": ["0380R001"]}, geometry=[square], crs=3006)
    found = boundaries.from_frame(frame.assign(deso="0380C1010"))
    assert found["regso"].tolist() == ["0380R001"]
