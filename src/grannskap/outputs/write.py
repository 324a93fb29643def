"""Everything that a run leaves behind, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grannskap.language import Text
from grannskap.letters import well_formed
from grannskap.notes import FOR_THE_OWNER, Note
from grannskap.outputs import acro, manifest, pictures, register
from grannskap.outputs import folder as folders
from grannskap.outputs.claim import told
from grannskap.outputs.folder import MANIFEST, Claim, Writer, claim
from grannskap.wording import in_both, say

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis import Results, View
    from grannskap.language import Language
    from grannskap.maps.atlas import Map
    from grannskap.outputs.beside import Painter
    from grannskap.outputs.geopackage import Lines
    from grannskap.outputs.pictures import Drawn
    from grannskap.outputs.report import Report

__all__ = ["STAGES", "Written", "claim", "run"]

OnStage = Callable[[Text], None]

DRAWING = in_both("program.stage.drawing")
WEAVING = in_both("program.stage.weaving")
TABULATING = in_both("program.stage.tabulating")

STAGES = (WEAVING, TABULATING, DRAWING)
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
    painter: Painter | None = None,
    stamp: str = "",
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
    painter : Painter, optional
        A process that draws meanwhile, which has the geometry; the files are the same.
    stamp : str
        A checksum of all that they are made from, for the manifest.
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
            return run(
                results,
                view,
                held,
                inputs=inputs,
                painter=painter,
                stamp=stamp,
                on_stage=on_stage,
            )
    from grannskap.maps import atlas

    asked = None if painter is None else painter.draw(results, view)
    printed = atlas.maps(results, view)
    page = dict(_page(results, view, printed, on_stage))
    tables = dict(_tables(results, view, printed, folder, on_stage))
    on_stage(DRAWING)
    drawn = (asked and asked.result()) or pictures.draw(results, view)
    text = _composed(results, view, drawn)
    lost = drawn.signless | _without_sign(text, view)
    if lost:  # seldom, and told in the workbook too
        results = replace(results, notes=(*results.notes, _boxes(lost)))
        tables |= _workbook(results, view, printed)
        text = _composed(results, view, drawn)
    with told(folder.named):
        report = _documents(text, view, drawn) | _profiles(results, view)
    files = {**(inputs or {}), **drawn.files, **page, **tables, **report}
    for_checkers = acro.record(results, files)
    if for_checkers is not None:
        files[acro.NAME] = for_checkers
    writers: dict[str, bytes | Writer] = {
        **files,
        MANIFEST: manifest.content(results, view, stamp=stamp),
    }
    return _written(results, view, folder, writers)


def _written(
    results: Results, view: View, held: Claim, writers: Mapping[str, bytes | Writer]
) -> Written:
    """Put the files into the folder, and tell what was written."""
    kept = folders.replace(held, writers)
    return Written(
        folder=held.named,
        paths=tuple(held.named / name for name in writers),
        kept=kept,
        notes=_notes_told(results, view),
        given_away=sum(len(note.codes) for note in results.notes if note.kind == FOR_THE_OWNER),
        language=view.language,
    )


def _notes_told(results: Results, view: View) -> int:
    """Count the notes that stand in the lists of the report."""
    from grannskap.outputs import report

    return len(report.of_data(results, view)) + len(report.of_test(results, view))


def _page(
    results: Results, view: View, printed: Sequence[Map], on_stage: OnStage
) -> Iterator[tuple[str, bytes]]:
    """Weave the interactive page, and what opens it at each map inside another page."""
    from grannskap.maps import atlas, webmap

    on_stage(WEAVING)
    yield "maps/map.html", atlas.page(results, view).encode()
    for style in (which.style for which in printed):
        framed = webmap.embed(
            "map.html",
            style.name,
            title=style.title,
            caption=style.caption or style.title,
            language=view.language,
        )
        yield f"maps/{style.name}.embed.html", framed.encode()


def _tables(
    results: Results, view: View, printed: Sequence[Map], held: Claim, on_stage: OnStage
) -> Iterator[tuple[str, bytes | Writer]]:
    """Write every table as text, the workbook, and the GeoPackage into the run's own folder."""
    from grannskap.maps import atlas
    from grannskap.outputs import geopackage, tables

    on_stage(TABULATING)
    for stem, table in tables.named(results, view).items():
        yield f"tables/{stem}.csv", tables.csv(table)
    counts = register.protected(results, view)
    if counts is not None:
        yield "register.csv", counts
    yield from _indicators(results, view).items()
    yield from _workbook(results, view, printed).items()
    of_years = tuple(atlas.of_years(results, view))
    areas = _layer(results, view, (*printed, *of_years))
    by_column = atlas.styles_by_column((*printed, *of_years))
    dry = None if results.dataset.shore is None else results.drawn.geometry
    aliases = {name: view.heading(str(name)) for name in areas.columns.drop("geometry")}
    made = held.work / "areas.gpkg"
    with told(held.named):
        geopackage.write(
            made,
            areas,
            by_column,
            aliases=aliases,
            drawn=dry,
            borders=_borders(results, view),
        )
    yield made.name, lambda path: _move(made, path)


def _borders(results: Results, view: View) -> Lines | None:
    """Return the borders as QGIS shows them."""
    from grannskap.outputs import frontiers, geopackage, qgis

    lines = frontiers.layer(results, view)
    if lines is None:
        return None
    aliases = {name: view.heading(str(name)) for name in lines.columns.drop("geometry")}
    style = qgis.line_qml(frontiers.strokes(view.language), aliases=aliases)
    return geopackage.Lines(lines, say("maps.frontiers_title", view.language), style)


def _move(made: Path, path: Path) -> None:
    made.replace(path)


def _workbook(results: Results, view: View, printed: Sequence[Map]) -> dict[str, bytes | Writer]:
    from grannskap.maps import atlas
    from grannskap.outputs import workbook

    return {"tables.xlsx": workbook.build(results, view, atlas.styles_by_column(printed))}


def _indicators(results: Results, view: View) -> dict[str, bytes | Writer]:
    """The report's tables of indicators, for those who write a report of their own."""
    from grannskap.outputs.report import indicators, texts

    held, language = indicators.indicators(results, view), view.language
    if not held:
        return {}
    return {
        "tables/indicators.md": well_formed(texts.markdown(held, language)).encode(),
        "tables/indicators.tex": well_formed(texts.latex(held, language)).encode(),
    }


def _composed(results: Results, view: View, drawn: Drawn) -> Report:
    from grannskap.maps import atlas
    from grannskap.outputs import report

    clusters = atlas.cluster_styles(results, view)
    return report.compose(results, view, drawn.pictures, cluster_styles=clusters)


def _without_sign(text: Report, view: View) -> frozenset[str]:
    from grannskap.outputs import report

    return report.without_sign(text, view.report.formats)


def _boxes(lost: frozenset[str]) -> Note:
    """What a reader must be told of letters that pictures and the PDF show as boxes."""
    letters = sorted(lost)
    values = {"letters": len(letters), "shown": " ".join(letters[:20])}
    codes = tuple(f"U+{ord(letter):04X}" for letter in letters)
    return Note("letters without a sign", values, codes)


def _documents(text: Report, view: View, drawn: Drawn) -> dict[str, bytes | Writer]:
    """Write the report in each form; pictures that it asks for are the printed ones."""
    from grannskap.outputs import report

    made = report.documents(text, view.report.formats, template=view.template)
    return {name: content for name, content in made.items() if name not in drawn.files}


def _profiles(results: Results, view: View) -> dict[str, bytes | Writer]:
    """A page for each named neighbourhood, and what else is asked of them."""
    from grannskap.outputs import report

    asked = report.profiles(results, view) if view.report.profiles else ()
    return report.profile_files(view, asked)


def _layer(results: Results, view: View, printed: Sequence[Map]) -> gpd.GeoDataFrame:
    """The areas as QGIS shows them, with the class of each one's change and of several years."""
    classes = {
        which.values.name: which.values
        for which in printed
        if which.style.name in ("change", "clusters-years", "over-years-low", "over-years-high")
    }
    areas = results.areas.assign(**{str(name): one for name, one in classes.items()})
    areas.insert(areas.columns.tolist().index("complete"), "in_view", view.mask(areas.index))
    return areas
