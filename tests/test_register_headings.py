"""Headings of several rows: words that tell columns apart, years that stand in them, none."""

import io

import openpyxl
import pytest

from grannskap import notes
from grannskap.errors import ColumnError
from grannskap.sources import register

AREAS = ("9999A0010", "9999B1010")


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def delimited(*rows):
    lines = (";".join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "\n".join(lines).encode()


@pytest.fixture(params=[workbook, delimited], ids=["Excel", "CSV"])
def read(request, tmp_path):
    def reading(*rows, **options):
        path = tmp_path / "table"
        path.write_bytes(request.param(*rows))
        return register.read(path, **options)

    return reading


TITLE = ("Låg och hög standard efter region, innehåll, år och ålder", None, None, None)
STANDARD = (
    TITLE,
    (None, "Låg ekonomisk standard, procent", "Hög ekonomisk standard, procent", "Antal personer"),
    (None, "2022", "2022", "2022"),
    (None, "totalt ålder", "totalt ålder", "totalt ålder"),
    (AREAS[0], 7, 15, 843),
    (AREAS[1], 4, 0, 1542),
)


def test_words_that_fit_one_column_are_enough_and_its_year_is_read(read):
    found = read(
        *STANDARD,
        columns={"low_standard": "Låg ekonomisk standard", "persons": "antal PERSONER"},
        percent={"low_standard": "persons"},
    )
    assert found["persons"].tolist() == [843, 1542]
    assert found.index.unique("year").tolist() == [2022]


def test_words_that_fit_several_columns_are_refused_by_their_headings(read):
    with pytest.raises(ColumnError) as caught:
        read(*STANDARD, columns={"low_standard": "ekonomisk standard"})
    told = caught.value.told("sv")
    assert "2 passar" in told
    assert "Låg ekonomisk standard, procent" in told
    assert "Hög ekonomisk standard, procent" in told


def test_words_are_whole_and_a_cell_of_its_own_comes_first(read):
    rows = (
        (None, "2022", None, None),
        (None, "gymnasial utbildning", "förgymnasial utbildning", "gymnasial utbildning, äldre"),
        (AREAS[0], 1, 2, 3),
    )
    found = read(*rows, columns={"a": "gymnasial utbildning", "b": "förgymnasial", "c": "äldre"})
    assert found.iloc[0][["a", "b", "c"]].tolist() == [1, 2, 3]


def test_a_stated_year_that_the_heading_contradicts_is_refused(read):
    with pytest.raises(ColumnError, match="2022"):
        read(*STANDARD, columns={"persons": "Antal personer"}, year=2019)


def test_years_side_by_side_are_a_series_of_the_column_that_words_name(read):
    rows = (
        (None, "Antal hushåll", None, "Antal personer", None),
        (None, "2021", "2022", "2021", "2022"),
        (AREAS[0], 1, 2, 3, 4),
    )
    found = read(*rows, columns={"households": "hushåll", "persons": "personer"})
    assert found["households"].tolist() == [1, 2]
    assert found["persons"].tolist() == [3, 4]
    assert found.index.unique("year").tolist() == [2021, 2022]


def test_years_and_codes_are_found_where_no_column_has_a_heading(read):
    rows = (
        ("Folkmängd per region efter år, region och kön", None, None),
        (None, None, "totalt"),
        ("2023", AREAS[0], 898),
        (None, AREAS[1], 1565),
    )
    found = read(*rows, columns={"population": "totalt"})
    assert found.index.unique("year").tolist() == [2023]
    assert found["population"].tolist() == [898, 1565]


def test_a_heading_merged_downwards_over_the_codes_is_theirs(read):
    rows = (
        ("Region", "2022", None),
        (None, "Låg", "Hög"),
        (AREAS[0], 5, 6),
        (AREAS[1], 7, 8),
    )
    found = read(*rows, columns={"low": "Låg", "high": "Hög"}, code="Region")
    assert found.index.unique("year").tolist() == [2022]
    assert found["high"].tolist() == [6, 8]


def test_rows_of_other_levels_by_name_or_code_are_counted_and_not_read(read):
    others = ["Stockholms län", "Upplands Väsby kommun", "Upplands Väsby (Bollstanäs)"]
    others += ["0114 Upplands Väsby", "0114R001", "0114R001_RegSO2025", "00 Riket"]
    rows = [("Region", "2022"), *((name, 9) for name in others), (AREAS[0], 5)]
    found = read(*rows, ("Vallentuna (Lindholmen)", 3), columns={"low": "2022"})
    assert found["low"].to_list() == [5]
    told = [one.values["rows"] for one in notes.of(found) if one.kind == "other regions"]
    assert sum(told) == len(others) + 1


EXPORTS = {
    "000006TA": {
        "low_standard": "Låg ekonomisk standard",
        "high_standard": "Hög ekonomisk standard",
    },
    "000005FC": {"population": "totalt"},
    "000005FE": {"foreign_background": "utländsk bakgrund", "population": "totalt totalt"},
    "000005FM": {"median_income": "Medianvärde"},
    "000005MO": {"post_secondary": "3 år eller mer", "low": "förgymnasial"},
    "000006OC": {"rented": "hyresrätt", "owned": "äganderätt"},
    "000007A8": {"employed_16_64": "antal sysselsatta", "working_age_16_64": "antal totalt"},
    "000005F8": {"households": ["sammanboende med barn", "övriga hushåll"]},
}


@pytest.mark.real
@pytest.mark.parametrize("code", EXPORTS)
def test_real_exports_are_read_by_few_words_with_their_year(shared_data, code):
    (path,) = (shared_data / "scb-excel").glob(f"{code}_*.xlsx")
    found = register.read(path, columns=EXPORTS[code])
    assert len(found) == 5984
    assert found.index.unique("year").tolist() == [2023 if code == "000005FC" else 2022]


def test_words_of_several_rows_name_a_column_together(read):
    rows = (
        (None, "antal sysselsatta", None, "antal totalt", None),
        (None, "16-64 år", "20-64 år", "16-64 år", "20-64 år"),
        (None, "2022", "2022", "2022", "2022"),
        (AREAS[0], 1, 2, 3, 4),
    )
    found = read(*rows, columns={"a": "antal sysselsatta | 20-64 år", "b": "16-64 | totalt"})
    assert found.iloc[0][["a", "b"]].tolist() == [2, 3]
    with pytest.raises(ColumnError, match="2 do"):
        read(*rows, columns={"a": "antal sysselsatta"})
    with pytest.raises(ColumnError, match="25-64"):
        read(*rows, columns={"a": "antal sysselsatta | 25-64"})
