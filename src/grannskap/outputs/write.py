"""Everything that a run leaves behind, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap.language import Text
from grannskap.outputs import folder as folders
from grannskap.outputs import manifest
from grannskap.outputs.folder import MANIFEST, Writer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from grannskap.analysis import Analysis
    from grannskap.language import Language
    from grannskap.outputs.report import Picture

__all__ = ["STAGES", "Written", "check_folder", "run"]

OnStage = Callable[[str], None]

DRAWING = Text("Ritar kartor", "Drawing maps")
WEAVING = Text("Gör interaktiva kartor", "Making interactive maps")
TABULATING = Text("Skriver tabeller och rapport", "Writing tables and report")

STAGES = (DRAWING, WEAVING, TABULATING)
"""The stages of `run`, in order."""


@dataclass(frozen=True)
class Written:
    """What was written, and where.

    Attributes
    ----------
    folder : pathlib.Path
        The folder that holds it.
    paths : tuple of pathlib.Path
        Every file, the manifest last.
    notes : int
        How many notes stand in the lists of the report.
    language : {"sv", "en"}
        The language of the outputs.
    """

    folder: Path
    paths: tuple[Path, ...]
    notes: int
    language: Language

    def lines(self) -> list[str]:
        """Return what the command line says when it is done."""
        told = [f"Wrote {len(self.paths)} files to {self.folder}"]
        if self.notes:
            noun = "note on the data is" if self.notes == 1 else "notes on the data are"
            told.append(f"{self.notes} {noun} in the report and in {MANIFEST}")
        return [*told, f"Open {self.folder / 'report.html'}"]


def check_folder(folder: Path) -> None:
    """Refuse a folder that could not be written, before anything is computed.

    Raises
    ------
    OutputError
        See `grannskap.outputs.folder.check`.
    """
    folders.check(folder)


def run(
    analysis: Analysis,
    folder: Path,
    *,
    inputs: Mapping[str, bytes] | None = None,
    on_stage: OnStage = lambda _name: None,
) -> Written:
    """Write maps, tables, report, GeoPackage and manifest into a folder.

    Parameters
    ----------
    analysis : Analysis
        What was measured.
    folder : pathlib.Path
        New, empty, or an earlier run's; replaced whole, or left as it was.
    inputs : mapping, optional
        Files that belong into the folder beside the results, by relative path.
    on_stage : callable, optional
        Told the name of each stage of `STAGES` as it begins.

    Returns
    -------
    Written
        The paths.

    Raises
    ------
    OutputError
        When the folder cannot be written.
    """
    files = {**(inputs or {}), **dict(_contents(analysis, on_stage))}
    sums: dict[str, str] = {}
    writers: dict[str, bytes | Writer] = {
        name: _summing(content, name, sums) for name, content in files.items()
    }

    def write_manifest(path: Path) -> None:
        path.write_bytes(manifest.content(analysis, sums))

    writers[MANIFEST] = write_manifest
    folders.replace(folder, writers)
    return Written(
        folder=folder,
        paths=tuple(folder / name for name in writers),
        notes=_notes_told(analysis),
        language=analysis.project.language,
    )


def _notes_told(analysis: Analysis) -> int:
    """Count the notes that stand in the lists of the report."""
    from grannskap.outputs import report

    return len(report.of_data(analysis)) + len(report.of_test(analysis))


def _summing(content: bytes | Writer, name: str, sums: dict[str, str]) -> Writer:
    """Write a file and remember its checksum for the manifest."""

    def write(path: Path) -> None:
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content(path)
        sums[name] = manifest.checksum(path.read_bytes())

    return write


def _contents(analysis: Analysis, on_stage: OnStage) -> Iterator[tuple[str, bytes | Writer]]:
    from grannskap.maps import atlas, figure, webmap
    from grannskap.outputs import geopackage, headings, report, tables, workbook

    language = analysis.project.language
    on_stage(DRAWING(language))
    pictures: list[Picture] = []
    beside: list[Picture] = []
    printed = atlas.maps(analysis)
    shapes = figure.Shapes()
    for which in printed:
        style = which.style
        picture, files = _rendered(
            atlas.draw(analysis, which, shapes=shapes),
            style.name,
            style.title,
            style.caption,
            language,
        )
        pictures.append(replace(picture, page=f"maps/map.html#m={style.name}"))
        yield from files
    for extra in atlas.extras(analysis):
        picture, files = _rendered(extra.figure, extra.name, extra.title, extra.caption, language)
        beside.append(picture)
        yield from files
    on_stage(WEAVING(language))
    yield "maps/map.html", atlas.page(analysis, printed).encode()
    for picture in pictures:
        framed = webmap.embed(
            "map.html",
            picture.name,
            title=picture.title,
            caption=picture.caption or picture.title,
            language=language,
        )
        yield f"maps/{picture.name}.embed.html", framed.encode()
    on_stage(TABULATING(language))
    for stem, table in tables.named(analysis).items():
        yield f"tables/{stem}.csv", tables.csv(table)
    by_column = atlas.styles_by_column(printed)
    yield "tables.xlsx", workbook.build(analysis, by_column)
    classes = [which.values for which in printed if which.values.name == "change"]
    areas = analysis.areas.assign(**{str(values.name): values for values in classes})
    aliases = headings.every_column(areas.columns.drop("geometry"), analysis.project)
    yield (
        "areas.gpkg",
        lambda path: geopackage.write(path, areas, by_column, aliases=aliases),
    )
    yield "report.html", report.build(analysis, [*pictures, *beside]).encode()


def _rendered(
    drawn: Figure, name: str, title: str, caption: str, language: Language
) -> tuple[Picture, list[tuple[str, bytes]]]:
    """Render one picture in every format, with its alternative text, and for the report."""
    from grannskap.maps import figure
    from grannskap.outputs.report import Picture

    alt = str(drawn.get_label())
    rendered = figure.render_all(drawn, title=title, alt=alt, language=language)
    picture = Picture(name, title, caption, alt, rendered.preview)
    files = [(f"maps/{name}.{kind}", content) for kind, content in rendered.files.items()]
    return picture, [*files, (f"maps/{name}.txt", f"{alt}\n".encode())]
