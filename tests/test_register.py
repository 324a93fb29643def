"""The register: text files in every dialect are read whole, or refused in one line."""

import csv
import io
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.catalogue import Status
from grannskap.errors import DataError, InputFileError
from grannskap.sources import register

CODES = ["9999A0010", "9999B1010", "9999C1010", "9999C1020"]


@pytest.fixture
def written(tmp_path):
    """A function that writes text or bytes to a file and returns its path."""

    def write(content, name="register.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def kinds(frame):
    return [note.kind for note in notes.of(frame)]


# Dialects ---------------------------------------------------------------------------------

THOUSANDS = {"none": "", "space": " ", "no-break": "\u00a0", "narrow": "\u202f"}


def spelled(value, decimal_mark, thousands):
    """A number as a spreadsheet writes it."""
    whole, _, decimals = f"{value:,}".partition(".")
    whole = whole.replace(",", thousands)
    return f"{whole}{decimal_mark}{decimals}" if decimals and decimals != "0" else whole


@st.composite
def dialects(draw):
    separator = draw(st.sampled_from([";", "\t", ","]))
    return {
        "separator": separator,
        "decimal": draw(st.sampled_from([",", "."])),
        "thousands": draw(st.sampled_from(list(THOUSANDS.values()))),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])),
        "line": draw(st.sampled_from(["\n", "\r\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "title": draw(st.lists(st.sampled_from(["Hushåll efter köpkraft, år 2022", ""]))),
        "footnotes": draw(
            st.lists(st.sampled_from(["Källa: SCB", "", "1) Avser 2022-12-31, preliminärt"]))
        ),
        "code_last": draw(st.booleans()),
    }


whole = st.integers(0, 9_999_999)
amount = st.integers(1, 9_999_999).map(lambda tenths: tenths / 10)
missing = st.sampled_from(["..", ".", "", "-"])


@st.composite
def tables(draw):
    rows = draw(st.integers(1, 4))
    counts = draw(st.lists(st.one_of(whole, missing), min_size=rows, max_size=rows))
    counts[0] = draw(whole)
    money = draw(st.lists(st.one_of(amount, missing), min_size=rows, max_size=rows))
    money[0] = draw(amount)
    return counts, money


def text_of(table, dialect):
    counts, money = table
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=dialect["separator"],
        quoting=dialect["quoting"],
        lineterminator=dialect["line"],
    )

    def cells(code, *values):
        texts = [
            value
            if isinstance(value, str)
            else spelled(value, dialect["decimal"], dialect["thousands"])
            for value in values
        ]
        return [*texts, code] if dialect["code_last"] else [code, *texts]

    for line in dialect["title"]:
        out.write((f'"{line}"' if line else "") + dialect["line"])
    writer.writerow(cells("område", "låg", "inkomst"))
    for code, count, sum_ in zip(CODES, counts, money, strict=False):
        writer.writerow(cells(code, count, sum_))
    for line in dialect["footnotes"]:
        out.write((f'"{line}"' if line else "") + dialect["line"])
    text = out.getvalue()
    if dialect["thousands"] == "\u202f" and dialect["encoding"] == "cp1252":
        text = text.replace("\u202f", "\u00a0")  # Windows-1252 has no narrow space
    return text.encode(dialect["encoding"])


STATUS = {"..": "suppressed", ".": "missing", "": "missing", "-": "missing"}


@settings(max_examples=60, deadline=None)
@given(table=tables(), dialect=dialects())
def test_a_table_written_in_any_dialect_is_read_back(table, dialect, tmp_path_factory):
    path = tmp_path_factory.mktemp("dialect") / "register.csv"
    path.write_bytes(text_of(table, dialect))
    frame = register.read(path, columns={"low": "låg", "median_income": "inkomst"})
    assert list(frame.index.get_level_values("deso")) == CODES[: len(table[0])]
    for name, written_values in zip(["low", "median_income"], table, strict=True):
        for value, got, status in zip(
            written_values, frame[name], frame[f"{name}_status"], strict=True
        ):
            if isinstance(value, str):
                assert math.isnan(got)
                assert status == STATUS[value]
            else:
                assert got == value
                assert status == "value"


def test_title_lines_that_look_like_cells_are_passed_over(written):
    path = written(
        "Folkmängd efter region; ålder; kön\n\nKommun;DeSO;Antal\n"
        "9999;9999A0010;12\n9999;9999B1010;13\n\nKälla: SCB; uppdaterad 2026\n"
    )
    frame = register.read(path, columns={"population": "Antal"})
    assert frame["population"].tolist() == [12, 13]
    assert notes.of(frame) == ()
    assert frame.attrs["origin"] == {"source": "SCB uppdaterad 2026"}


def test_a_quoted_name_may_hold_the_separator_and_a_line_break(written):
    path = written('deso,namn,n\n9999A0010,"Norra, och\nsödra",1\n9999B1010,"x ""y""",2\n')
    assert register.read(path, columns={"low": "n"})["low"].tolist() == [1, 2]
    path = written('deso,n,namn\n9999A0010,1,x\n9999B1010,2,"Södra\n\nbyn"\nKälla: SCB\n')
    assert register.read(path, columns={"low": "n"})["low"].tolist() == [1, 2]


def test_a_quotation_mark_inside_a_cell_is_only_a_mark(written):
    path = written('deso;namn;n\n9999A0010;Kv "Norra" 2;1\n9999B1010;5" rör;2\n9999C1010;x;3\n')
    try:
        assert register.read(path, columns={"low": "n"})["low"].tolist() == [1, 2, 3]
    except (DataError, InputFileError):
        pytest.fail("a mark within a cell ends nothing")


def test_the_hint_that_spreadsheets_write_above_the_header_is_passed_over(written):
    path = written("sep=;\ndeso;n\n9999A0010;1\n")
    assert register.read(path, columns={"low": "n"})["low"].tolist() == [1]


def test_the_areas_without_a_figure_are_named_in_a_note(written):
    path = written("deso;n\n9999A0010;..\n9999B1010;2\n9999C1010;\n")
    told = {note.kind: note for note in notes.of(register.read(path, columns={"low": "n"}))}
    assert told["missing cells"].codes == ("9999A0010", "9999C1010")


def test_rows_of_other_regions_are_counted_and_not_read(written):
    path = written(
        "region;n\n00 Riket;900\n01 Stockholms län;500\n9999 Påhittköping;30\n9999A0010;12\n"
        "9999R001;11\n9999B1010;13\n9999R002_RegSO2025;10\nTotalt;25\n"
    )
    frame = register.read(path, columns={"population": "n"})
    assert frame["population"].tolist() == [12, 13]
    [note] = [
        note
        for note in notes.of(frame)
        if note.kind == "other regions" and "9999R001" in note.codes
    ]
    told = {code for one in notes.of(frame) if one.kind == "other regions" for code in one.codes}
    assert told == {
        "00 Riket",
        "01 Stockholms län",
        "9999 Påhittköping",
        "9999R001",
        "9999R002_RegSO2025",
        "Totalt",
    }
    assert "population" in frame
    assert note.text.sv


def test_an_eaten_zero_is_put_back_and_told(written):
    frame = register.read(written("deso;n\n114A0010;1\n0114C1010;2\n"), columns={"low": "n"})
    assert list(frame.index.get_level_values("deso")) == ["0114A0010", "0114C1010"]
    assert kinds(frame) == ["repaired codes"]


def test_a_dash_is_missing_never_zero_and_is_told(written):
    frame = register.read(written("deso;n\n9999A0010;-\n9999B1010;4\n"), columns={"low": "n"})
    assert math.isnan(frame["low"].iloc[0])
    assert frame["low_status"].iloc[0] == "missing"
    assert "dashes" in kinds(frame)


def test_a_missing_value_never_has_the_status_value(written):
    path = written("deso;a;b\n9999A0010;..;1\n9999B1010;2;\n9999C1010;3;3\n")
    frame = register.read(path, columns={"low": "a", "high": "b", "households": ["a", "b"]})
    for name in ("low", "high", "households"):
        assert (frame[name].isna() == (frame[f"{name}_status"] != Status.VALUE)).all()
    assert frame["households_status"].tolist() == ["suppressed", "missing", "value"]
    assert frame["households"].iloc[2] == 6


def test_statuses_are_plain_text(written):
    frame = register.read(written("deso;a\n9999A0010;..\n9999B1010;2\n"), columns={"low": "a"})
    assert {type(status) for status in frame["low_status"]} == {str}


# Encodings and real files -----------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf16_is_read_by_its_mark_and_refused_without(written, encoding):
    text = "område\tlåg\r\n9999A0010\t1 204\r\n9999B1010\t..\r\n"
    marked = text if encoding == "utf-16" else f"\ufeff{text}"
    frame = register.read(written(marked, encoding=encoding), columns={"low": "låg"})
    assert frame["low"].tolist()[0] == 1204
    assert frame["low_status"].tolist() == ["value", "suppressed"]
    with pytest.raises(InputFileError, match="UTF-16 without its mark"):
        register.read(written(text, encoding="utf-16-le"), columns={"low": "låg"})
    with pytest.raises(InputFileError, match="goes on as something else"):
        register.read(written(marked.encode(encoding) + b"x"), columns={"low": "låg"})


@pytest.mark.real
def test_every_area_of_the_real_country_file_is_read(shared_data):
    path = shared_data / "stats" / "deso2018_sweden_5984_stats_2022.csv"
    frame = register.read(
        path,
        columns={
            "population": "pop_total",
            "both": ["bg_swedish", "bg_foreign"],
            "median_income": "median_income_tkr",
        },
        year=2022,
        division=2018,
    )
    oracle = pd.read_csv(path, dtype={"deso": str}).set_index("deso").sort_index()
    assert frame["population"].tolist() == oracle["pop_total"].tolist()
    assert frame["both"].tolist() == (oracle["bg_swedish"] + oracle["bg_foreign"]).tolist()
    np.testing.assert_array_equal(frame["median_income"], oracle["median_income_tkr"])
    assert frame.attrs["division"] == 2018


@pytest.mark.real
def test_the_services_long_csv_is_read_as_it_is(shared_data):
    path = shared_data / "scb-api" / "scb_v2_TAB6574_csv_response_dalarna_2024.csv"
    old = ["Alder=65-69", "Alder=70-74", "Alder=75-79", "Alder=80-"]
    frame = register.read(
        path,
        columns={
            "population": "totalt | 000007Y7",
            "old": [f"{age} | 000007Y7" for age in old],
        },
    )
    oracle = (
        pd.read_csv(shared_data / "stats" / "deso2025_dalarna_175_population_2024.csv")
        .set_index("desokod")
        .sort_index()
    )
    assert frame.attrs["division"] == 2025
    assert set(frame.index.get_level_values("year")) == {2024}
    assert frame["population"].tolist() == oracle["befolkning_2024"].tolist()
    assert frame["old"].tolist() == oracle["befolkning_65_plus_2024"].tolist()
