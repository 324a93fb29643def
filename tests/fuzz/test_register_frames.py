"""Frames in memory and keys of shares are refused in one line too, and limits are as stated."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from register_files import AREAS, columnar

from grannskap.areas import crosswalk
from grannskap.errors import GrannskapError, InputFileError
from grannskap.sources import jsonstat, register
from grannskap.sources.register import columnar as columnar_reader
from grannskap.sources.register import limits, markup, workbook

CODES = list(AREAS)


def frame(numbers, **columns):
    return pd.DataFrame({"deso": CODES, "n": numbers, **columns})


LOW = {"columns": {"low": "n"}}
INCOME = {"columns": {"median_income": "n"}}

REFUSED = {
    "a number of 30 digits": (lambda: frame([1, 2, 10**30]), {}, ""),
    "2^64": (lambda: frame(pd.array([1, 2, 2**64 - 1], dtype="UInt64")), {}, "9999C1010"),
    "infinity": (lambda: frame([1, 2, np.inf]), {}, "inf"),
    "numbers and text": (lambda: frame([1, "2", 3.5]), LOW, "one kind"),
    "objects": (lambda: frame([1, object(), 3]), LOW, "one kind"),
    "lists": (lambda: frame([[1], [2], [3]]), LOW, "'n'"),
    "complex numbers": (lambda: frame([1j, 2, 3]), LOW, "one kind"),
    "sparse numbers": (lambda: frame(pd.arrays.SparseArray([1, 0, 3])), LOW, ""),
    "truths": (lambda: frame([True, False, True]), LOW, "true"),
    "times": (lambda: frame(pd.to_datetime(["2022-01-01"] * 3)), LOW, "'n'"),
    "half a letter": (
        lambda: frame([1, 2, 3], x=pd.Series(["a", "\ud800", "b"], dtype=object)),
        LOW,
        "surrogates",
    ),
    "a control character": (lambda: frame([1, 2, 3], **{"a\x1b": [1, 2, 3]}), {}, "control"),
    "a long name": (lambda: frame([1, 2, 3], **{"a" * 20_000: [1, 2, 3]}), {}, "letters"),
    "nothing": (pd.DataFrame, {}, "none"),
    "no rows": (lambda: frame([1, 2, 3]).iloc[:0], LOW, ""),
    "a code twice": (lambda: pd.DataFrame({"n": [1, 2]}, index=CODES[:1] * 2), {}, "several"),
    "a code that is missing": (lambda: frame([1, 2, 3]).assign(deso=[None, *CODES[1:]]), {}, ""),
    "an income of 0": (lambda: frame([190, 0, 205]), INCOME, "above 0"),
    "an income of 10^30": (lambda: frame([190, 1e30, 205]), INCOME, "none above"),
    "a year of 30 digits": (lambda: frame([1, 2, 3]), {"year": 10**30}, "1900"),
    "a year of five digits": (lambda: frame([1, 2, 3]), {"year": 20_222}, "20222"),
    "a year below 0": (lambda: frame([1, 2, 3]), {"year": -5}, "-5"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_frame_that_cannot_be_right_is_refused_in_one_line(name):
    make, options, word = REFUSED[name]
    with pytest.raises(GrannskapError) as told:
        register.from_frame(make(), **options)
    assert word in str(told.value)
    assert str(told.value).isprintable()


@pytest.mark.parametrize("share", ["a", "0,5", np.nan, np.inf, -1, None])
def test_a_key_whose_share_is_none_is_refused(share):
    counts = register.from_frame(frame([1, 2, 3])).droplevel(["year", "group"])
    key = pd.DataFrame({"old": CODES, "new": CODES, "share": [share, 1, 1]}, index=[7, 8, 9])
    with pytest.raises(GrannskapError, match="sum to 1"):
        crosswalk(counts, key=key)
    whole = crosswalk(counts, key=key.assign(share=["1", 1, 1.0]))
    assert whole["n"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("module", "limit", "most", "word"),
    [
        (columnar_reader, "_MOST_BYTES", 100, "when unpacked"),
        (columnar_reader, "_MOST_GROUPS", 1, "groups"),
        (columnar_reader, "_MOST_SCHEMA", 100, "schema"),
        (limits, "MOST_ROWS", 2, "rows"),
        (limits, "MOST_COLUMNS", 1, "columns"),
        (limits, "MOST_CELLS", 5, "cells"),
    ],
)
def test_a_parquet_file_ends_where_its_limits_do(tmp_path, monkeypatch, module, limit, most, word):
    path = tmp_path / "a.parquet"
    path.write_bytes(columnar(row_group_size=1))
    assert len(register.read(path, **LOW)) == 3
    monkeypatch.setattr(module, limit, most)
    with pytest.raises(InputFileError, match=word):
        register.read(path, **LOW)


def test_the_document_states_the_limits():
    stated = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")
    for number in (
        *(limits.MOST_ROWS, limits.MOST_COLUMNS, limits.MOST_CELLS, limits.MOST_CODES),
        *(limits.MOST_LINES_AROUND, limits.LONGEST, jsonstat._MOST_CELLS, jsonstat._MOST_PARTS),
        *(jsonstat._MOST_GROUPS, markup._MOST_CELLS, markup._MOST_SPREAD, markup._MOST_STRINGS),
        *(markup._MOST_ELEMENTS, markup._MOST_SHEETS, markup._MOST_LINES, markup._MOST_TAGS),
        *(markup._LONGEST_CELL, workbook._MOST_MEMBERS, columnar_reader._MOST_GROUPS),
    ):
        assert f"{number:,}" in stated
    for size in (limits.MOST_BYTES, jsonstat._MOST_BYTES, workbook._MOST_BYTES, limits.MOST_AROUND):
        assert f"{size / 1e6:.0f} MB" in stated
    assert f"{columnar_reader._MOST_BYTES / 1e6:.0f} MB" in stated
