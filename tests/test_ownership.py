"""A run replaces and deletes what an earlier run wrote and nobody changed, and nothing else."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import sys

import geopandas as gpd
import pytest

from grannskap import datasets, project
from grannskap.errors import OutputError
from grannskap.outputs import folder, geopackage, ownership
from grannskap.outputs.ownership import MANIFEST, MARK
from squares import grid

FIRST = {"a.txt": b"one", "maps/b.txt": b"two", "report.html": b"<p>"}
SECOND = {"c.txt": b"three", "report.html": b"<b>"}


def content_of(path):
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


@pytest.fixture
def earlier(tmp_path):
    out = tmp_path / "resultat å"
    folder.replace(out, FIRST)
    return out


def refused(out, *, names, **options):
    """Refused in one line, before the work and at its end, and nothing there is touched."""
    before = content_of(out)
    with pytest.raises(OutputError, match=names) as told:
        folder.check(out, **options)
    assert "\n" not in str(told.value)
    if not options:
        with pytest.raises(OutputError, match=names):
            folder.replace(out, SECOND)
    assert content_of(out) == before
    assert not list(out.parent.glob(f".{out.name}*"))


def test_the_manifest_lists_the_checksum_of_every_file(earlier):
    told = json.loads((earlier / MANIFEST).read_bytes())
    assert told[MARK] == 1
    assert told["outputs"] == {n: hashlib.sha256(c).hexdigest() for n, c in FIRST.items()}


def test_a_file_that_was_changed_since_is_the_users(earlier):
    (earlier / "maps" / "b.txt").write_bytes(b"two and my own words")
    refused(earlier, names=r"maps/b\.txt, changed since")


def test_a_file_that_was_changed_and_put_back_is_ours(earlier):
    path = earlier / "a.txt"
    path.write_bytes(b"mine")
    path.write_bytes(FIRST["a.txt"])
    folder.replace(earlier, SECOND)
    assert not path.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop(MARK),
        lambda told: told.update({MARK: 2}),
        lambda told: told["outputs"].update({"thesis.docx": hashlib.sha256(b"years").hexdigest()}),
        lambda told: told["outputs"].pop("a.txt"),
        lambda told: told.update(outputs=[]),
        lambda told: told.update(remark="mine"),
        lambda told: told.clear(),
    ],
    ids=["no mark", "another format", "one more", "one less", "a list", "a remark", "empty"],
)
def test_a_manifest_that_no_run_wrote_gives_away_nothing(earlier, spoil):
    (earlier / "thesis.docx").write_bytes(b"years")
    told = json.loads((earlier / MANIFEST).read_bytes())
    spoil(told)
    (earlier / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    assert not ownership.look(earlier).is_ours
    refused(earlier, names="an empty folder or one of an earlier run")


@pytest.mark.parametrize("content", [b"", b"[]", b"1", b"\xff", b"[" * 100_000, b'{"outputs":{}}'])
def test_a_strangers_manifest_and_report_are_left_alone(tmp_path, content):
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_bytes(content)
    (out / "report.html").write_bytes(b"mine")
    refused(out, names="report.html")


def test_a_strangers_file_under_a_name_that_is_new_is_left_alone(earlier):
    (earlier / "c.txt").write_bytes(b"mine")
    before = content_of(earlier)
    with pytest.raises(OutputError, match=r"c\.txt"):
        folder.replace(earlier, SECOND)
    assert content_of(earlier) == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_links_and_empty_folders_are_kept_and_not_followed(earlier, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_bytes(b"mine")
    (earlier / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (earlier / "dangling").symlink_to("nowhere")
    (earlier / "empty" / "er").mkdir(parents=True)
    folder.replace(earlier, SECOND)
    assert (earlier / "link" / "a.txt").read_bytes() == b"mine"
    assert os.readlink(earlier / "dangling") == "nowhere"  # noqa: PTH115
    assert (earlier / "empty" / "er").is_dir()
    assert not (earlier / "maps").exists()
    assert (tmp_path / "elsewhere" / "a.txt").read_bytes() == b"mine"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_in_place_of_a_file_of_ours_is_the_users(earlier, tmp_path):
    shutil.move(earlier / "a.txt", tmp_path / "a.txt")
    (earlier / "a.txt").symlink_to(tmp_path / "a.txt")
    refused(earlier, names=r"a\.txt, changed since")


# -- what is read is not where it is written -----------------------------------------------


@pytest.fixture
def town(tmp_path):
    return project.read(datasets.write_inputs(tmp_path / "town"))


def inputs_of(read):
    return [read.file, *read.files()]


def test_a_folder_that_holds_the_project_or_its_files_is_refused(town, tmp_path):
    for out in (tmp_path, town.folder, town.folder / "inputs", town.folder / "inputs" / ".."):
        refused(out, names="which holds", inputs=inputs_of(town))


def test_a_folder_that_lies_in_an_input_is_refused(town):
    base = town.folder / "buildings.gdb"
    (base / "tables").mkdir(parents=True)
    for out in (base, base / "tables"):
        refused(out, names=r"which lies in buildings\.gdb|which holds", inputs=[base])


def test_a_folder_beside_the_files_is_not_refused(town, tmp_path):
    for out in (town.folder / "outputs", tmp_path / "town 2"):
        out.mkdir()
        folder.check(out, inputs=inputs_of(town))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_links_do_not_hide_that_a_folder_holds_what_is_read(town, tmp_path):
    (tmp_path / "alias").symlink_to(town.folder, target_is_directory=True)
    refused(tmp_path / "alias", names="which holds", inputs=inputs_of(town))
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "project.toml").symlink_to(town.file)
    refused(tmp_path / "desk", names="which holds", inputs=[tmp_path / "desk" / "project.toml"])


def test_the_demos_folder_is_not_replaced_by_the_project_it_left(tmp_path):
    """The way in which a planner's files were lost: a copy, other inputs, and the same folder."""
    made = project.read(datasets.write_inputs(tmp_path / "made"))
    names = [path.relative_to(made.folder).as_posix() for path in inputs_of(made)]
    out = tmp_path / "demo"
    folder.replace(out, {name: (made.folder / name).read_bytes() for name in names})
    shutil.copytree(out, tmp_path / "X")
    refused(tmp_path / "X", names="which holds", inputs=[tmp_path / "X" / name for name in names])
    (tmp_path / "X" / "inputs" / "register.csv").write_bytes(b"my own")
    refused(tmp_path / "X", names=r"inputs/register\.csv, changed since")


@pytest.fixture
def database(tmp_path):
    """A GeoPackage as a run writes it, in a run's folder."""
    out = tmp_path / "resultat"
    areas = gpd.GeoDataFrame(geometry=grid(3, 3))
    folder.replace(out, {"areas.gpkg": lambda path: geopackage.write(path, areas, {})})
    return out


def test_a_database_is_ours_after_it_was_looked_at(database):
    path = database / "areas.gpkg"
    before = path.read_bytes()
    assert ownership.checksum(path) == hashlib.sha256(before).hexdigest()
    # As QGIS does: write-ahead while it is open, and back again.
    for mode in ("WAL", "DELETE"):
        with contextlib.closing(sqlite3.connect(path)) as opened:
            opened.execute(f"PRAGMA journal_mode = {mode}")
            opened.execute("SELECT count(*) FROM areas").fetchone()
    assert path.read_bytes() != before
    folder.replace(database, SECOND)
    assert not path.exists()


def test_a_database_with_another_value_is_the_users(database):
    with contextlib.closing(sqlite3.connect(database / "areas.gpkg")) as opened, opened:
        opened.execute("UPDATE gpkg_contents SET description = 'mine'")
    refused(database, names=r"areas\.gpkg, changed since")
