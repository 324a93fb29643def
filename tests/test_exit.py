"""The program ends when it is done: no thread of a library waits for the interpreter by then.

Once in many runs a thread of Arrow's was the last to let go of a Python object while Python was
ending, and the process aborted ("terminate called without an active exception", exit 134). To see
how near a run comes to that, however the threads race:

    cc -shared -fPIC -o threads.so threads.c -ldl      # THREADS_C below
    LD_PRELOAD=./threads.so grannskap check project.toml

which prints a line each time that another thread than the main one asks for the interpreter.
(Reading a GeoParquet file prints some, which are left out here: Arrow's threads make the columns
of a frame, and the call that makes the frame waits for them.)
"""

import os
import shutil
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest

THREADS_C = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int PyGILState_Ensure(void) {
  static int (*real)(void);
  if (!real) real = (int (*)(void))dlsym(RTLD_NEXT, "PyGILState_Ensure");
  if (getpid() != syscall(SYS_gettid)) fputs("a thread asked for the interpreter\\n", stderr);
  return real();
}
"""

ASKS_IN_A_THREAD = """
import io
from pyarrow import csv
csv.read_csv(io.BytesIO(b"a;b\\n1;2\\n"))
"""

CHECK = """
import geopandas
from grannskap import cli
from pyarrow import parquet

def read_parquet(path):
    frame = parquet.read_table(path).to_pandas(use_threads=False)
    shapes = geopandas.GeoSeries.from_wkb(frame.pop("geometry"), crs="EPSG:4326")
    return geopandas.GeoDataFrame(frame, geometry=shapes)

geopandas.read_parquet = read_parquet
cli.main()
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """Run Python with arguments; count how often a thread asked for the interpreter."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler on Linux to watch threads with")
    folder = tmp_path_factory.mktemp("threads")
    (folder / "threads.c").write_text(THREADS_C, encoding="utf-8")
    command = [compiler, "-shared", "-fPIC", "-o", "threads.so", "threads.c", "-ldl"]
    subprocess.run(command, cwd=folder, check=True)

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            capture_output=True,
            env={**os.environ, "LD_PRELOAD": str(folder / "threads.so")},
            check=False,
        )
        return done.returncode, done.stderr.decode().count("asked for the interpreter")

    return run


@pytest.fixture(scope="module")
def forms(demo_folder, tmp_path_factory):
    """The made-up town's project with its files in other forms."""
    folder = tmp_path_factory.mktemp("forms")
    shutil.copytree(demo_folder / "inputs", folder / "inputs")
    inputs = folder / "inputs"
    areas = gpd.read_file(inputs / "boundaries.geojson")
    areas.to_file(inputs / "boundaries.gpkg")
    register = pd.read_csv(inputs / "register.csv", sep=";", skiprows=2, dtype=str).dropna()
    register.to_parquet(inputs / "register.parquet")
    register.drop(columns="Kvartil1").to_csv(inputs / "refused.csv", sep=";", index=False)
    text = (demo_folder / "project.toml").read_text(encoding="utf-8")

    def project(boundaries, counts):
        changed = text.replace("boundaries.geojson", boundaries).replace("register.csv", counts)
        path = folder / f"{boundaries}-{counts}.toml"
        path.write_text(changed, encoding="utf-8")
        return path

    return project


def test_the_watch_sees_a_thread_that_asks(watched):
    assert watched("-c", ASKS_IN_A_THREAD)[1] > 0


@pytest.mark.parametrize(
    ("boundaries", "counts", "code"),
    [
        ("boundaries.geojson", "register.csv", 0),
        ("boundaries.gpkg", "register.parquet", 0),
        ("boundaries.geojson", "refused.csv", 2),
    ],
)
def test_no_thread_asks_for_the_interpreter(watched, forms, boundaries, counts, code):
    project = forms(boundaries, counts)
    assert watched("-c", CHECK, "check", project) == (code, 0)
