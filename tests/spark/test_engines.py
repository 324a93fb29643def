"""The counts of Spark, on this machine and as a cluster, are DuckDB's to the row.

python -m pytest tests/spark (needs grannskap[spark] and Java)
"""

import os
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyspark
import pytest

from grannskap.sources.microdata import SCB_2021, Asked, count, synth

SPARK = Path(pyspark.__file__).parent
DEPLOY = "org.apache.spark.deploy"


@pytest.fixture(autouse=True)
def _same_python(monkeypatch):
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)


def assert_same(asked, engine):
    one, other = count(asked), count(replace(asked, engine=engine))
    pd.testing.assert_frame_equal(one.frame, other.frame, check_exact=True)
    assert one.bounds == other.bounds
    assert one.notes == other.notes
    assert one.rows == other.rows


def hard_rows(number=4000):
    """Rows with everything that can be wrong or missing in them, and many ties."""
    draw = random.Random(7)
    areas = {home: f"99{home % 3:02d}C{1010 + home % 7:04d}" for home in range(number // 3)}
    areas |= dict.fromkeys((5, 50)) | dict.fromkeys((6, 60), "nowhere")
    homes = [draw.choice([*areas, None]) for _ in range(number)]
    rows = {
        "h": pd.array(homes, dtype="Int64"),
        "a": [areas.get(home) for home in homes],
        "age": pd.array([draw.choice([1, 17, 20, 40, 64, 70, 131, None]) for _ in homes], "Int64"),
        "kr": [draw.choice([None, -50.0, 0.0, 1e5, 151e3, 2.2e5 / 3, float("inf")]) for _ in homes],
        "y": pd.array([draw.choice([2012, 2017, 2017, None]) for _ in homes], "Int64"),
        "couple": [draw.random() < 0.5 for _ in homes],
        "turns": [draw.random() < 0.5 for _ in homes],
        "t": [draw.choice(["H", "H", "B", None]) for _ in homes],
    }
    return pd.DataFrame(rows)


def test_spark_on_this_machine_counts_hard_rows_as_duckdb_does(tmp_path):
    path = tmp_path / "rows.parquet"
    hard_rows().to_parquet(path)
    columns = {
        **{"household": "h", "area": "a", "age": "age", "income": "kr", "year": "y"},
        **{"cohabiting": "couple", "in_turns": "turns", "tenure": "t"},
    }
    values = {"rented": ["H"], "tenant_owned": ["B"]}
    assert_same(Asked(str(path), columns, values=values, scale=SCB_2021), "local[2]")


@pytest.fixture
def cluster(tmp_path):
    """The address of a master on the loopback address, with two workers."""
    log = (tmp_path / "spark.log").open("wb")
    started = []

    def start(*arguments):
        command = [str(SPARK / "bin" / "spark-class"), *arguments]
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
        started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))

    def said(pattern, times=1):
        for _ in range(600):
            found = re.findall(pattern, (tmp_path / "spark.log").read_text("utf-8"))
            if len(found) >= times:
                return found[0]
            time.sleep(0.1)
        raise AssertionError((tmp_path / "spark.log").read_text("utf-8")[-3000:])

    host = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    start(f"{DEPLOY}.master.Master", *host)
    address = said(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
    for number in range(2):
        place = ("--work-dir", str(tmp_path / f"worker-{number}"), "--cores", "1")
        start(f"{DEPLOY}.worker.Worker", *host, *place, "--memory", "1g", address)
    said(r"Successfully registered with master", times=2)
    yield address
    for one in reversed(started):
        one.terminate()
        one.wait(30)
    log.close()


def test_a_cluster_counts_a_made_up_country_as_duckdb_does(tmp_path, cluster):
    for name, write in synth.files(synth.Country(30_000), "persons").items():
        (tmp_path / name).parent.mkdir(parents=True)
        write(tmp_path / name)
    assert_same(synth.asked_of(str(tmp_path / "persons")), cluster)
