"""Shapefile, FlatGeobuf, GeoParquet and archives."""

import json
import os
import zipfile

import pyproj
import shapely
from cases import NESTED, Case, star
from small_town import CODES, areas, geojson, quads, use

CASES: list[Case] = []


def case(name, build, expected, words="", *, alone=False):
    CASES.append(Case(name, build, expected, words, alone))


def saved(name, driver, change):
    """Boundaries in another form, whose files are changed."""

    def build(folder):
        areas().to_file(folder / name, driver=driver)
        change(folder)
        use(folder, "boundaries", name)

    return build


def shapefile(change):
    return saved("b.shp", "ESRI Shapefile", change)


def part(name, change):
    def build(folder):
        (folder / name).write_bytes(change((folder / name).read_bytes()))

    return build


def piped(name):
    def build(folder):
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return build


for name, build, expected in (
    ("as it is", lambda f: None, "fine"),
    ("without .shx", lambda f: (f / "b.shx").unlink(), "refused"),
    ("without .dbf", lambda f: (f / "b.dbf").unlink(), "refused"),
    ("without .prj", lambda f: (f / "b.prj").unlink(), "refused"),
    ("an empty .prj", part("b.prj", lambda c: b""), "refused"),
    ("a .prj of anything", part("b.prj", lambda c: bytes(range(256))), "refused"),
    ("a .prj of 1 MB", part("b.prj", lambda c: b"A[" * 500_000), "refused"),
    ("a .prj in 5,000 brackets", part("b.prj", lambda c: b"PROJCS[" * 5000), "refused"),
    ("a .cpg of anything", part("b.cpg", lambda c: b"KLINGON\x00"), "fine"),
    ("an index that repeats a shape", part("b.shx", lambda c: c + c[100:108] * 100_000), "refused"),
    ("an index beyond the file", part("b.shx", lambda c: c[:100] + b"\x7f" * 72), "refused"),
    ("shapes cut short", part("b.shp", lambda c: c[:300]), "refused"),
    (
        "shapes of another kind",
        part("b.shp", lambda c: c[:108] + b"\x1f\0\0\0" + c[112:]),
        "refused",
    ),
    ("four billion points", part("b.shp", lambda c: c[:148] + b"\xff" * 8 + c[156:]), "refused"),
    ("a table cut short", part("b.dbf", lambda c: c[:70]), "refused"),
    (
        "a table of four billion rows",
        part("b.dbf", lambda c: c[:4] + b"\xff" * 4 + c[8:]),
        "fine",
    ),
    ("a table of anything", part("b.dbf", lambda c: c[:32] + b"\xff" * (len(c) - 32)), "refused"),
):
    case(f"Shapefile: {name}", shapefile(build), expected)
for ending in ("prj", "dbf", "shx", "cpg"):
    case(
        f"Shapefile: a pipe as its .{ending}",
        shapefile(piped(f"b.{ending}")),
        "refused",
        "pipe",
        alone=True,
    )


def flatgeobuf(change):
    return saved("b.fgb", "FlatGeobuf", part("b.fgb", change))


for name, change, expected in (
    ("as it is", lambda c: c, "fine"),
    ("cut in the middle", lambda c: c[: len(c) // 2], "refused"),
    ("its mark alone", lambda c: c[:8], "refused"),
    ("a head of four billion bytes", lambda c: c[:8] + b"\xff" * 4 + c[12:], "refused"),
    ("a head of nothing", lambda c: c[:8] + b"\0" * 4 + c[12:], "refused"),
    ("a feature of four billion bytes", lambda c: c + b"\xff" * 4, "refused"),
    ("anything behind its head", lambda c: c[:200] + b"\xff" * (len(c) - 200), "refused"),
):
    case(f"FlatGeobuf: {name}", flatgeobuf(change), expected)


def geoparquet(geo=None, geometry=None, rows=9, **more):
    """GeoParquet whose metadata, shapes or columns are others."""

    def build(folder):
        import pyarrow as pa
        import pyarrow.parquet as pq

        made = {
            "version": "1.0.0",
            "primary_column": "geometry",
            "columns": {
                "geometry": {
                    "encoding": "WKB",
                    "geometry_types": [],
                    "crs": json.loads(pyproj.CRS("EPSG:3006").to_json()),
                }
            },
        }
        values = [shapely.to_wkb(one) for one in quads()]
        values = values if geometry is None else geometry(values)
        data = {"desokod": CODES * (rows // 9), "geometry": values, **more}
        told = made if geo is None else geo(made)
        metadata = {b"geo": told if isinstance(told, bytes) else json.dumps(told).encode()}
        table = pa.table(data).replace_schema_metadata(metadata)
        pq.write_table(table, folder / "b.parquet", compression="zstd")
        use(folder, "boundaries", "b.parquet")

    return build


def with_crs(crs):
    return lambda made: {**made, "columns": {"geometry": {"encoding": "WKB", "crs": crs}}}


def deep_crs(depth):
    text = '{"a":' * depth + "1" + "}" * depth
    return lambda made: (
        '{"primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","crs":' + text + "}}}"
    ).encode()


for name, build, expected, words in (
    ("as it is", geoparquet(), "fine", ""),
    ("metadata that are no JSON", geoparquet(lambda m: b"\xff{"), "refused", ""),
    ("metadata that are a list", geoparquet(lambda m: b"[]"), "refused", ""),
    ("metadata 500 deep", geoparquet(deep_crs(500)), "refused", "deep"),
    ("metadata 5,000 deep", geoparquet(deep_crs(5000)), "refused", ""),
    ("metadata of 2 MB", geoparquet(lambda m: {**m, "x": "y" * 2_000_000}), "refused", "metadata"),
    (
        "a number for its shapes' column",
        geoparquet(lambda m: {**m, "primary_column": 5}),
        "refused",
        "",
    ),
    (
        "another encoding",
        geoparquet(lambda m: {**m, "columns": {"geometry": {"encoding": "polygon"}}}),
        "refused",
        "",
    ),
    ("no system", geoparquet(with_crs(None)), "refused", "crs="),
    ("a system that is none", geoparquet(with_crs({"type": "banana"})), "refused", ""),
    ("a system that is a number", geoparquet(with_crs(5)), "refused", ""),
    ("shapes cut short", geoparquet(geometry=lambda v: [one[:20] for one in v]), "refused", ""),
    ("shapes of anything", geoparquet(geometry=lambda v: [b"\xff" * 50] * 9), "refused", ""),
    ("shapes that are texts", geoparquet(geometry=lambda v: ["POLYGON"] * 9), "refused", ""),
    ("shapes that are numbers", geoparquet(geometry=lambda v: list(range(9))), "refused", ""),
    ("a shape missing", geoparquet(geometry=lambda v: [None, *v[1:]]), "refused", CODES[0]),
    (
        "two million rows",
        geoparquet(geometry=lambda v: v[:1] * 1_800_000, rows=1_800_000),
        "refused",
        "rows",
    ),
):
    case(f"GeoParquet: {name}", build, expected, words)
case(
    "GeoParquet: collections of collections",
    geoparquet(geometry=lambda v: [NESTED, *v[1:]]),
    "refused",
    "collections",
    alone=True,
)


def told_often(_values):
    import pyarrow as pa

    which = pa.array([0] * 9000, pa.int32())
    return pa.DictionaryArray.from_arrays(which, [shapely.to_wkb(star(10_000))])


case(
    "GeoParquet: 160 kB told 9,000 times",
    geoparquet(geometry=told_often, rows=9000),
    "refused",
    "bytes",
    alone=True,
)


def archive(members, *, name="b.zip", method=zipfile.ZIP_DEFLATED, change=None):
    """An archive of these members."""

    def build(folder):
        with zipfile.ZipFile(folder / name, "w", method) as packed:
            for member, content in members().items():
                packed.writestr(member, content)
        if change is not None:
            (folder / name).write_bytes(change((folder / name).read_bytes()))
        use(folder, "boundaries", name)

    return build


def town():
    return {"b.geojson": geojson(areas())}


for name, build, expected, words in (
    ("as it is", archive(town), "fine", ""),
    ("a bomb", archive(lambda: {"b.geojson": b" " * 100_000_000}), "refused", "bomb"),
    (
        "a bomb of many parts",
        archive(lambda: {f"{k}.geojson": b" " * 1_000_000 for k in range(150)}),
        "refused",
        "",
    ),
    (
        "an archive in an archive",
        archive(lambda: {"b.gpkg": b"PK\x03\x04" + b"\0" * 100}),
        "refused",
        "inside",
    ),
    ("300 members", archive(lambda: {f"{k}.txt": b"" for k in range(300)}), "refused", "members"),
    ("30,000 members", archive(lambda: {f"{k}.txt": b"" for k in range(30_000)}), "refused", ""),
    ("no member", archive(dict), "refused", ""),
    ("a member without a name", archive(lambda: {**town(), "/": b""}), "refused", ""),
    ("a member with a control character", archive(lambda: {"b\x1b.geojson": b"{}"}), "refused", ""),
    ("a member that climbs out", archive(lambda: {"../b.geojson": b"{}"}), "refused", "climbs"),
    (
        "a wrong sum",
        archive(
            town, method=zipfile.ZIP_STORED, change=lambda c: c.replace(b"Uppsala", b"Uppsalb", 1)
        ),
        "refused",
        "",
    ),
    (
        "packed bytes of anything",
        archive(town, change=lambda c: c[:60] + b"\xff" * 200 + c[260:]),
        "refused",
        "",
    ),
    (
        "an unknown way of packing",
        archive(town, change=lambda c: c.replace(b"\x08\x00", b"\x63\x00")),
        "refused",
        "",
    ),
    ("bzip2", archive(town, method=zipfile.ZIP_BZIP2), "fine", ""),
    ("without its end", archive(town, change=lambda c: c[:-60]), "refused", ""),
    (
        "anything before it",
        archive(town, change=lambda c: b"PK\x03\x04" + b"\xff" * 99 + c),
        "fine",
        "",
    ),
):
    case(f"archive: {name}", build, expected, words)
