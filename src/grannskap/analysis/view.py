"""What is shown of results, and how: language, title, extent and the maps asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from grannskap import catalogue, deso
from grannskap.errors import DataError
from grannskap.language import Language, Text, definite, inside_sentence
from grannskap.project import MapOptions, ReportOptions
from grannskap.wording import say

if TYPE_CHECKING:
    import geopandas as gpd

    from grannskap.analysis.anatomy import Anatomy
    from grannskap.analysis.interventions import Interventions
    from grannskap.analysis.results import Results
    from grannskap.catalogue import Pole
    from grannskap.notes import Note
    from grannskap.project import Project, VariableMap

__all__ = ["OverlayLayer", "View"]

OverlayKind = Literal["outline", "dashed", "points", "lines"]

_FEWEST = 3


@dataclass(frozen=True)
class OverlayLayer:
    """Polygons, points or lines of another file, to be drawn over the areas.

    Attributes
    ----------
    label : str
        Its words in the legend.
    kind : {"outline", "dashed", "points", "lines"}
        How it is drawn.
    colour : str
        Hex colour.
    frame : geopandas.GeoDataFrame
        In EPSG:3006, with the column ``name``.
    """

    label: str
    kind: OverlayKind
    colour: str
    frame: gpd.GeoDataFrame


@dataclass(frozen=True)
class View:
    """What is shown of results, and in which words.

    Attributes
    ----------
    title, subtitle : str
        Of the report and under the title of every map.
    language : {"sv", "en"}
        Of every text.
    scope : str or tuple of str
        What is shown: a scope of `grannskap.deso.in_scope`, such as ``"0380"``.
    clusters_scope : str or tuple of str, optional
        What the map of clusters shows, where it is something else.
    map : MapOptions
        Page, extent, inset, further pictures.
    maps : tuple of VariableMap
        Further variables to map.
    labels : mapping of str to str
        The user's own words for columns.
    low_label, high_label : str, optional
        The user's own words for the two poles.
    balance_edges : tuple of float, optional
        Class edges of the balance.
    balance_colours : tuple of str
        Colours of its classes.
    overlays : tuple of OverlayLayer
        What is drawn over the areas.
    place_names : geopandas.GeoDataFrame, optional
        Names of places to write on the maps.
    level : {"deso", "regso"}
        What the areas are called in tables.
    report : ReportOptions
        Documents that are written beside the page.
    template : bytes, optional
        The Word file whose styles the Word report takes.
    interventions : Interventions, optional
        What is done where, by a list of the user's.

    Examples
    --------
    >>> View(title="Uppsala 2022", scope="0380").language
    'sv'
    """

    title: str = ""
    subtitle: str = ""
    language: Language = "sv"
    scope: str | tuple[str, ...] = "country"
    clusters_scope: str | tuple[str, ...] | None = None
    map: MapOptions = field(default_factory=MapOptions)
    maps: tuple[VariableMap, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    low_label: str | None = None
    high_label: str | None = None
    balance_edges: tuple[float, ...] | None = None
    balance_colours: tuple[str, ...] = ()
    overlays: tuple[OverlayLayer, ...] = ()
    place_names: gpd.GeoDataFrame | None = None
    level: deso.Level = "deso"
    report: ReportOptions = field(default_factory=ReportOptions)
    template: bytes | None = None
    interventions: Interventions | None = None

    @classmethod
    def of(
        cls,
        project: Project,
        *,
        overlays: tuple[OverlayLayer, ...] = (),
        place_names: gpd.GeoDataFrame | None = None,
        template: bytes | None = None,
    ) -> View:
        """Return what a project file asks to be shown."""
        options, tests = project.balance, project.autocorrelation
        return cls(
            title=project.title,
            subtitle=project.subtitle,
            language=project.language,
            scope=_frozen(project.view),
            clusters_scope=None if tests.view is None else _frozen(tests.view),
            map=project.map,
            maps=tuple(project.maps),
            labels=dict(project.labels),
            low_label=options.low_label,
            high_label=options.high_label,
            balance_edges=None if options.edges is None else tuple(options.edges),
            balance_colours=tuple(options.colours),
            overlays=overlays,
            place_names=place_names,
            level=project.level,
            report=project.report,
            template=template,
        )

    def mask(self, codes: pd.Index[Any]) -> npt.NDArray[np.bool_]:
        """Tell which areas are shown.

        Raises
        ------
        CodeError
            When the scope holds none.
        DataError
            When it holds fewer than three.
        """
        inside = deso.in_scope(codes, self.scope if isinstance(self.scope, str) else [*self.scope])
        if inside.sum() < _FEWEST:
            raise DataError(
                "view too small",
                {"least": _FEWEST, "held": int(inside.sum()), "view": repr(self.scope)},
            )
        return inside

    def shown(self, results: Results) -> gpd.GeoDataFrame:
        """Return the areas that are shown: not to be changed, as they may be the results' own."""
        inside = self.mask(results.areas.index)
        return results.areas if inside.all() else results.areas[inside]

    def drawn(self, results: Results) -> gpd.GeoDataFrame:
        """Return the areas that are shown, as they are drawn: not to be changed."""
        inside = self.mask(results.areas.index)
        return results.drawn if inside.all() else results.drawn[inside]

    def whole(self, results: Results) -> tuple[str, str]:
        """Return level and place of all that is shown together."""
        return results.place_of(self.shown(results).index)

    def whole_name(self, results: Results) -> str:
        """Return what all that is shown is called."""
        level, place = self.whole(results)
        if level == "scope":
            return say("headline.everything_shown", self.language)
        return str(results.places.loc[(level, place), "name"])

    def anatomy(self, results: Results) -> Anatomy | None:
        """Return the segregation taken apart, where it is of what is shown; else None."""
        anatomy = results.anatomy
        here = frozenset(self.shown(results).index) == anatomy.codes
        return anatomy if here and len(anatomy.areas) else None

    def places(self, results: Results) -> dict[str, tuple[str, str]]:
        """Return what tables tell of by name: the whole, municipalities, neighbourhoods."""
        shown = self.shown(results)
        found = {self.whole_name(results): self.whole(results)}
        whole = shown[shown["complete"].to_numpy()]
        named = whole.groupby("municipality_name", sort=True)["municipality"].first()
        for name, code in named.items():
            found.setdefault(str(name), ("municipality", str(code)))
        for place in results.dataset.neighbourhoods:
            found[place.name] = ("neighbourhood", place.name)
        return found

    def frames(self) -> list[gpd.GeoDataFrame]:
        """Return what is drawn beside the areas: overlays, then the names of places."""
        drawn = [one.frame for one in self.overlays]
        return drawn if self.place_names is None else [*drawn, self.place_names]

    def called(self, name: str) -> str:
        """Return what a count, amount, share or measure is called: by the user, or by us."""
        return self.labels.get(name) or self.heading(name)

    def renames(self, name: str, pole: Pole | None = None) -> bool:
        """Tell whether the user has words of his own for a column, as a pole or otherwise."""
        own = {"low": self.low_label, "high": self.high_label, None: None}[pole]
        return bool(own) or name in self.labels

    def heading(self, name: str) -> str:
        """Return what stands above a column, also above one that tells of another."""
        own = self._own(name)
        if own:
            return own(self.language)
        name = "regso" if name == "deso" and self.level == "regso" else name
        inner = catalogue.tells_of(name)
        return catalogue.heading(name, self._own(inner) if inner else None)(self.language)

    def _own(self, name: str) -> Text | None:
        """Return the user's words for a column."""
        return Text(self.labels[name], self.labels[name]) if name in self.labels else None

    def pole(self, results: Results, which: Pole) -> str:
        """Return the words for the low or the high category of the balance."""
        asked = results.options.balance
        own, name = (self.low_label, asked.low) if which == "low" else (self.high_label, asked.high)
        return own or self.called(name)

    def poles(self, results: Results) -> tuple[str, str]:
        """Return both as they stand inside a sentence, the low one first."""
        return (
            inside_sentence(self.pole(results, "low")),
            inside_sentence(self.pole(results, "high")),
        )

    def pole_shares(self, results: Results) -> dict[str, str]:
        """Return the share of each pole inside a sentence, bare and with its article.

        "andel med låg köpkraft" and "andelen med låg köpkraft", for placeholders of sentences.
        """
        asked, found = results.options.balance, {}
        poles: tuple[tuple[Pole, str], ...] = (("low", asked.low), ("high", asked.high))
        for pole, name in poles:
            bare = self._share_of(results, pole, name)
            found[f"{pole}_share"] = bare
            found[f"the_{pole}_share"] = definite(bare, self.language)
        return found

    def _share_of(self, results: Results, pole: Pole, name: str) -> str:
        known = (one.name for one in catalogue.SHARES.values() if one.part == name)
        share = next(known, None)
        if share is None or self.renames(name, pole):
            words = {"pole": inside_sentence(self.pole(results, pole))}
            return say("maps.share_of", self.language, words)
        return inside_sentence(self.called(share))

    def area_names(self, results: Results) -> dict[str, str]:
        """Return the name of each area by its code: its RegSO's, else its neighbourhood's."""
        named = results.dataset.neighbourhoods
        names = {code: place.name for place in reversed(named) for code in place.codes}
        if "regso_name" in results.areas.columns:
            given = results.areas["regso_name"].dropna().astype(str)
            names |= {str(code): name for code, name in given.items() if name.strip()}
        return names

    def tell(self, note: Note) -> str:
        """Return the sentence of a note, with columns as they are called here."""
        return note.told(self.language, self.called)

    def concerned(self, code: str, names: Mapping[str, str]) -> str:
        """Return what a note concerns: an area by code and name, a column by its words."""
        if code in names:
            return f"{code} ({names[code]})"
        known = (catalogue.COUNTS, catalogue.AMOUNTS, catalogue.SHARES, self.labels)
        return inside_sentence(self.called(code)) if any(code in one for one in known) else code

    def index(self, results: Results) -> pd.DataFrame:
        """Return the segregation index of each municipality shown."""
        shown = self.shown(results)
        codes = set(shown["municipality"][shown["complete"].to_numpy()])
        chosen: pd.DataFrame = results.index[results.index.index.isin(codes)]
        return chosen


def _frozen(scope: str | list[str]) -> str | tuple[str, ...]:
    return scope if isinstance(scope, str) else tuple(scope)
