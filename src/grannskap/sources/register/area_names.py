"""Names of areas, such as those of RegSO: a DeSO has none of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

from grannskap.deso import Division, same_division
from grannskap.errors import CodeError
from grannskap.sources.guard import reading
from grannskap.sources.register.keys import Areas, find_column, pick_areas
from grannskap.sources.register.opening import open_table
from grannskap.wording import in_both

__all__ = ["read_names", "read_regso"]


def read_names(
    path: Path,
    *,
    name: str,
    code: str | None = None,
    division: Division | None = None,
    sheet: str | None = None,
) -> pd.Series[Any]:
    r"""Name of each area, by DeSO code; for example SCB's key between DeSO and RegSO.

    Parameters
    ----------
    path : pathlib.Path
        CSV in any dialect, Excel or Parquet, as for `read`.
    name : str
        The column of names.
    code : str, optional
        The column of DeSO codes; found by itself where only one column holds them.
    division : {2018, 2025}, optional
        Which to read, where the file holds both.
    sheet : str, optional
        The Excel sheet.

    Returns
    -------
    pandas.Series of str
        Index ``deso``, sorted and unique; named ``regso_name``; ``attrs["division"]``, where the
        file tells it.

    Raises
    ------
    InputFileError, ColumnError, CodeError
        As for `read`; CodeError also where one area has two names.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "key.csv"
    >>> _ = path.write_text("DeSO;RegSO\n9999C1010;Norrängen\n9999C1020;Solviken")
    >>> read_names(path, name="RegSO").to_dict()
    {'9999C1010': 'Norrängen', '9999C1020': 'Solviken'}
    """
    with reading(path, form=in_both("errors.phrases.a file of names")):
        opened = open_table(Path(path), sheet=sheet)
        table, at, areas = pick_areas(opened, code=code, division=division)
        texts, places = table.categories(find_column(table.names, name, purpose="name"))
    pairs = pd.DataFrame(
        {"deso": areas.codes(areas.which), "regso_name": [texts[i] for i in places]}
    ).drop_duplicates()
    return _one_each(pairs, "regso_name", _division(table.names[at], areas))


_REGSO = re.compile(r"\d{4}R\d{3}", re.ASCII)
_IN_HEADING = re.compile(r"deso\D?(2018|2025)$", re.IGNORECASE)


def read_regso(
    path: Path,
    *,
    code: str | None = None,
    division: Division | None = None,
    sheet: str | None = None,
) -> pd.Series[Any] | None:
    r"""Code of the RegSO of each area, by DeSO code; None where no column has such codes.

    Parameters
    ----------
    path, code, division, sheet
        As for `read_names`.

    Returns
    -------
    pandas.Series of str or None
        Index ``deso``, sorted and unique; named ``regso``; ``attrs["division"]``, where the file
        tells it.

    Raises
    ------
    InputFileError, ColumnError, CodeError
        As for `read_names`.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "key.csv"
    >>> _ = path.write_text("DeSO;RegSOkod\n9999C1010;9999R001\n9999C1020;9999R001")
    >>> read_regso(path).to_dict()
    {'9999C1010': '9999R001', '9999C1020': '9999R001'}
    """
    with reading(path, form=in_both("errors.phrases.a file of names")):
        opened = open_table(Path(path), sheet=sheet)
        table, at, areas = pick_areas(opened, code=code, division=division)
        for place in range(len(table.names)):
            if place == at or not table.is_text(place):
                continue
            texts, which = table.categories(place)
            if texts and all(_REGSO.fullmatch(text) for text in texts):
                pairs = pd.DataFrame(
                    {"deso": areas.codes(areas.which), "regso": [texts[i] for i in which]}
                ).drop_duplicates()
                return _one_each(pairs, "regso", _division(table.names[at], areas))
    return None


def _division(heading: str, areas: Areas) -> Division | None:
    """Return the division that a key tells, as SCB's do in the heading ``DeSO_2018``."""
    found = _IN_HEADING.search(heading)
    return same_division([areas.division, None if found is None else found[1]])


def _one_each(pairs: pd.DataFrame, name: str, division: Division | None) -> pd.Series[Any]:
    twice = pairs.loc[pairs["deso"].duplicated(), "deso"]
    if len(twice):
        raise CodeError("two names of an area", {"codes": list(twice)})
    found = pairs.set_index("deso")[name].sort_index()
    found.attrs["division"] = division
    return found
