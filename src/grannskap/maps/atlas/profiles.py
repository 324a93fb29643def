"""Pictures of one named neighbourhood: its map with what is about it, and its curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grannskap.analysis import borders, headline
from grannskap.maps.atlas import words, yearly
from grannskap.maps.atlas.printed import balance_map
from grannskap.wording import say

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from grannskap.analysis import Results, View
    from grannskap.dataset import Neighbourhood
    from grannskap.maps.atlas.model import Map
    from grannskap.maps.figure import Vignettes

__all__ = ["Near", "Pictured"]


@dataclass(frozen=True)
class Pictured:
    """A picture of a neighbourhood, as PNG.

    Attributes
    ----------
    title, caption, alt : str
        Its heading, the line under it, and what it tells those who cannot see it.
    png : bytes
        The picture.
    """

    title: str
    caption: str
    alt: str
    png: bytes


_DOTS = 140
"""Dots per inch: of pictures that a page shows small."""


@dataclass(frozen=True, eq=False)
class Near:
    """The maps of all neighbourhoods of a town, which share its outlines and classes."""

    results: Results
    view: View

    @cached_property
    def _map(self) -> Map:
        return balance_map(self.results, self.view)

    @cached_property
    def _vignettes(self) -> Vignettes:
        from grannskap.maps import figure

        which, shown = self._map, self.view.drawn(self.results)
        return figure.Vignettes.of(
            shown.geometry,
            which.values,
            which.style,
            status=which.status,
            lower=which.lower,
            upper=which.upper,
            land=words.land(self.results),
        )

    @cached_property
    def _whole(self) -> str:
        return self.view.whole_name(self.results)

    @cached_property
    def _poles(self) -> headline.Poles:
        return headline.poles(self.results, self.view)

    @cached_property
    def _low(self) -> str:
        return self.view.poles(self.results)[0]

    @cached_property
    def _balances(self) -> pd.Series[Any]:
        balances: pd.Series[Any] = self.results.at("balance", "area")["estimate"]
        return balances

    @cached_property
    def _sharp(self) -> gpd.GeoDataFrame | None:
        return borders.sharp(self.results, self.view)

    def map(self, place: Neighbourhood) -> Pictured:
        """Draw a neighbourhood with what is about it, the frontiers on its border thick."""
        lines, codes = self._sharp, set(place.codes)
        around = (
            []
            if lines is None
            else lines.geometry[lines["first"].isin(codes) ^ lines["second"].isin(codes)]
        )
        drawn = self._vignettes.draw(words.on_land(self.results, place), [*around])
        language = self.view.language
        told = {"name": place.name, "whole": self._whole, "low": self._low}
        key = "maps.profiles.map_caption" if len(around) else "maps.profiles.map_plain"
        caption = f"{say(key, language, told)}. {self._map.style.source}"
        return _pictured(drawn, say("maps.profiles.map", language, told), caption, self._alt(place))

    def _alt(self, place: Neighbourhood) -> str:
        poles, table = self._poles, self._balances.reindex(list(place.codes))
        values = {
            "name": place.name,
            "areas": len(place.codes),
            "low": poles.low,
            "than": poles.than,
            "low_areas": int((table > 1).sum()),
            "high_areas": int((table < 1).sum()),
        }
        return say("maps.profiles.map_alt", self.view.language, values)

    def curve(self, place: Neighbourhood) -> Pictured | None:
        """Draw its balance over the years beside the town's; None where they cannot be drawn."""
        extra = yearly.curve(self.results, self.view, place.name)
        if extra is None:
            return None
        return _pictured(extra.figure, extra.title, extra.caption, str(extra.figure.get_label()))


def _pictured(drawn: Figure, title: str, caption: str, alt: str) -> Pictured:
    from grannskap.maps import figure

    png = figure.render(drawn, "png", title=title, alt=alt, dpi=_DOTS)
    return Pictured(title, caption, alt, png)
