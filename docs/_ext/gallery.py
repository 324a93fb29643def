"""The gallery: every kind of picture of the made-up town, with the lines that made it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap import analysis, datasets, project
from grannskap.outputs import pictures
from grannskap.project import MapOptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grannskap.outputs.report import Picture

_TOWN = 'view = "9999"\nyear = 2017'
_LINES = {
    "balance": '[balance]\nlow = "low"\nhigh = "high"',
    "change": "year = 2017\ncompare = 2012",
    "clusters": '[autocorrelation]\nvariable = ["low_income_share", "high_income_share"]',
    "living-conditions": (
        '[segregation]\ncomponents = ["employment_rate", "disposable_income", '
        '"post_secondary_share"]'
    ),
}
"""What asks for the pictures that are not asked for by name."""

_OF_SEVERAL = "towns"
"""The picture that the one made-up town cannot have."""


def write(folder: Path) -> None:
    """Draw every kind of picture and write the page that shows them."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        drawn = _drawn(Path(made))
    parts = [
        "# Gallery\n",
        "The made-up town (`grannskap demo`), in English. Each picture is written as PNG, SVG and",
        "PDF, with its alternative text beside it; the lines are those of the project file.\n",
    ]
    for one in drawn:
        (folder / f"{one.name}.png").write_bytes(one.png)
        parts += [f"## {one.title}\n", f"![{_inline(one.alt)}]({one.name}.png)\n"]
        lines = _lines(one.name)
        parts += [f"```toml\n{lines}\n```\n"] if lines else []
    (folder / "index.md").write_text("\n".join(parts), encoding="utf-8")


def _drawn(folder: Path) -> Iterable[Picture]:
    file = datasets.write_inputs(folder / "town")
    also = ", ".join(f'"{one}"' for one in _askable())
    text = file.read_text(encoding="utf-8").replace('language = "sv"', 'language = "en"')
    head, found, rest = text.partition("\n[map]")
    assert found, "the made-up town's project file has no [map]"
    file.write_text(f"{head}\n[map]\nalso = [{also}]{rest}", encoding="utf-8")
    data, options, view = analysis.read(project.read(file))
    return pictures.draw(analysis.run(data, options), view).pictures


def _askable() -> list[str]:
    kinds = MapOptions.model_json_schema()["properties"]["also"]["items"]["enum"]
    return [one for one in kinds if one != _OF_SEVERAL]


def _lines(name: str) -> str:
    asked = [one for one in _askable() if one in name]
    if asked:
        return f'[map]\nalso = ["{max(asked, key=len)}"]'
    known = next((lines for start, lines in _LINES.items() if name.startswith(start)), "")
    return f"{_TOWN}\n\n{known}" if known and not known.startswith("year") else known


def _inline(text: str) -> str:
    """Alternative text inside Markdown: on one line, without brackets."""
    return " ".join(text.split()).replace("[", "(").replace("]", ")")
