"""The process that draws beside the others: the same files, and nothing left of it."""

import functools
import io
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import geopandas as gpd
import kills
import numpy as np
import pytest
import shapely
import town
from openpyxl import load_workbook

from grannskap import project
from grannskap.maps.figure import outlines
from grannskap.outputs import beside, pictures, processes, write

# A user's script without a guard for its main module: it must not be run again.
ALWAYS = """
import sys
from grannskap import cli
from grannskap.outputs import beside, pictures, processes
beside._LARGE_FILE, processes.cores, pictures.LARGE = 0, lambda: {cores}, 1
print("begun", flush=True)
cli.main()
"""


@pytest.fixture
def asked(monkeypatch, demo_folder):
    """The demo's project, where everything counts as large and there are two cores."""
    monkeypatch.setattr(beside, "_LARGE_FILE", 0)
    monkeypatch.setattr(processes, "cores", lambda: 2)
    monkeypatch.setattr(pictures, "LARGE", 1)
    return project.read(demo_folder / "project.toml").model_copy(update={"view": "country"})


def script(folder, *, cores=2):
    path = folder / f"script-{cores}.py"
    path.write_text(ALWAYS.format(cores=cores), encoding="utf-8")
    return [sys.executable, str(path)]


def is_there(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()


def until(true, *, seconds=120):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def test_what_is_drawn_beside_is_what_is_drawn_here(asked, demo_read, demo_results):
    data, _, view = demo_read
    with beside.opened(asked) as other:
        there = other.prepared(data, view).draw(demo_results, view).result()
        assert until(lambda: other.process.poll() is not None)
    assert there == pictures.draw(demo_results, view)
    assert other.process.poll() == 0


def test_a_script_is_not_run_again_and_writes_the_same_files(tmp_path):
    town.write(tmp_path)
    for cores in (1, 2):
        words = [*script(tmp_path, cores=cores), "run", "project.toml", "--out", f"out-{cores}"]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.count("begun") == 1
    assert kills.files_of(tmp_path / "out-1") == kills.files_of(tmp_path / "out-2")


@pytest.mark.parametrize("fault", ["killed", "cannot draw", "cannot start"])
def test_where_the_other_process_fails_it_says_so(
    fault, asked, demo_read, demo_results, monkeypatch
):
    data, _, view = demo_read
    if fault == "cannot start":
        monkeypatch.setattr(processes, "_START", "raise SystemExit(1)  # {path} {module}")
    with beside.opened(asked) as other:
        painter = other.prepared(data, view)
        if fault == "killed":
            other.process.kill()
        results = None if fault == "cannot draw" else demo_results
        assert painter.draw(results, view).result() is None


class Silent:
    """A painter whose process is gone."""

    def draw(self, results, view):
        return answered(None)


def answered(value):
    future = Future()
    future.set_result(value)
    return future


def test_then_the_pictures_are_drawn_here(demo_results, demo_view, monkeypatch, tmp_path):
    """And what a picture must tell of its letters stands in the workbook, which was made before."""
    drawn = pictures.Drawn((), {"maps/balance.svg": b"<svg/>"}, frozenset("漢"))
    monkeypatch.setattr(pictures, "draw", lambda _results, _view: drawn)
    told = []
    written = write.run(
        demo_results, demo_view, tmp_path / "out", painter=Silent(), on_stage=told.append
    )
    assert tuple(told) == write.STAGES
    assert (written.folder / "maps" / "balance.svg").read_bytes() == b"<svg/>"
    book = load_workbook(written.folder / "tables.xlsx", read_only=True)
    cells = [str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row]
    book.close()
    assert any("U+6F22" in cell for cell in cells)
    assert "U+6F22" in (written.folder / "manifest.json").read_text(encoding="utf-8")


def test_where_little_is_shown_it_ends_unused(asked, demo_read, monkeypatch):
    data, _, view = demo_read
    monkeypatch.setattr(pictures, "LARGE", 2_000)
    with beside.opened(asked) as other:
        assert other.prepared(data, view) is None
        assert until(lambda: other.process.poll() is not None)


@pytest.mark.parametrize(
    "why", ["one core", "a small file", "one municipality", "no Python", "no such file", "frozen"]
)
def test_none_is_started(why, asked, monkeypatch):
    if why == "one core":
        monkeypatch.setattr(processes, "cores", lambda: 1)
    elif why == "a small file":
        monkeypatch.setattr(beside, "_LARGE_FILE", 10**9)
    elif why == "one municipality":
        asked = asked.model_copy(update={"view": "0380"})
    elif why == "frozen":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        other = "qgis-bin" if why == "no Python" else "python-nowhere"
        monkeypatch.setattr(sys, "executable", f"/nowhere/{other}")
    with beside.opened(asked) as other:
        assert other is None


def test_it_ends_with_an_error_here(asked, demo_read):
    data, _, view = demo_read
    began = []

    def fail():
        with beside.opened(asked) as other:
            began.append(other.process)
            other.prepared(data, view)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert began[0].poll() is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells children in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_it_ends_with_the_run(sent, tmp_path):
    """An interrupt at a terminal reaches both; who is killed can end nobody."""
    town.write(tmp_path)
    words = [*script(tmp_path), "run", "project.toml", "--out", "out"]
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=heard, start_new_session=True,  # noqa: PLW1509 - no other thread runs here
    )  # fmt: skip
    told = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    assert until(lambda: told.read_text().split())
    child = int(told.read_text().split()[0])
    if sent == signal.SIGINT:
        os.killpg(running.pid, sent)
    else:
        running.send_signal(sent)
    _, said = running.communicate(timeout=60)
    assert running.returncode not in (0, 2)
    assert b"Traceback" not in said, said
    assert until(lambda: not is_there(child))
    if sent == signal.SIGINT:
        left = sorted(p.name for p in tmp_path.iterdir())
        assert left == ["in", "project.toml", "script-2.py"]


def test_known_geometries_are_packed_as_a_word(demo_results, demo_view):
    """Also after the other side made them anew, all that has them has the same ones."""
    geometry = demo_results.drawn.geometry
    known = beside._elements(geometry.array)
    packed = beside._packed((demo_results, demo_view), known)
    whole = pickle.dumps((demo_results, demo_view), pickle.HIGHEST_PROTOCOL)
    assert len(packed) + sum(map(len, shapely.to_wkb(known))) < len(whole)
    other = gpd.GeoSeries(shapely.from_wkb(shapely.to_wkb(known)), crs=geometry.crs).array
    results, _ = beside._Unpacker(io.BytesIO(packed), other).load()
    drawn = beside._elements(results.drawn.geometry.array)
    assert all(one is two for one, two in zip(drawn, other, strict=True))
    assert shapely.equals_exact(drawn, known, 0.0).all()


def test_only_the_command_line_starts_a_process():
    source = Path(beside.__file__).parents[1]
    named = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "beside.opened" in path.read_text(encoding="utf-8")
    ]
    assert named == ["cli/__init__.py"]


# -- outlines beforehand ---------------------------------------------------------------------


@pytest.mark.parametrize("metres_per_mm", [40.0, 75.0, 200.0])
def test_outlines_that_were_simplified_beforehand_are_those_simplified_at_once(
    demo_results, metres_per_mm
):
    """The corner that matters least goes first, whatever the scale."""
    geometry = np.asarray(demo_results.drawn.geometry.to_numpy(), dtype=object)
    finely = outlines.Shapes.ready(geometry, metres_per_mm=metres_per_mm / 3)
    for scale in (metres_per_mm / 4, metres_per_mm / 2, metres_per_mm):
        at_once = outlines_of(outlines.Shapes(), geometry, scale)
        assert shapely.equals_exact(outlines_of(finely, geometry, scale), at_once, 0.0).all()
    few = outlines_of(finely, geometry[:7], metres_per_mm)
    assert shapely.is_valid(few).all()
    strangers = shapely.from_wkb(shapely.to_wkb(geometry))
    at_once = outlines_of(outlines.Shapes(), strangers, metres_per_mm)
    assert shapely.equals_exact(outlines_of(finely, strangers, metres_per_mm), at_once, 0.0).all()


def outlines_of(shapes, geometry, metres_per_mm):
    from types import SimpleNamespace

    codes = np.full(len(geometry), "9999")
    what = SimpleNamespace(geometry=geometry, municipality=codes, land=np.array([], dtype=object))
    bounds = tuple(shapely.total_bounds(geometry))
    return shapes.near(what, bounds, metres_per_mm=metres_per_mm)[1].geometry
