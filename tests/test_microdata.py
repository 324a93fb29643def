"""Microdata: from rows of persons or households to counts, held to a slow count by hand."""

import importlib.util
import json
import math
import os
import subprocess
import sys

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import microdata as by_hand
from grannskap import errors
from grannskap.sources.microdata import SCB_2021, Asked, Scale, count

MINIMAL = {"household": "h", "area": "a", "age": "age", "income": "kr"}
AREA = "9999A0010"


def persons(*rows, **columns):
    """Rows of household, age and income in one area."""
    frame = pd.DataFrame(rows, columns=["h", "age", "kr"]).assign(a=AREA)
    return frame.assign(**columns)


def counted(frame, folder, columns=MINIMAL, **options):
    path = folder / "rows.parquet"
    frame.to_parquet(path)
    options = {"year": 2017} | options
    return count(Asked(str(path), columns, **options))


def kinds(found):
    return [(note.kind, *note.values.values()) for note in found.notes]


# --- The rules, one by one -----------------------------------------------------------------


def test_the_worked_example_of_the_method(tmp_path):
    """Two adults and two children with 490,000 kr: 2.45 units, 200,000 kr per unit."""
    home = persons((1, 40, 300_000), (1, 41, 190_000), (1, 10, None), (1, 7, 0.0))
    found = counted(home, tmp_path)
    assert found.bounds == {2017: (200_000.0,) * 3}
    assert found.frame.loc[(AREA, 2017, "all"), "disposable_income"] == 200_000
    assert found.rows == 4


@pytest.mark.parametrize(
    ("members", "scale", "units"),
    [
        ([(30, True, False), (30, True, False)], {}, 151),
        ([(30, False, False), (30, False, False)], {}, 160),
        ([(30, True, False), (30, True, False), (50, False, False)], {}, 211),
        ([(19, True, False), (20, True, False)], {}, 151),
        ([(40, False, False), (10, False, True)], {}, 152),
        ([(40, False, False), (10, False, True)], SCB_2021, 138),
        ([(40, False, False), (10, False, True), (8, False, True)], SCB_2021, 166),
        ([(40, False, False), (10, False, True), (8, False, False)], SCB_2021, 180),
        ([(17, False, False)], {}, 100),
        ([(17, False, False), (15, False, False)], {}, 152),
        ([(17, False, True), (15, False, True)], SCB_2021, 138),
    ],
)
def test_consumption_units_of_members(tmp_path, members, scale, units):
    frame = persons(*[(1, age, 0) for age, _, _ in members])
    frame["kr"] = [units * 1000, *[0] * (len(members) - 1)]
    frame["couple"] = [couple for _, couple, _ in members]
    frame["turns"] = [turns for *_, turns in members]
    columns = {**MINIMAL, "cohabiting": "couple", "in_turns": "turns"}
    asked = {"scale": scale} if isinstance(scale, Scale) else {}
    found = counted(frame, tmp_path, columns, **asked)
    assert found.bounds[2017][0] == 100_000


def test_rows_of_households_count_as_their_persons_do(tmp_path):
    people = persons((1, 40, 300.0), (1, 41, 190.0), (1, 10, None), (2, 60, 100.0), (3, 30, -5.0))
    homes = pd.DataFrame(
        {
            "h": [1, 2, 3],
            "a": AREA,
            "kr": [490.0, 100.0, -5.0],
            "big": [2, 1, 1],
            "small": [1, 0, 0],
        }
    )
    columns = {
        **{"household": "h", "area": "a", "income": "kr"},
        **{"adults": "big", "children": "small"},
    }
    one = counted(people, tmp_path)
    other = counted(homes, tmp_path, columns, rows="households")
    assert one.bounds == other.bounds
    pd.testing.assert_frame_equal(one.frame[[*other.frame]], other.frame)


def test_a_household_without_income_is_low_or_left_out_as_is_asked(tmp_path):
    frame = persons((1, 40, 0), (2, 40, -7), (3, 40, 100), (4, 40, 200))
    kept = counted(frame, tmp_path)
    assert kept.frame["households"].tolist() == [4]
    assert ("microdata rule", "nothing", 2) in kinds(kept)
    out = counted(frame, tmp_path, without_income="leave out")
    assert out.frame[["households", "population"]].to_numpy().tolist() == [[2, 4]]
    assert ("microdata without quartile", "income left out", 2, 2) in kinds(out)


def test_given_bounds_are_those_that_count_and_a_bound_belongs_below(tmp_path):
    frame = persons(*[(n, 40, kr) for n, kr in enumerate((159_280, 159_281, 229_940, 318_457))])
    found = counted(frame, tmp_path, bounds={2017: (159_280, 229_940, 318_456)})
    assert found.frame[list(by_hand.QUARTILES)].to_numpy().tolist() == [[1, 2, 0, 1]]
    (note,) = [one for one in found.notes if one.kind == "microdata bounds"]
    assert (note.values["given"], note.values["ties"]) == (True, 2)


def test_years_have_bounds_of_their_own(tmp_path):
    frame = pd.concat(
        persons(*[(n, 40, scale * n) for n in range(1, 9)], y=year)
        for year, scale in ((2012, 100), (2017, 1000))
    )
    found = counted(frame, tmp_path, {**MINIMAL, "year": "y"}, year=None)
    assert found.bounds == {2012: (200, 400, 600), 2017: (2000, 4000, 6000)}
    assert (found.frame[list(by_hand.QUARTILES)] == 2).all(axis=None)


def test_persons_without_a_household_are_left_out_and_counted(tmp_path):
    found = counted(persons((None, 40, 5), (None, 41, 5), (1, 40, 5)), tmp_path)
    assert found.frame["population"].tolist() == [1]
    assert ("microdata refused", "no household", 2, 1) in kinds(found)


@pytest.mark.parametrize("number", [1023, 1024, 9000])
def test_a_household_of_a_thousand_is_none(tmp_path, number):
    """As many rows as that share a number that stands for something else."""
    found = counted(persons(*[(0, 40, 5)] * number, (1, 40, 5)), tmp_path)
    refused = [one for one in kinds(found) if one[0] == "microdata refused"]
    counts = found.frame[["population", "households"]].to_numpy().tolist()
    if number == 1023:
        assert (refused, counts) == ([], [[1024, 2]])
    else:
        told = ("microdata refused", "no members", number, 1)
        assert (refused, counts) == ([told], [[1, 1]])


@pytest.mark.parametrize(
    "other", [None, "", "nowhere", "9999D0010", "99990010", "9999A00100", "+999A0010"]
)
def test_a_member_without_the_code_of_an_area_leaves_the_household_out(tmp_path, other):
    frame = persons((1, 40, 5), (1, 41, 5), (2, 40, 5))
    frame.loc[1, "a"] = other
    found = counted(frame, tmp_path)
    assert ("microdata refused", "no area", 2, 1) in kinds(found)
    assert found.frame["population"].to_dict() == {(AREA, 2017, "all"): 1}


def test_numbers_of_areas_are_in_the_order_of_their_codes_and_give_them_back():
    from grannskap.sources.microdata.packing import LARGEST_AREA, area_names

    digits = st.integers(0, 9999).map("{:04d}".format)
    codes = st.tuples(digits, st.sampled_from("ABC"), digits).map("".join)

    @given(st.lists(codes, min_size=1))
    def hold(areas):
        numbers = [int(one.translate({65: "1", 66: "2", 67: "3"})) for one in areas]
        assert list(area_names(numbers)) == areas
        assert max(numbers) <= LARGEST_AREA
        assert sorted(areas) == list(area_names(sorted(numbers)))

    hold()


def test_members_of_two_tenures_count_among_all_alone(tmp_path):
    frame = persons((1, 40, 5), (1, 40, 5), (2, 40, 5), t=["H", "B", "H"])
    values = {"rented": ["H"], "tenant_owned": ["B"]}
    found = counted(frame, tmp_path, {**MINIMAL, "tenure": "t"}, values=values)
    assert found.frame["households"].to_dict() == {
        (AREA, 2017, "all"): 2,
        (AREA, 2017, "rented"): 1,
        (AREA, 2017, "tenant_owned"): 0,
    }
    assert ("microdata rule", "split", 1) in kinds(found)


# --- What is refused -----------------------------------------------------------------------


def test_a_household_in_two_areas_is_an_error_that_names_it(tmp_path):
    frame = persons((7, 40, 5), (7, 41, 5), (8, 40, 5))
    frame.loc[1, "a"] = "9999A0020"
    with pytest.raises(errors.DataError) as caught:
        counted(frame, tmp_path)
    assert caught.value.name == "household in two areas"
    for language in ("sv", "en"):
        told = caught.value.told(language)
        assert all(word in told for word in ("7", AREA, "9999A0020", "2017"))


def test_a_household_on_two_rows_is_an_error_that_names_it(tmp_path):
    frame = pd.DataFrame({"h": [4, 4], "a": AREA, "kr": 1, "n": 1, "m": 0})
    columns = {"household": "h", "area": "a", "income": "kr", "adults": "n", "children": "m"}
    with pytest.raises(errors.DataError, match="several rows of household 4"):
        counted(frame, tmp_path, columns, rows="households")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"columns": {"household": "h"}}, "columns of microdata not named"),
        ({"year": None}, "columns of microdata not named"),
        ({"columns": {**MINIMAL, "colour": "c"}}, "unknown column of microdata"),
        ({"columns": {**MINIMAL, "income": "krr"}}, "column not in microdata"),
        ({"columns": {**MINIMAL, "income": "a"}}, "column of microdata no number"),
        ({"source": "nowhere.parquet"}, "no such file"),
    ],
)
def test_what_is_asked_of_rows_that_do_not_have_it_is_refused(tmp_path, change, name):
    path = tmp_path / "rows.parquet"
    persons((1, 40, 5)).to_parquet(path)
    asked = {"source": str(path), "columns": MINIMAL, "year": 2017} | change
    with pytest.raises(errors.GrannskapError) as caught:
        count(Asked(**asked))
    assert caught.value.name == name
    assert caught.value.told("sv")


def test_rows_of_which_none_counts_are_refused(tmp_path):
    with pytest.raises(errors.DataError) as caught:
        counted(persons((1, 400, 5)), tmp_path)
    assert caught.value.name == "no household in microdata"


def test_an_engine_that_is_not_installed_is_told_with_what_to_run(tmp_path, monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pyspark" else there(name)
    )
    with pytest.raises(errors.InputFileError, match=r"grannskap\[spark\]"):
        counted(persons((1, 40, 5)), tmp_path, engine="local[2]")


# --- Where rows come from ------------------------------------------------------------------


def test_every_form_of_the_same_rows_gives_the_same_counts(tmp_path):
    frame = persons((1, 40, 300.5), (1, 8, None), (2, 70, 100.0), (3, 30, 5.0), y=2017)
    columns = {**MINIMAL, "year": "y"}
    frame.to_csv(tmp_path / "rows.csv", index=False)
    with duckdb.connect(tmp_path / "rows.duckdb") as made:
        made.execute("create table people as select * from frame")
    frame.to_parquet(tmp_path / "parts", partition_cols=["y"])
    whole = counted(frame, tmp_path, columns, year=None)
    sources = {
        "rows.csv": None,
        "parts": None,
        "rows.duckdb": "people",
        f"duckdb://{tmp_path}/rows.duckdb": "people",
    }
    for name, table in sources.items():
        source = name if "://" in name else str(tmp_path / name)
        found = count(Asked(source, columns, table=table))
        pd.testing.assert_frame_equal(found.frame, whole.frame)
        assert found.bounds == whole.bounds
    with pytest.raises(errors.DataError, match="a table of the database"):
        count(Asked(str(tmp_path / "rows.duckdb"), columns))


# --- The oracle ----------------------------------------------------------------------------

ROW = st.fixed_dictionaries(
    {
        "h": st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, None]),
        "y": st.sampled_from([2012, 2017, None]),
        "age": st.sampled_from([0, 17, 19, 20, 24, 25, 29, 64, 65, 131, None]),
        "kr": st.sampled_from([None, -50.0, 0.0, 100.0, 151.0, 160.0, 200.0, 302.0]),
        "couple": st.booleans(),
        "turns": st.booleans(),
        "t": st.sampled_from(["H", "B", "A", None]),
        "owner": st.sampled_from(["kommun", "annan"]),
        "work": st.booleans(),
        "school": st.sampled_from(["3", "6", None]),
        "born": st.sampled_from(["Sweden", "other", None]),
    }
)
TYPES = {
    **{"h": "Int64", "y": "Int64", "age": "Int64", "kr": "Float64"},
    **dict.fromkeys(["a", "t", "owner", "school", "born"], "string"),
    **dict.fromkeys(["couple", "turns", "work"], "boolean"),
}


def placed(rows):
    """Give each household one area, two of them a wrong one."""
    areas = {1: "9999A0010", 2: "9999A0020", 3: "9999C1010", 4: "nowhere", None: None}
    return [{**row, "a": areas.get(row["h"], "9999B0010")} for row in rows]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ROW, min_size=1, max_size=25), st.booleans(), st.booleans())
def test_counts_equal_a_slow_count_by_hand(tmp_path, rows, leave_out, spared):
    rows = placed(rows)
    scale = {"turn": 38, "turns": 28} if spared else {}
    cells, cuts, told, medians = by_hand.count(rows, leave_out=leave_out, **scale)
    asked = {
        "year": None,
        "values": by_hand.VALUES,
        "without_income": "leave out" if leave_out else "keep",
        "scale": SCB_2021 if spared else Scale(),
    }
    frame = pd.DataFrame(rows).astype(TYPES)
    if not cells:
        with pytest.raises(errors.DataError, match="a household that can be counted"):
            counted(frame, tmp_path, by_hand.COLUMNS, **asked)
        return
    found = counted(frame, tmp_path, by_hand.COLUMNS, **asked)
    assert found.bounds == cuts
    assert found.rows == len(rows)
    for key, row in found.frame.iterrows():
        for name, number in row.drop("disposable_income").items():
            assert number == cells[key][name], (key, name)
        median = row["disposable_income"]
        assert medians.get(key) == (None if math.isnan(median) else median)
    assert set(cells) <= {*found.frame.index, *(k for k, cell in cells.items() if not cell)}
    told.pop("", None)
    noted = {
        n.values["reason"]: [n.values["rows"], n.values["households"]]
        for n in found.notes
        if "reason" in n.values
    }
    assert noted == told


def test_bounds_are_exact_in_large_tables_with_many_ties(tmp_path):
    import numpy as np

    draw = np.random.default_rng(1)
    values = np.round(draw.gamma(4, 50_000, 8_000), -2)
    frame = pd.DataFrame({"h": range(len(values)), "age": 40, "kr": values, "a": AREA})
    found = counted(frame, tmp_path)
    ranked = np.sort(values)
    assert found.bounds[2017] == tuple(ranked[[1_999, 3_999, 5_999]])
    sums = found.frame[list(by_hand.QUARTILES)].to_numpy()[0]
    upto = [(values <= bound).sum() for bound in found.bounds[2017]]
    assert np.cumsum(sums).tolist() == [*upto, len(values)]


# --- In a project, and at the command line -------------------------------------------------


def town(folder):
    """A project of the made-up town's boundaries, with rows of its own in place of a register."""
    from grannskap import datasets

    datasets.write_inputs(folder)
    boundaries = json.loads((folder / "inputs" / "boundaries.geojson").read_text("utf-8"))
    (code,) = {key for key in boundaries["features"][0]["properties"] if "deso" in key.lower()}
    areas = [one["properties"][code] for one in boundaries["features"]]
    homes = [
        (f"{area}-{n}", area, age, 90_000 * (n + at % 3) if age > 20 else None)
        for at, area in enumerate(areas)
        for n in range(1, 9)
        for age in (40, 8)
    ]
    pd.DataFrame(homes, columns=["h", "a", "age", "kr"]).to_parquet(folder / "rows.parquet")
    (folder / "rows.toml").write_text(ROWS, encoding="utf-8")
    return folder / "rows.toml"


ROWS = """title = "Rader"
[boundaries]
path = "inputs/boundaries.geojson"
division = 2018
[microdata]
path = "rows.parquet"
year = 2017
source = "Påhittade rader"
columns = { household = "h", area = "a", age = "age", income = "kr" }
"""


def test_a_project_of_microdata_alone_has_their_counts_and_notes(tmp_path):
    from grannskap import dataset, project

    read = project.read(town(tmp_path))
    data = dataset.read(read)
    assert data.years == (2017,)
    low, high, households = (
        data.count(name, year=2017).value.sum() for name in ("low", "high", "households")
    )
    assert households == 8 * len(data.geometry)
    assert 0 < high <= low < households / 2
    (source,) = [one for one in data.provenance if one.role == "register"]
    assert (source.name, source.source) == ("rows.parquet", "Påhittade rader")
    assert len(source.sha256) == 64
    assert {"microdata bounds", "microdata couples assumed"} <= {note.kind for note in data.notes}


def test_the_counts_that_are_written_are_those_that_a_project_counts(tmp_path):
    from typer.testing import CliRunner

    from grannskap import cli, dataset, project

    file = town(tmp_path)
    done = CliRunner().invoke(cli.app, ["microdata", "count", str(file)], catch_exceptions=False)
    assert done.exit_code == 0
    assert "ingenting är dolt" in done.output
    lines = (tmp_path / "microdata" / "counts.toml").read_text(encoding="utf-8")
    assert "# Köpkraftens gränser 2017" in lines
    head = ROWS.split("[microdata]", maxsplit=1)[0]
    (tmp_path / "counts.toml").write_text(head + lines, encoding="utf-8")
    counted, written = (dataset.read(project.read(one)) for one in (file, tmp_path / "counts.toml"))
    pd.testing.assert_frame_equal(counted.counts, written.counts)
    assert project.read(tmp_path / "counts.toml").disclosure == project.DisclosureOptions()


STOPPED = """
import os, signal, sys, threading
from grannskap import cli
from grannskap.sources.microdata.engine import Engine

def kept(engine, expression, name):
    threading.Timer(0.3, lambda: os.kill(os.getpid(), sent)).start()
    engine.connection.raw_sql("SELECT sum(range * range) FROM range(100000000000)")

sent = getattr(signal, sys.argv.pop())
signal.signal(signal.SIGINT, signal.default_int_handler)
Engine.kept = kept
cli.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of other systems")
@pytest.mark.parametrize("sent", ["SIGKILL", "SIGINT"])
def test_a_run_that_is_stopped_while_it_counts_leaves_what_was_there(tmp_path, sent):
    """In the midst of a query that would take long."""
    from typer.testing import CliRunner

    from grannskap import cli

    def found():
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {path.relative_to(tmp_path): path.read_bytes() for path in files}

    file = town(tmp_path)
    again = ["microdata", "count", str(file)]
    assert CliRunner().invoke(cli.app, again).exit_code == 0
    before = found()
    words = [sys.executable, "-c", STOPPED, *again, sent]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    if sent == "SIGKILL":
        assert done.returncode == -9
        assert before.items() <= found().items()
        for left in tmp_path.glob(".*"):
            os.utime(left, (0, 0))
        assert CliRunner().invoke(cli.app, again).exit_code == 0
    else:
        assert done.returncode not in (0, 2)
    assert found() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_rows_that_are_refused_leave_nothing_written(tmp_path):
    from typer.testing import CliRunner

    from grannskap import cli

    file = town(tmp_path)
    rows = pd.read_parquet(tmp_path / "rows.parquet")
    rows.loc[0, "a"] = rows["a"].iloc[-1]
    rows.to_parquet(tmp_path / "rows.parquet")
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(errors.DataError, match="each household in one area"):
        CliRunner().invoke(cli.app, ["microdata", "count", str(file)], catch_exceptions=False)
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ('path = "rows.parquet"', 'path = "postgres://host/db"', "database without leave"),
        ('path = "rows.parquet"', 'path = "../rows.parquet"', "path outside the folder"),
        ("year = 2017", "bounds = { 2017 = [3, 2, 1] }", "bounds of quartiles"),
        ("[microdata]\n", "[microdat]\n", "key missing"),
    ],
)
def test_a_project_that_asks_wrongly_of_microdata_is_refused(tmp_path, old, new, name):
    from grannskap import project

    file = town(tmp_path)
    file.write_text(ROWS.replace(old, new), encoding="utf-8")
    with pytest.raises(errors.ProjectError) as caught:
        project.read(file)
    assert caught.value.name == name
