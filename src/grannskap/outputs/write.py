"""Everything that a run leaves behind, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap.language import Text
from grannskap.letters import well_formed
from grannskap.notes import FOR_THE_OWNER, Note
from grannskap.outputs import folder as folders
from grannskap.outputs import manifest
from grannskap.outputs.folder import MANIFEST, Claim, Writer, claim
from grannskap.wording import in_both, say

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

    from grannskap.analysis import Results, View
    from grannskap.language import Language
    from grannskap.maps.atlas import Extra, Map
    from grannskap.maps.style import Style
    from grannskap.outputs.report import Picture

__all__ = ["STAGES", "Written", "claim", "run"]

OnStage = Callable[[Text], None]

DRAWING = in_both("program.stage.drawing")
WEAVING = in_both("program.stage.weaving")
TABULATING = in_both("program.stage.tabulating")

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
    kept : tuple of str
        Files that somebody changed while they were replaced, under the name they have now.
    notes : int
        How many notes stand in the lists of the report.
    given_away : int
        How many hidden cells the data give away: named in the manifest alone.
    language : {"sv", "en"}
        The language of the outputs.
    """

    folder: Path
    paths: tuple[Path, ...]
    kept: tuple[str, ...]
    notes: int
    given_away: int
    language: Language

    def lines(self) -> list[str]:
        """Return what the command line says when it is done."""
        language = self.language
        files = {"files": len(self.paths), "folder": str(self.folder)}
        told = [say("program.written.files", language, files)]
        if self.notes:
            values = {"notes": self.notes, "manifest": MANIFEST}
            told.append(say("program.written.notes", language, values))
        if self.given_away:
            cells = {"cells": self.given_away, "manifest": MANIFEST}
            told.append(say("program.written.given_away", language, cells))
        if self.kept:
            told.append(say("program.written.kept", language, {"names": list(self.kept)}))
        report = {"report": str(self.folder / "report.html")}
        return [*told, say("program.written.open", language, report)]


def run(
    results: Results,
    view: View,
    folder: Path | Claim,
    *,
    inputs: Mapping[str, bytes] | None = None,
    on_stage: OnStage = lambda _name: None,
) -> Written:
    """Write maps, tables, report, GeoPackage and manifest into a folder.

    Parameters
    ----------
    results : Results
        What was measured.
    view : View
        What of it is shown, and in which words.
    folder : pathlib.Path or Claim
        New, empty, or an earlier run's; replaced whole, or left as it was. A `claim` holds it
        from before the work on.
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
    if isinstance(folder, Path):
        with claim(folder) as held:
            return run(results, view, held, inputs=inputs, on_stage=on_stage)
    drawn = _drawn(results, view, on_stage)
    results = replace(results, notes=(*results.notes, *drawn.notes))
    files = {**(inputs or {}), **drawn.files, **dict(_contents(results, view, drawn, on_stage))}
    writers: dict[str, bytes | Writer] = {**files, MANIFEST: manifest.content(results, view)}
    kept = folders.replace(folder, writers)
    return Written(
        folder=folder.named,
        paths=tuple(folder.named / name for name in writers),
        kept=kept,
        notes=_notes_told(results, view),
        given_away=sum(len(note.codes) for note in results.notes if note.kind == FOR_THE_OWNER),
        language=view.language,
    )


def _notes_told(results: Results, view: View) -> int:
    """Count the notes that stand in the lists of the report."""
    from grannskap.outputs import report

    return len(report.of_data(results, view)) + len(report.of_test(results, view))


@dataclass(frozen=True)
class _Drawn:
    """Maps and diagrams: as the report shows them, as files, and the maps that they are of."""

    printed: Sequence[Map]
    pictures: list[Picture]
    files: dict[str, bytes]
    signless: frozenset[str]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader of the pictures must be told."""
        if not self.signless:
            return ()
        letters = sorted(self.signless)
        values = {"letters": len(letters), "shown": " ".join(letters[:20])}
        return (Note("letters without a sign", values, tuple(f"U+{ord(a):04X}" for a in letters)),)


def _drawn(results: Results, view: View, on_stage: OnStage) -> _Drawn:
    from grannskap.maps import atlas, figure

    on_stage(DRAWING)
    printed, shapes = atlas.maps(results, view), figure.Shapes()
    pictures: list[Picture] = []
    files: dict[str, bytes] = {}
    signless: set[str] = set()

    def add(drawn: Figure, of: Style | Extra, page: str = "") -> None:
        picture, its_files = _rendered(drawn, of, view.language)
        pictures.append(replace(picture, page=page))
        files.update(its_files)
        signless.update(figure.signless(drawn))

    for which in printed:
        page = f"maps/map.html#m={which.style.name}"
        add(atlas.draw(results, view, which, shapes=shapes), which.style, page)
    for extra in atlas.extras(results, view):
        add(extra.figure, extra)
    return _Drawn(printed, pictures, files, frozenset(signless))


def _contents(
    results: Results, view: View, drawn: _Drawn, on_stage: OnStage
) -> Iterator[tuple[str, bytes | Writer]]:
    from grannskap.maps import atlas, webmap
    from grannskap.outputs import geopackage, report, tables, workbook

    on_stage(WEAVING)
    yield "maps/map.html", atlas.page(results, view).encode()
    for picture in drawn.pictures[: len(drawn.printed)]:
        framed = webmap.embed(
            "map.html",
            picture.name,
            title=picture.title,
            caption=picture.caption or picture.title,
            language=view.language,
        )
        yield f"maps/{picture.name}.embed.html", framed.encode()
    on_stage(TABULATING)
    for stem, table in tables.named(results, view).items():
        yield f"tables/{stem}.csv", tables.csv(table)
    by_column = atlas.styles_by_column(drawn.printed)
    yield "tables.xlsx", workbook.build(results, view, by_column)
    areas = _layer(results, view, drawn.printed)
    dry = None if results.dataset.shore is None else results.drawn.geometry
    aliases = {name: view.heading(str(name)) for name in areas.columns.drop("geometry")}
    yield (
        "areas.gpkg",
        lambda path: geopackage.write(path, areas, by_column, aliases=aliases, drawn=dry),
    )
    clusters = atlas.cluster_styles(results, view)
    page = report.build(results, view, drawn.pictures, cluster_styles=clusters)
    yield "report.html", page.encode()


def _layer(results: Results, view: View, printed: Sequence[Map]) -> gpd.GeoDataFrame:
    """The areas as QGIS shows them, with the class of each one's change."""
    classes = {which.values.name: which.values for which in printed if which.style.name == "change"}
    areas = results.areas.assign(**{str(name): one for name, one in classes.items()})
    areas.insert(areas.columns.tolist().index("complete"), "in_view", view.mask(areas.index))
    return areas


def _rendered(
    drawn: Figure, of: Style | Extra, language: Language
) -> tuple[Picture, list[tuple[str, bytes]]]:
    """Render one picture in every format, with its alternative text, and for the report."""
    from grannskap.maps import figure
    from grannskap.outputs.report import Picture

    alt = str(drawn.get_label())
    rendered = figure.render_all(drawn, title=of.title, alt=alt, language=language)
    files = [(f"maps/{of.name}.{kind}", content) for kind, content in rendered.files.items()]
    picture = Picture(of.name, of.title, of.caption, alt, rendered.preview)
    return picture, [*files, (f"maps/{of.name}.txt", well_formed(f"{alt}\n").encode())]
