"""docs/data.md is what the catalogue of tables says, and the catalogue holds together."""

import importlib.util
from pathlib import Path

from grannskap.catalogue import AMOUNTS, COUNTS, SHARES
from grannskap.sources.scb import tables
from grannskap.sources.scb.project_file import _COMPONENTS, _POLES

ROOT = Path(__file__).parents[1]


def generator():
    spec = importlib.util.spec_from_file_location("data_doc", ROOT / ".ci" / "data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_made_of_the_catalogue():
    written = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert written == generator().content(), "run python .ci/data.py"


def test_every_column_but_one_is_known_to_the_catalogue_of_columns():
    names = {cells.name for one in tables.SERIES for cells in one.cells}
    assert names - {*COUNTS, *AMOUNTS} == {"born_outside_europe"}
    for one in tables.SERIES:
        columns = {cells.name: cells for cells in one.cells}
        for cells in one.cells:
            assert (cells.kind == "percent") == bool(cells.whole)
            assert not cells.whole or columns[cells.whole].kind == "count"
            if cells.name in COUNTS:
                assert COUNTS[cells.name].unit.en == one.unit


def test_no_two_series_give_a_column_of_the_same_year_of_two_tables():
    for year in range(2010, 2031):
        there = [one for one in tables.SERIES if one.first <= year <= one.last]
        names = [cells.name for one in there for cells in one.cells if cells.name != "persons"]
        assert len(names) == len(set(names)), year


def test_years_of_a_series_lie_in_one_division_or_end_and_begin_with_it():
    for one in tables.SERIES:
        within = {tables.division_of(year) for year in (one.first, min(one.last, 2030))}
        if len(within) > 1:
            assert one.last == 9999


def test_what_a_project_asks_for_is_something_that_is_fetched():
    names = {cells.name for one in tables.SERIES for cells in one.cells}
    assert {pole for pair in _POLES for pole in pair} <= names
    for shares in _COMPONENTS:
        for name in shares:
            assert name in names or {SHARES[name].part, SHARES[name].base} <= names
