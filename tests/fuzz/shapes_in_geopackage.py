"""GeoPackage: a database whose writer may have put programs into it."""

import os
import sqlite3
import struct

from cases import NESTED, Case
from small_town import EAST, NORTH, areas, use

CASES: list[Case] = []


def case(name, build, expected, words="", *, alone=False):
    CASES.append(Case(name, build, expected, words, alone))


def geopackage(*orders, change=None, name="b.gpkg"):
    """A GeoPackage in which these orders were carried out."""

    def build(folder):
        areas().to_file(folder / name, layer="areas", driver="GPKG")
        with sqlite3.connect(folder / name) as database:
            database.execute("PRAGMA writable_schema = ON")
            for order in database_orders(orders):
                database.execute(*order) if isinstance(order, tuple) else database.execute(order)
        database.close()
        if change is not None:
            content = bytearray((folder / name).read_bytes())
            (folder / name).write_bytes(change(content))
        use(folder, "boundaries", name)

    return build


def database_orders(orders):
    drop = [f"DROP TRIGGER IF EXISTS {one}" for one in TRIGGERS]
    return [*drop, *orders]


TRIGGERS = [
    *(
        f'"rtree_areas_geom_{end}"'
        for end in ("insert", "update1", "update2", "update3", "update4")
    ),
    *(f'"rtree_areas_geom_{end}"' for end in ("update5", "update6", "update7", "delete")),
    '"trigger_insert_feature_count_areas"',
    '"trigger_delete_feature_count_areas"',
]
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT"
AS_LAYER = (
    "UPDATE gpkg_contents SET table_name = 'endless', identifier = 'endless'",
    "UPDATE gpkg_geometry_columns SET table_name = 'endless'",
)
FIRST = "WHERE fid = 1"


def blob(value):
    return (f"UPDATE areas SET geom = ? {FIRST}", (value,))


HEAD = b"GP\x00\x01" + struct.pack("<i", 3006)
CURVE = (
    struct.pack("<BII", 1, 10, 1)
    + struct.pack("<BII", 1, 8, 3)
    + struct.pack("<6d", EAST, NORTH, EAST + 5, NORTH + 5, EAST + 9, NORTH)
)
VIEW = "CREATE VIEW endless AS " + ENDLESS

for name, build, expected, words in (
    ("as it is", geopackage(), "fine", ""),
    (
        "an endless view as its layer",
        geopackage(
            VIEW + " i AS fid, '0380C1010' AS desokod, zeroblob(9) AS geom FROM n", *AS_LAYER
        ),
        "refused",
        "none",
    ),
    (
        "an endless view beside its layer",
        geopackage(VIEW + " i AS fid, '0380C1010' AS desokod, zeroblob(9) AS geom FROM n"),
        "fine",
        "",
    ),
    (
        "an endless view as its list of layers",
        geopackage(
            "ALTER TABLE gpkg_contents RENAME TO kept",
            f"CREATE VIEW gpkg_contents AS {ENDLESS} 'areas' AS table_name, 'features' AS data_type"
            " FROM n",
        ),
        "refused",
        "",
    ),
    (
        "an endless view as its coordinate systems",
        geopackage(
            "ALTER TABLE gpkg_spatial_ref_sys RENAME TO kept",
            f"CREATE VIEW gpkg_spatial_ref_sys AS {ENDLESS} 3006 AS srs_id, 'EPSG' AS organization,"
            " 3006 AS organization_coordsys_id, '' AS definition FROM n",
        ),
        "refused",
        "",
    ),
    (
        "a view of a plain table",
        geopackage("CREATE VIEW endless AS SELECT * FROM areas", *AS_LAYER),
        "refused",
        "none",
    ),
    (
        "a computed column",
        geopackage("ALTER TABLE areas ADD COLUMN x TEXT AS (hex(zeroblob(200000000)))"),
        "refused",
        "computed",
    ),
    (
        "a virtual table as its layer",
        geopackage("CREATE VIRTUAL TABLE endless USING fts5(desokod, geom)", *AS_LAYER),
        "refused",
        "none",
    ),
    ("a layer that is not there", geopackage(*AS_LAYER), "refused", "none"),
    (
        "a trigger",
        geopackage("CREATE TRIGGER t AFTER INSERT ON areas BEGIN DELETE FROM areas; END"),
        "fine",
        "",
    ),
    ("no list of layers", geopackage("DROP TABLE gpkg_geometry_columns"), "refused", ""),
    (
        "300 layers",
        geopackage(
            *(
                order
                for k in range(300)
                for order in (
                    f"CREATE TABLE t{k}(fid INTEGER PRIMARY KEY, geom BLOB)",
                    f"INSERT INTO gpkg_contents(table_name, data_type) VALUES ('t{k}', 'features')",
                    "INSERT INTO gpkg_geometry_columns "
                    f"VALUES ('t{k}', 'geom', 'POLYGON', 3006, 0, 0)",
                )
            )
        ),
        "refused",
        "layers",
    ),
    ("a shape that is a text", geopackage(blob("POLYGON")), "refused", ""),
    ("a shape that is a number", geopackage(blob(7)), "refused", ""),
    ("an empty shape", geopackage(blob(b"")), "refused", ""),
    ("a shape without an inside", geopackage(blob(HEAD)), "refused", ""),
    ("a shape cut short", geopackage(blob(HEAD + struct.pack("<BII", 1, 3, 1))), "refused", ""),
    (
        "a shape of four billion rings",
        geopackage(blob(HEAD + struct.pack("<BII", 1, 3, 2**32 - 1))),
        "refused",
        "",
    ),
    (
        "a shape of an unknown kind",
        geopackage(blob(HEAD + struct.pack("<BII", 1, 99, 1))),
        "refused",
        "",
    ),
    ("a curved shape", geopackage(blob(HEAD + CURVE)), "refused", "curves"),
    ("no coordinate systems", geopackage("DELETE FROM gpkg_spatial_ref_sys"), "refused", "crs="),
    (
        "a number that is no system",
        geopackage("UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 987654"),
        "refused",
        "",
    ),
    (
        "a definition that is none",
        geopackage(
            "UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = 'PROJCRS[banana'"
        ),
        "refused",
        "",
    ),
    (
        "a definition of 2 MB",
        geopackage(
            "UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = '"
            + "x" * 2_000_000
            + "'"
        ),
        "refused",
        "letters",
    ),
    (
        "a definition in a thousand brackets",
        geopackage(
            "UPDATE gpkg_spatial_ref_sys SET organization = 'x', definition = '" + "A[" * 1000 + "'"
        ),
        "refused",
        "",
    ),
    ("codes as bytes", geopackage("UPDATE areas SET desokod = x'ff00'"), "refused", ""),
    ("codes as numbers", geopackage("UPDATE areas SET desokod = 5"), "refused", ""),
    ("a code missing", geopackage(f"UPDATE areas SET desokod = NULL {FIRST}"), "refused", ""),
    (
        "a name with a zero",
        geopackage(f"UPDATE areas SET kommunnamn = 'a' || char(0) {FIRST}"),
        "noted",
        "texts cleaned",
    ),
    ("cut in the middle", geopackage(change=lambda c: c[: len(c) // 2]), "refused", ""),
    ("a head and nothing else", geopackage(change=lambda c: c[:100]), "refused", ""),
    (
        "not a GeoPackage",
        geopackage(change=lambda c: c[:68] + b"none" + c[72:]),
        "refused",
        "no GeoPackage",
    ),
    (
        "pages overwritten",
        geopackage(change=lambda c: c[:4096] + b"\xff" * (len(c) - 4096)),
        "refused",
        "",
    ),
):
    case(f"GeoPackage: {name}", build, expected, words)
case(
    "GeoPackage: collections of collections",
    geopackage(blob(HEAD + NESTED)),
    "refused",
    "collections",
    alone=True,
)


def beside(ending):
    def build(folder):
        geopackage()(folder)
        os.mkfifo(folder / f"b.gpkg{ending}")

    return build


for ending in ("-wal", "-journal", "-shm"):
    case(f"GeoPackage: a pipe as its {ending}", beside(ending), "refused", "pipe", alone=True)
