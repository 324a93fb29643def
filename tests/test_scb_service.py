"""SCB's service is asked within its limits, through every fault, and answers mean what they say."""

import json

import numpy as np
import pytest

import scb_stub
from grannskap.errors import InputFileError
from grannskap.sources.scb import numbers, records, resolving, tables, web
from grannskap.sources.scb.layers import DESO, LOCALITIES, SQUARES
from grannskap.sources.scb.service import Service
from grannskap.sources.scb.store import Store
from grannskap.sources.scb.web import Web
from grannskap.sources.scb.wfs import Maps
from scb_stub import Stub, served

UPPSALA = len([code for code in scb_stub.codes(2018) if code.startswith("0380")])
INCOME, EDUCATION, POPULATION = tables.SERIES[0], tables.SERIES[3], tables.SERIES[8]
FAULTS = (
    *("429 seconds", "429 date", "500", "502", "503", "504", "408"),
    *("reset", "cut", "broken off"),
)


@pytest.fixture(scope="module")
def running():
    with served(Stub({}, {})) as stub:
        yield stub


@pytest.fixture
def stub(running, monkeypatch):
    """The stub as it was at first, holding the whole country."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    fresh = Stub(scb_stub.country(), scb_stub.shapes())
    for name in ("tables", "layers", "time", "config", "faults", "calls", "too_soon"):
        setattr(running, name, getattr(fresh, name))
    return running


@pytest.fixture
def service(stub, tmp_path):
    return Service(Web(clock=stub.time.clock()), Store(tmp_path / "kept"), stub.base)


def read(service, series=INCOME, *, division=2018, within=("0380",), years=range(2015, 2025)):
    return numbers.read(service, series, division=division, within=within, years=years)


def truth(stub, series, columns, name, division):
    """The same cells straight from the stub: values, and where they are hidden."""
    table = stub.tables[series.table]
    cells = next(one for one in series.cells if one.name == name)
    suffix = "_DeSO2025" if division == 2025 else ""
    at = [
        [list(table.dimensions["Region"]).index(f"{code}{suffix}") for code in columns.areas],
    ]
    for dimension, codes in list(table.dimensions.items())[1:-1]:
        wanted = cells.where.get(dimension)
        if dimension == "ContentsCode":
            wanted = (cells.contents.code or list(codes)[-1],)
        at.append([list(codes).index(code) for code in wanted])
    at.append([list(table.dimensions["Tid"]).index(str(year)) for year in columns.years])
    values = table.values[np.ix_(*at)].astype(float) * cells.factor
    hidden = np.zeros(values.shape, bool) if table.hidden is None else table.hidden[np.ix_(*at)]
    axes = tuple(range(1, values.ndim - 1))
    return values.sum(axis=axes), hidden.any(axis=axes)


@pytest.mark.parametrize("series", tables.SERIES, ids=lambda one: f"{one.file}-{one.table}")
@pytest.mark.parametrize("division", [2018, 2025])
def test_every_series_holds_the_numbers_and_marks_of_its_table(stub, service, series, division):
    found = read(service, series, division=division, years=range(2010, 2026))
    if found is None:
        assert (series.last if division == 2025 else 9999 - series.first) < 2024 or (
            division == 2018 and series.first >= 2024
        )
        return
    assert all(tables.division_of(year) == division for year in found.years)
    for cells in series.cells:
        values, hidden = truth(stub, series, found, cells.name, division)
        assert (found.marks[cells.name] == "..").tolist() == hidden.tolist()
        np.testing.assert_allclose(
            np.where(hidden, np.nan, values), found.values[cells.name], rtol=1e-6
        )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_passes_changes_nothing(stub, service, fault):
    stub.faults = [(where, fault) for where in ("/config", "/TAB6684?", "/metadata", "/data")]
    found = read(service)
    assert not stub.faults
    values, hidden = truth(stub, INCOME, found, "quarter_1", 2018)
    assert np.array_equal(np.where(hidden, np.nan, values), found.values["quarter_1"], True)


def test_waits_as_long_as_it_is_told(stub, service):
    stub.faults = [("/data", "429 seconds"), ("/data", "429 date")]
    read(service)
    assert 7 in stub.time.waits
    assert any(10 <= wait <= 11 for wait in stub.time.waits)


def test_silence_is_asked_again(stub, service, monkeypatch):
    monkeypatch.setattr(web, "_READ", 0.2)
    stub.faults = [("/data", "silence")]
    assert read(service) is not None


def test_a_service_that_asks_for_an_hour_is_not_waited_for(stub, service):
    stub.faults = [("/data", "429 hour")]
    with pytest.raises(InputFileError, match="wait 60 minutes"):
        read(service)
    assert max(stub.time.waits) < 60


def test_a_fault_that_stays_ends_in_one_line_and_what_came_is_kept(stub, service):
    stub.config["maxDataCells"] = 500
    stub.faults = [("=2018", "503")] * 20
    with pytest.raises(InputFileError, match="503"):
        read(service, years=range(2015, 2024))
    came = len(stub.data_calls())
    stub.faults = []
    found = read(service, years=range(2015, 2024))
    again = [call.chosen["Tid"] for call in stub.data_calls()[came:]]
    assert len(found.years) == 9
    assert sorted(year for years in again for year in years) == [
        str(year) for year in range(2018, 2024)
    ]


def test_a_second_call_fetches_only_what_is_missing(stub, service):
    read(service, years=range(2015, 2020))
    before = len(stub.data_calls())
    read(service, years=range(2015, 2020))
    assert len(stub.data_calls()) == before
    found = read(service, years=range(2013, 2022))
    (call,) = stub.data_calls()[before:]
    assert call.chosen["Tid"] == ["2013", "2014", "2020", "2021"]
    values, hidden = truth(stub, INCOME, found, "persons", 2018)
    assert np.array_equal(np.where(hidden, np.nan, values), found.values["persons"], True)


def test_an_updated_table_is_fetched_again_and_the_old_answer_stays(stub, service, tmp_path):
    first = read(service)
    table = stub.tables["TAB6684"]
    try:
        table.updated = "2027-01-20T07:00:00Z"
        service.forget(INCOME)
        second = read(service)
    finally:
        table.updated = "2026-01-20T07:00:00Z"
    assert {one.updated for one in second.records} == {"2027-01-20T07:00:00Z"}
    kept = [one.content() for one in Store(tmp_path / "kept").all_of("TAB6684")]
    assert all(kept)
    assert {one.sha256 for one in first.records} < {
        one.record["sha256"] for one in Store(tmp_path / "kept").all_of("TAB6684")
    }


def test_a_table_published_between_two_answers_is_read_of_one_date(stub, service):
    stub.config["maxDataCells"] = 500
    table = stub.tables["TAB6684"]
    count = 0

    def on_piece(_done, _all):
        nonlocal count
        count += 1
        if count == 1:
            table.updated = "2027-01-20T07:00:00Z"

    try:
        found = numbers.read(
            service, INCOME, division=2018, within=("0380",), years=range(2015, 2020),
            on_piece=on_piece,
        )  # fmt: skip
    finally:
        table.updated = "2026-01-20T07:00:00Z"
    assert {one.updated for one in found.records} == {"2027-01-20T07:00:00Z"}


def test_offline_reads_what_is_kept_and_asks_nothing(stub, service, tmp_path):
    online = read(service)
    calls = len(stub.calls)
    offline = Service(Web(), Store(tmp_path / "kept"), stub.base, offline=True)
    again = read(offline)
    assert len(stub.calls) == calls
    for name, values in online.values.items():
        assert np.array_equal(values, again.values[name], equal_nan=True)
    with pytest.raises(InputFileError, match="already"):
        read(offline, POPULATION)


def test_an_answer_that_was_damaged_where_it_is_kept_is_fetched_again(stub, service, tmp_path):
    read(service)
    for path in (tmp_path / "kept").rglob("*.answer"):
        path.write_bytes(path.read_bytes()[:-5])
    service._tables.clear()
    calls = len(stub.data_calls())
    assert read(service) is not None
    assert len(stub.data_calls()) == calls + 1


def test_no_query_is_larger_than_is_allowed_and_the_pace_is_kept(stub, service):
    stub.config.update(maxDataCells=20_000, maxCallsPerTimeWindow=2, timeWindow=5)
    found = read(service, within=(), years=range(2022, 2024))
    assert len(found.areas) == 5984
    sizes = [np.prod([len(codes) for codes in call.chosen.values()]) for call in stub.data_calls()]
    assert max(sizes) <= 20_000
    assert stub.too_soon == 0
    steps = np.diff([call.at for call in stub.calls])
    assert steps[2:].min() >= 2.5
    values, hidden = truth(stub, INCOME, found, "quarter_4", 2018)
    assert np.array_equal(np.where(hidden, np.nan, values), found.values["quarter_4"], True)


def test_a_table_without_the_years_is_not_asked_at_all(stub, service):
    assert read(service, tables.SERIES[5], years=[2022]) is None
    assert stub.calls == []


def test_a_long_query_is_posted_and_a_short_one_is_an_address(stub, service):
    read(service, within=("0380",), years=[2022])
    read(service, within=("01",), years=[2022])
    assert [call.method for call in stub.data_calls()] == ["GET", "POST"]


def test_a_moved_table_is_named_with_those_like_it(stub, service):
    stub.tables = {key: table for key, table in stub.tables.items() if key != "TAB6685"}
    stub.tables["TAB9999"] = scb_stub.Table(
        "TAB9999", "Låg respektive hög ekonomisk standard efter region", {}, np.zeros(1)
    )
    with pytest.raises(InputFileError) as caught:
        read(service, tables.SERIES[1])
    assert "TAB6685" in str(caught.value)
    assert "TAB9999 (Låg respektive hög" in str(caught.value)
    assert "TAB6685" in caught.value.told("sv")


def contents(*labels):
    codes = {f"C{number}": label for number, label in enumerate(labels)}
    return resolving.Metadata(
        "TAB1", "", "", {"ContentsCode": tuple(codes)}, {"ContentsCode": codes}, frozenset()
    )


def test_a_number_is_found_by_its_label_where_its_code_has_moved():
    wanted = INCOME.cells[1].contents
    moved = contents("Annat", "Kvartil 1, andel personer, procent")
    assert resolving.contents_code(moved, wanted) == "C1"
    with pytest.raises(InputFileError) as caught:
        resolving.contents_code(contents("Annat", "Något"), wanted)
    assert "000008A6" in str(caught.value)
    assert "C1 (Något)" in str(caught.value)


def test_a_category_that_has_gone_is_named_with_those_that_are_there():
    table = resolving.Metadata(
        "TAB5956", "", "", {"Region": (), "UtbildningsNiva": ("1", "2"), "Tid": ()},
        {"UtbildningsNiva": {"1": "förgymnasial", "2": "annan"}}, frozenset(),
    )  # fmt: skip
    with pytest.raises(InputFileError, match="1 \\(förgymnasial\\)"):
        resolving.fixed(EDUCATION, table)


def test_an_answer_that_lacks_what_was_asked_for_is_refused(stub, service):
    stub.faults = [("/data", "lost years")]
    with pytest.raises(InputFileError, match="lacks 8"):
        read(service, years=range(2015, 2024))


def test_records_tell_all_but_who_to_call(stub, service):
    (record, *_) = read(service).records
    told = json.dumps(record.as_dict(), ensure_ascii=False)
    assert "Eva" not in told
    assert "010-479" not in told
    assert "@" not in told
    assert record.name == "TAB6684"
    assert records.credit([record]) == "SCB, TAB6684, uppdaterad 2026-01-20"
    assert records.corrections([record]) == (scb_stub.NOTES[0],)
    assert record.query["Tid"] == [str(year) for year in range(2015, 2024)]


# --- Boundaries --------------------------------------------------------------------------------


@pytest.fixture
def maps(stub, tmp_path):
    return Maps(Web(clock=stub.time.clock()), Store(tmp_path / "kept"), stub.maps)


def test_boundaries_come_in_pages_and_are_all_there(stub, maps):
    found = maps.read(DESO[2025], within=["03", "0180"])
    expected = [one for one in scb_stub.codes(2025) if one.startswith(("03", "0180"))]
    assert found.frame["desokod"].tolist() == expected
    assert found.frame.crs.to_epsg() == 3006
    assert len(stub.calls) == 2
    whole = maps.read(LOCALITIES, within=[])
    assert len(whole.frame) == 290
    assert len(stub.calls) == 2 + 3


def test_a_page_that_was_cut_short_is_asked_again_and_refused_if_it_stays_so(stub, maps):
    stub.faults = [("startIndex", "short")]
    assert len(maps.read(DESO[2018], within=["0380"]).frame) == UPPSALA
    stub.faults = [("startIndex", "short")] * 9
    with pytest.raises(InputFileError, match=f"{UPPSALA} shapes"):
        maps.read(DESO[2025], within=["0380"])


def test_kept_pages_are_not_asked_for_again(stub, maps, tmp_path):
    maps.read(DESO[2018], within=["0380"])
    calls = len(stub.calls)
    maps.read(DESO[2018], within=["0380"])
    assert len(stub.calls) == calls + 2  # the counts alone: of all, and of the version that is kept
    offline = Maps(Web(), Store(tmp_path / "kept"), stub.maps, offline=True)
    assert len(offline.read(DESO[2018], within=["0380"]).frame) == UPPSALA
    with pytest.raises(InputFileError, match="already"):
        offline.read(DESO[2018], within=["01"])


def test_a_new_version_of_the_boundaries_is_fetched_again(stub, maps):
    maps.read(DESO[2018], within=["0380"])
    newer = [
        {**one, "properties": {**one["properties"], "version": "2018_v3"}}
        for one in stub.layers["stat:DeSO_2018"]
    ]
    stub.layers = {**stub.layers, "stat:DeSO_2018": newer}
    found = maps.read(DESO[2018], within=["0380"])
    assert set(found.frame["version"]) == {"2018_v3"}
    assert {one.updated for one in found.records} == {"2018_v3"}


def test_squares_are_chosen_by_the_box_of_the_place(stub, maps):
    areas = maps.read(DESO[2025], within=["0380"]).frame
    found = maps.read(SQUARES, within=["0380"], box=areas.total_bounds)
    assert len(found.frame) >= len(areas)
    with pytest.raises(InputFileError, match="to choose from"):
        maps.read(SQUARES, within=["0380"])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_map_service_that_passes_changes_nothing(stub, maps, fault):
    stub.faults = [("hits", fault), ("startIndex", fault)]
    assert len(maps.read(DESO[2018], within=["0380"]).frame) == UPPSALA
    assert not stub.faults
