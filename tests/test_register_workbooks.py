"""The register from workbooks and Parquet, and the kinds of files it refuses."""

import datetime as dt
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grannskap import notes
from grannskap.errors import ColumnError, DataError, GrannskapError, InputFileError
from grannskap.sources import register

# Workbooks --------------------------------------------------------------------------------


def saved(path, sheets):
    """Save rows as a workbook, a sheet for each title."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_with_title_footnotes_and_text_numbers_is_read(tmp_path):
    path = saved(
        tmp_path / "Hushåll på väg.xlsx",
        {
            "Info": [["Beställning till kommunen"]],
            "Tabell": [
                ["Hushåll efter köpkraft 2022"],
                [],
                ["DeSO", "Kommun", "låg", "hög"],
                ["0114A0010", 114, 12, "1\u00a0204"],
                ["114C1010", 114, "7", ".."],
                ["0114C1020", 114, 3.0, None],
                [],
                ["Källa: SCB"],
                ["..", "Uppgift ej tillgänglig"],
            ],
        },
    )
    frame = register.read(path, columns={"low": "låg", "high": "hög"}, year=2022)
    assert frame["low"].tolist() == [12, 7, 3]
    assert frame["high"].tolist()[0] == 1204
    assert frame["high_status"].tolist() == ["value", "suppressed", "missing"]
    told = {note.kind for note in notes.of(frame)}
    assert {"repaired codes", "footnotes", "missing cells"} <= told


def test_two_headings_and_codes_written_once_are_put_together(tmp_path):
    path = saved(
        tmp_path / "pivot.xlsx",
        {
            "A": [
                ["Sysselsatta efter region, kön och år"],
                [],
                [None, None, "Sysselsatta", None, "Alla", None],
                [None, None, 2022, 2023, 2022, 2023],
                ["9999A0010", "män", 1, 2, 11, 12],
                [None, "kvinnor", 3, 4, 13, 14],
                ["9999B1010", "män", 5, 6, 15, 16],
                [None, "kvinnor", 7, 8, 17, 18],
            ]
        },
    )
    frame = register.read(
        path,
        columns={
            "employed": ["män | Sysselsatta", "kvinnor | Sysselsatta"],
            "working_age": ["män | Alla", "kvinnor | Alla"],
        },
    )
    assert frame["employed"].to_dict() == {
        ("9999A0010", 2022, "all"): 4,
        ("9999A0010", 2023, "all"): 6,
        ("9999B1010", 2022, "all"): 12,
        ("9999B1010", 2023, "all"): 14,
    }
    assert frame["working_age"].tolist() == [24, 26, 32, 34]


def test_the_right_sheet_is_found_or_asked_for(tmp_path):
    table = [["deso", "n"], ["9999A0010", 1]]
    other = [["deso", "n"], ["9999A0010", 2]]
    path = saved(tmp_path / "two.xlsx", {"2012": table, "2017": other})
    with pytest.raises(InputFileError, match="2012, 2017"):
        register.read(path, columns={"low": "n"})
    assert register.read(path, columns={"low": "n"}, sheet="2017")["low"].tolist() == [2]
    with pytest.raises(InputFileError, match="did you mean '2017'"):
        register.read(path, columns={"low": "n"}, sheet="2071")


def test_a_formula_that_was_never_computed_is_noticed(tmp_path):
    rows = [["deso", "a", "b"], ["9999A0010", 1, "=B2*2"], ["9999B1010", 2, "=B3*2"]]
    path = saved(tmp_path / "formulas.xlsx", {"A": rows})
    assert register.read(path, columns={"low": "a"})["low"].tolist() == [1, 2]
    with pytest.raises(DataError, match="formulas"):
        register.read(path, columns={"low": "b"})


@pytest.mark.parametrize("value", [True, dt.date(2022, 1, 1), "#DIV/0!", "tolv"])
def test_what_is_no_number_in_a_workbook_is_refused(tmp_path, value):
    rows = [["deso", "a"], ["9999A0010", 1], ["9999B1010", value]]
    with pytest.raises(DataError, match="9999B1010"):
        register.read(saved(tmp_path / "bad.xlsx", {"A": rows}), columns={"low": "a"})


def archive(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = archive(
        tmp_path / "bomb.xlsx",
        {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 50_000_000},
    )
    with pytest.raises(InputFileError, match="unpacks"):
        register.read(path, columns={"low": "a"})


def test_a_workbook_that_declares_entities_is_refused(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><workbook/>'
    path = archive(tmp_path / "entities.xlsx", {"xl/workbook.xml": bomb})
    with pytest.raises(InputFileError, match="declarations"):
        register.read(path, columns={"low": "a"})


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04" + b"x" * 50, "zip file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, r"\.xls"),
        (b'CHARSET="ANSI";\nAXIS-VERSION="2013";', "PX"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"PAR1 and nothing more", "damaged"),
        (b"%PDF-1.7", "PDF"),
        (b"", "0 bytes"),
        (b"\x00\x01\x02", "zero bytes"),
        (b"\x81\x8d\x8f;\x90", "neither"),
        (b"bara text utan tabell", "begins 'bara text"),
        (b'{"type": "FeatureCollection", "features": []}', "json-stat2"),
        (b'{"id": ["Region"', "cut short"),
        (b"[1, 2]", "list"),
    ],
)
def test_other_kinds_of_files_are_refused_by_name(tmp_path, content, word):
    path = tmp_path / "fil.dat"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=word):
        register.read(path, columns={"low": "a"})


def test_a_zip_of_something_else_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", {"a.csv": b"deso;n"})
    with pytest.raises(InputFileError, match="something else"):
        register.read(path, columns={"low": "n"})


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="nowhere"):
        register.read(tmp_path / "nowhere.csv", columns={"low": "n"})


def test_a_number_of_a_workbook_has_no_thousands_mark_but_its_text_may(tmp_path):
    rows = [["deso", "a", "b"], ["9999A0010", 228.074, "228.074"], ["9999B1010", 190.125, 190]]
    path = saved(tmp_path / "amounts.xlsx", {"A": rows})
    frame = register.read(path, columns={"median_income": "a"})
    assert frame["median_income"].tolist() == [228.074, 190.125]
    with pytest.raises(DataError, match="thousands or decimals"):
        register.read(path, columns={"median_income": "b"})


# Parquet ----------------------------------------------------------------------------------


def test_parquet_with_an_index_categories_and_gaps_is_read(tmp_path):
    frame = pd.DataFrame(
        {
            "n": pd.array([3, None, 5], dtype="Int64"),
            "kind": pd.Categorical(["all", "rented", "all"]),
            "text": ["1 000", "..", "2,0"],
            "when": pd.to_datetime(["2022-01-01"] * 3),
        },
        index=pd.Index(["9999A0010", "9999B1010", "9999C1010"], name="deso"),
    )
    frame.to_parquet(tmp_path / "a.parquet")
    read = register.read(tmp_path / "a.parquet", columns={"low": "n", "high": "text"}, group="kind")
    assert read["low_status"].tolist() == ["value", "missing", "value"]
    assert read["high"].tolist()[::2] == [1000, 2]
    assert read.index.get_level_values("group").tolist() == ["all", "rented", "all"]
    with pytest.raises(ColumnError, match="n, kind, text, deso"):
        register.read(tmp_path / "a.parquet", columns={"low": "when"})


def test_parquet_with_infinity_is_refused(tmp_path):
    pd.DataFrame({"deso": ["9999A0010"], "n": [np.inf]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match="inf"):
        register.read(tmp_path / "a.parquet", columns={"low": "n"})


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_workbook_damaged_anywhere_gives_a_frame_or_our_error(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    saved(folder / "a.xlsx", {"A": [["deso", "n"], ["9999A0010", 1], ["9999B1010", 2]]})
    with zipfile.ZipFile(folder / "a.xlsx") as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    name = data.draw(st.sampled_from(sorted(members)))
    content = members[name]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    members[name] = content[:start] + data.draw(st.binary(max_size=8)) + content[end:]
    archive(folder / "b.xlsx", members)
    try:
        frame = register.read(folder / "b.xlsx", columns={"low": "n"})
    except GrannskapError:
        return
    assert frame.index.is_unique
