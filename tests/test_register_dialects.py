"""Whatever a table holds: written in any dialect, it is read with the same values and statuses."""

import io
import json
import math

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grannskap.errors import GrannskapError
from grannskap.sources import register

CODES = ["9999A0010", "9999B1010", "9999C1010", "9999C1020"]
NAMES = {"low": "Låg köpkraft", "high": "Hög köpkraft"}
STATUS = {"..": "suppressed", ".": "missing", "": "missing"}

cells = st.one_of(st.integers(0, 9_999_999), st.sampled_from(list(STATUS)))


@st.composite
def tables(draw):
    """Counts or marks by area, year and column: at least one number in each column."""
    years = draw(st.lists(st.integers(2018, 2023), min_size=1, max_size=3, unique=True))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True))
    table = {
        (code, year): {name: draw(cells) for name in NAMES} for code in codes for year in years
    }
    table[codes[0], years[0]] = {name: draw(st.integers(0, 99)) for name in NAMES}
    return table


def rows(table):
    return [[code, year, *(cell[name] for name in NAMES)] for (code, year), cell in table.items()]


def delimited(mark, encoding, spaces):
    def write(table):
        def spelled(cell):
            text = f"{cell:,}".replace(",", spaces) if isinstance(cell, int) else cell
            return f'"{text}"' if mark in text else text

        lines = [["region", "år", *NAMES.values()]]
        lines += [[code, str(year), *map(spelled, own)] for code, year, *own in rows(table)]
        title = "Hushåll efter köpkraft"
        text = "\n".join([title, "", *(mark.join(line) for line in lines), "", "Källa: SCB"])
        return text.encode(encoding), {"year": "år"}

    return write


def wide(table):
    """Years side by side, under their columns' headings, in two rows of them."""
    codes = list(dict.fromkeys(code for code, _ in table))
    years = sorted({year for _, year in table})
    head = [None, *(label for label in NAMES.values() for _ in years)]
    under = [None, *(str(year) for _ in NAMES for year in years)]
    body = [[code, *(table[code, year][n] for n in NAMES for year in years)] for code in codes]
    return workbook([["Hushåll"], [], head, under, *body, ["Källa:"], ["SCB"]]), {}


def workbook(lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([None if cell == "" else cell for cell in line])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def long_workbook(table):
    return workbook([["Region", "År", *NAMES.values()], *rows(table)]), {"year": "År"}


def cube(table):
    """Dimensions and, cell by cell, numbers and marks."""
    codes = list(dict.fromkeys(code for code, _ in table))
    years = sorted({year for _, year in table})
    held = [table[code, year][name] for code in codes for name in NAMES for year in years]
    return codes, years, held


def json_stat(sparse):
    def write(table):
        codes, years, held = cube(table)
        dimension = {
            "Region": {"category": {"index": codes}},
            "ContentsCode": {
                "category": {"index": list(NAMES), "label": NAMES},
            },
            "Tid": {"category": {"index": list(map(str, years))}},
        }
        numbers = [one if isinstance(one, int) else None for one in held]
        marks = {str(k): one for k, one in enumerate(held) if not isinstance(one, int) and one}
        value = numbers
        if sparse:
            value = {str(k): one for k, one in enumerate(numbers) if one is not None}
        told = {"version": "2.0", "class": "dataset", "id": list(dimension), "value": value}
        told |= {"size": [len(codes), len(NAMES), len(years)], "dimension": dimension}
        told |= {"status": marks, "role": {"time": ["Tid"]}, "source": "SCB"}
        return json.dumps(told).encode(), {}

    return write


def px(encoding):
    def write(table):
        codes, years, held = cube(table)

        def listed(values):
            return ",\n".join(f'"{value}"' for value in values)

        codepage = 'CODEPAGE="utf-8";\n' if encoding == "utf-8" else ""
        data = [str(one) if isinstance(one, int) else f'"{one or "."}"' for one in held]
        per = len(NAMES) * len(years)
        lines = [" ".join(data[k : k + per]) for k in range(0, len(data), per)]
        text = (
            f'CHARSET="ANSI";\n{codepage}AXIS-VERSION="2013";\nMATRIX="TAB1";\n'
            'TITLE="Hushåll "\n"efter köpkraft; 2022";\nSTUB="region";\n'
            'HEADING="innehåll","tid";\n'
            f'VALUES("region")={listed(codes)};\nCODES("region")={listed(codes)};\n'
            f'VALUES("innehåll")={listed(NAMES.values())};\nCODES("innehåll")={listed(NAMES)};\n'
            f'VALUES("tid")={listed(years)};\nTIMEVAL("tid")=TLIST(A1),{listed(years)};\n'
            'LAST-UPDATED="20240123 08:00";\nCONTACT="Anna Ek, anna@scb.se";\nSOURCE="SCB";\n'
            'NOTE="Se a;b, fråga anna@scb.se";\nDATA=\n' + "\n".join(lines) + "\n;\n"
        )
        return text.encode(encoding), {}

    return write


def parquet(table):
    frame = pd.DataFrame(rows(table), columns=["region", "year", *NAMES.values()])
    for label in NAMES.values():
        frame[label] = frame[label].astype(str)
    held = io.BytesIO()
    frame.to_parquet(held)
    return held.getvalue(), {}


DIALECTS = {
    "semicolons, UTF-8": delimited(";", "utf-8-sig", "\u00a0"),
    "commas, UTF-8": delimited(",", "utf-8", " "),
    "semicolons, Windows-1252": delimited(";", "cp1252", "\u00a0"),
    "tabs, UTF-16": delimited("\t", "utf-16", " "),
    "Excel, long": long_workbook,
    "Excel, years side by side": wide,
    "PX, Windows-1252": px("cp1252"),
    "PX, UTF-8": px("utf-8"),
    "JSON-stat, dense": json_stat(sparse=False),
    "JSON-stat, sparse": json_stat(sparse=True),
    "Parquet": parquet,
}


@pytest.mark.parametrize("dialect", DIALECTS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=tables())
def test_what_is_written_is_read(dialect, table, tmp_path):
    content, options = DIALECTS[dialect](table)
    path = tmp_path / "table"
    path.write_bytes(content)
    found = register.read(path, columns=NAMES, division=2018, **options)
    assert len(found) == len(table)
    for (code, year), own in table.items():
        row = found.loc[(code, year, "all")]
        for name, cell in own.items():
            if isinstance(cell, int):
                assert (row[name], row[f"{name}_status"]) == (cell, "value")
            else:
                assert math.isnan(row[name])
                assert row[f"{name}_status"] == STATUS[cell]


def test_a_px_file_tells_where_it_comes_from_and_whom_to_ask_nowhere(tmp_path):
    content, _ = px("cp1252")({(CODES[0], 2022): {"low": 3, "high": 4}})
    (tmp_path / "t.px").write_bytes(content)
    found = register.read(tmp_path / "t.px", columns=NAMES)
    origin = found.attrs["origin"]
    assert (origin["source"], origin["table"]) == ("SCB", "TAB1")
    assert origin["updated"] == "2024-01-23"
    assert origin["title"] == "Hushåll efter köpkraft; 2022"
    assert "@" not in json.dumps([origin, found.attrs], ensure_ascii=False, default=str)


rng = np.random.default_rng(0)
WHOLE = px("cp1252")({(code, 2022): {"low": 3, "high": 4} for code in CODES})[0]


@pytest.mark.parametrize("cut", rng.integers(20, len(WHOLE) - 4, 25).tolist())
def test_a_px_file_that_was_cut_short_is_refused_in_one_line(tmp_path, cut):
    (tmp_path / "t.px").write_bytes(WHOLE[:cut])
    with pytest.raises(GrannskapError) as caught:
        register.read(tmp_path / "t.px", columns=NAMES)
    assert "\n" not in caught.value.told("sv")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"DATA=", b'KEYS("region")=VALUES;\nDATA=', "KEYS"),
        (b'STUB="region";', b"", "2 cells"),
        (b'"9999A0010",\n', b"", "12 and 8|8|VALUES"),
        (b"3 4", b"3 x", "'x'"),
        (b"3 4", b"3 4 5", "9"),
    ],
)
def test_parts_of_a_px_file_that_do_not_fit_are_told(tmp_path, old, new, says):
    (tmp_path / "t.px").write_bytes(WHOLE.replace(old, new, 1))
    with pytest.raises(GrannskapError, match=says):
        register.read(tmp_path / "t.px", columns=NAMES)
