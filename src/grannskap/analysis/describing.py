"""Say in plain lines what a project's files hold, before anything is measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from grannskap.analysis.gathering import Gathered
from grannskap.catalogue import AMOUNTS, COUNTS, SHARES, label
from grannskap.errors import few
from grannskap.language import Text, count
from grannskap.notes import Note

__all__ = ["describe"]


def describe(gathered: Gathered) -> list[str]:
    """Say in plain lines what was found, for ``grannskap check``."""
    language = gathered.project.language
    areas = gathered.areas
    shown = int(areas["in_view"].sum())
    years = sorted({int(y) for y in gathered.register.index.get_level_values("year")})
    groups = sorted({str(g) for g in gathered.register.index.get_level_values("group")})
    told = Text("ej angiven", "not stated")(language)
    lines = [
        f"{Text('Områden', 'Areas')(language)}: {count(len(areas), language)}, "
        f"{Text('varav visas', 'of which shown')(language)} {count(shown, language)}",
        f"{Text('Indelning', 'Division')(language)}: DeSO {gathered.division or told}",
        f"{Text('År', 'Years')(language)}: {', '.join(str(y) if y else told for y in years)}; "
        f"{Text('grupper', 'groups')(language)}: {', '.join(groups)}",
    ]
    lines += [_describe_column(name, areas, gathered) for name in _columns_found(areas)]
    lines += [f"– {note.text(language)}{_first_codes(note)}" for note in gathered.notes]
    return lines


def _columns_found(areas: pd.DataFrame) -> list[str]:
    known = [*COUNTS, *AMOUNTS, *SHARES]
    own = [c.removesuffix("_status") for c in areas.columns if c.endswith("_status")]
    return [name for name in dict.fromkeys([*known, *own]) if name in areas.columns]


def _describe_column(name: str, areas: pd.DataFrame, gathered: Gathered) -> str:
    language = gathered.project.language
    values: pd.Series[Any] = areas[name]
    missing = int(np.isnan(values.to_numpy(dtype=float)).sum())
    absent = Text("saknas i", "missing in")(language)
    return (
        f"  {name} ({label(name)(language)}): {count(len(values) - missing, language)} "
        f"{Text('områden', 'areas')(language)}" + (f", {absent} {missing}" if missing else "")
    )


def _first_codes(note: Note) -> str:
    return f" ({few(note.codes)})" if note.codes else ""
