"""Read a register file, and say in plain data what came of it."""

import io
import shutil
import warnings
from contextlib import redirect_stdout
from itertools import islice
from pathlib import Path
from typing import Any

import corpus_register
import numpy as np
import openpyxl  # noqa: F401 - imported before the limit, as the program would have
import pandas as pd
import pyarrow.csv
import pyarrow.parquet  # noqa: F401

from grannskap import notes
from grannskap.errors import GrannskapError
from grannskap.sources import register

COLUMNS = {"low": "n"}


def prepare(case: dict[str, Any]) -> dict[str, Any]:
    """Write the file of a case of the corpus, named by its group and place in it."""
    folder = Path(case["folder"])
    folder.mkdir()
    found = next(islice(corpus_register.GROUPS[case["group"]](), case["number"], None))
    return {"path": str(found.build(folder)), "options": found.options}


def clear(case: dict[str, Any]) -> None:
    """Remove it: some are large."""
    shutil.rmtree(case["folder"])


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    """``refused`` with its line, else ``noted`` or ``fine`` with the numbers."""
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as heard, redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            found = _read(case)
        except GrannskapError as error:
            found = {"kind": "refused", "text": str(error)}
    if heard:
        found["warned"] = str(heard[0].message)
    if printed.getvalue():
        found["warned"] = printed.getvalue()
    return found


def _read(case: dict[str, Any]) -> dict[str, Any]:
    options = {"columns": COLUMNS, **case.get("options", {})}
    if "names" in options:
        named = register.read_names(Path(case["path"]), name=options["names"])
        return {"kind": "fine", "numbers": named.to_dict(), "notes": []}
    frame = register.read(Path(case["path"]), **options)
    return told(frame)


def told(frame: pd.DataFrame) -> dict[str, Any]:
    """A register frame's numbers by area, year, group and column, and its notes."""
    numbers = {
        "|".join([*map(str, key), name]): None if np.isnan(value) else float(value)
        for name in frame
        if f"{name}_status" in frame
        for key, value in frame[name].items()
    }
    given = notes.of(frame)
    return {
        "kind": "noted" if given else "fine",
        "numbers": numbers if len(numbers) < 500 else {"rows": float(len(frame))},
        "notes": [note.kind for note in given],
        "codes": [code for note in given for code in note.codes][:100],
        "origin": frame.attrs.get("origin", {}),
    }
