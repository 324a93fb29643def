"""SCB's recorded answers, read by us and by others; and what is published of Karlstad's areas."""

import json
import warnings
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
import pytest
from scipy.optimize import linprog

from grannskap.sources import jsonstat
from grannskap.sources.scb import numbers, resolving, tables
from grannskap.sources.scb.records import Record, corrections, without_contacts

pytestmark = pytest.mark.real

RECORDED = (
    "karlstad-2026/regso_socioek.json",
    "karlstad-2026/omraden_befolkning.json",
    "scb-api/pxwebpy_TAB6471_data.json",
)


@pytest.fixture
def karlstad(shared_data):
    """The index and the types of Karlstad's RegSO, as columns."""
    content = (shared_data / RECORDED[0]).read_bytes()
    cube = jsonstat.read(content, name="TAB6586")
    years = [int(year) for year in cube.codes[cube.ids.index("Tid")]]
    regions = list(cube.codes[cube.ids.index("Region")])
    contents = {one.name: one.contents.code for one in tables.INDEX.cells}
    gathered = numbers._Gathered(tables.INDEX, contents, regions, years)
    gathered.take(cube, Record("SCB", "TAB6586", "", "", {}, "", cube.updated, cube.notes, ""))
    return gathered.columns(tuple(regions))


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_are_read_as_pyjstat_reads_them(shared_data, name):
    pyjstat = pytest.importorskip("pyjstat.pyjstat")
    content = (shared_data / name).read_bytes()
    cube = jsonstat.read(content, name=name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pyjstat.Dataset.read(content.decode("utf-8-sig")).write("dataframe", naming="id")
    assert list(frame.columns) == [*cube.ids, "value"]
    ours = np.array(np.meshgrid(*cube.codes, indexing="ij")).reshape(len(cube.ids), -1)
    assert (ours == frame[list(cube.ids)].to_numpy(dtype=str).T).all()
    np.testing.assert_array_equal(frame["value"].to_numpy(dtype=float), cube.values)


def test_a_recorded_query_names_what_its_answer_holds(shared_data):
    """As the stub does: a name told twice counts once, a star is all, RegSO and DeSO are mixed."""
    told = json.loads((shared_data / "karlstad-2026/_manifest.json").read_text("utf-8-sig"))
    for name, file in (("omraden_befolkning", RECORDED[1]), ("regso_socioek", RECORDED[0])):
        query = parse_qs(urlsplit(unquote(told[name]["url"]).replace("+", "%2B")).query)
        cube = jsonstat.read((shared_data / file).read_bytes(), name=file)
        assert told[name]["antalVarden"] == len(cube.values)
        regions = cube.codes[cube.ids.index("Region")]
        assert query["valueCodes[Region]"] == ["1780*"]
        assert all(code.startswith("1780") for code in regions)
        meta = resolving.Metadata("", "", "", {"Region": regions}, {}, frozenset())
        for division in (2018, 2025):
            held = resolving.regso(meta, division, ["1780"])
            assert len(held) == 31
            assert all(code.endswith("_RegSO2025") == (division == 2025) for code in held)
        whole = resolving.areas(meta, 2025, ["1780"])
        assert len(whole) == (57 if name == "omraden_befolkning" else 0)


def test_outside_its_division_a_year_says_nothing_in_the_index_and_zero_in_the_population(
    shared_data, karlstad
):
    late = np.array([year >= 2024 for year in karlstad.years])
    new = np.array([code.endswith("_RegSO2025") for code in karlstad.areas])
    marks = karlstad.marks["socioeconomic_index"]
    assert ((marks == "..") == (new[:, None] != late[None, :])).all()
    cube = jsonstat.read((shared_data / RECORDED[1]).read_bytes(), name="TAB6574")
    values = cube.values.reshape(cube.shape)
    old = [k for k, code in enumerate(cube.codes[0]) if len(code) > 4 and "2025" not in code]
    assert (values[old] == 0).all()
    assert cube.marks is None


def test_the_official_index_is_the_mean_of_its_three_shares(karlstad):
    told = karlstad.values["socioeconomic_index"]
    shares = [karlstad.values[one.name] for one in tables.INDEX.cells[2:]]
    apart = np.abs(told - np.mean(shares, axis=0))[karlstad.marks["socioeconomic_index"] == ""]
    assert len(apart) == 31 * 14
    assert (apart <= 0.1 + 1e-6).all()


def test_the_official_types_are_cut_at_mean_and_deviations_of_one_country(karlstad):
    """For each year some mean and deviation of the country put all of Karlstad where it is put."""
    for place, year in enumerate(karlstad.years):
        index = karlstad.values["socioeconomic_index"][:, place]
        kind = karlstad.values["area_type"][:, place]
        known = ~np.isnan(index)
        rows, most = [], []
        # Types 1 to 5 lie above m + 2 s, m + s, m and m − s, and below the cut before.
        cuts = {1: 2.0, 2: 1.0, 3: 0.0, 4: -1.0}
        for value, area in zip(index[known], kind[known].astype(int), strict=True):
            if area in cuts:  # m + k s ≤ value, which is rounded
                rows.append([1.0, cuts[area]])
                most.append(value + 0.05)
            if area - 1 in cuts:  # value ≤ m + k s
                rows.append([-1.0, -cuts[area - 1]])
                most.append(-value + 0.05)
        found = linprog([0, 0], A_ub=rows, b_ub=most, bounds=[(0, 100), (0, 100)])
        assert found.success, year


def test_the_correction_is_told_and_nobody_is_named(shared_data):
    content = (shared_data / RECORDED[0]).read_bytes()
    cube = jsonstat.read(content, name="TAB6586")
    assert b"@scb.se" in content
    notes = without_contacts(cube.notes)
    record = Record("SCB", cube.table, cube.label, "", {}, "", cube.updated, notes, "")
    assert corrections([record]) == ("Korrigering 2026-06-23: Data för 2024 har korrigerats.",)
    assert cube.updated == "2026-06-23T06:00:00Z"
    assert "@" not in json.dumps(record.as_dict())
