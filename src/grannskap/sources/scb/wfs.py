"""WFS: shapes of SCB's map service in pages, counted against what the service says there are."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from grannskap.errors import InputFileError
from grannskap.sources import guard
from grannskap.sources.scb.layers import Layer
from grannskap.sources.scb.records import Record
from grannskap.sources.scb.store import Kept, Store
from grannskap.sources.scb.web import RefusalError, Web

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["ADDRESS", "BASE", "Maps", "Shapes", "map_address"]

ADDRESS = "GRANNSKAP_WFS_URL"
"""The environment variable that moves the map service."""

BASE = "https://geodata.scb.se/geoserver/stat/wfs"

_TRIES = 3
_CRS = "EPSG:3006"
_MATCHED = re.compile(rb'numberMatched="(\d+)"')

OnPage = Callable[[int, int], None]
Json = dict[str, Any]


def map_address(told: str | None = None) -> str:
    """Return the address of the map service: as told, as the environment says, or the usual."""
    return (told or os.environ.get(ADDRESS) or BASE).rstrip("/?")


@dataclass(frozen=True)
class Shapes:
    """Shapes of one layer, and the answers that they came in."""

    frame: gpd.GeoDataFrame
    records: tuple[Record, ...]


@dataclass
class Maps:
    """SCB's map service, over the web or from what is kept.

    Attributes
    ----------
    web : Web
        How it is asked.
    store : Store
        Where answers are kept.
    base : str
        Its address.
    offline : bool
        Whether nothing is asked.
    """

    web: Web
    store: Store
    base: str = field(default_factory=map_address)
    offline: bool = False

    def read(
        self,
        layer: Layer,
        *,
        within: Sequence[str],
        box: Sequence[float] | None = None,
        on_page: OnPage = lambda _done, _all: None,
    ) -> Shapes:
        """Read the shapes of a layer, all of them.

        Parameters
        ----------
        layer : Layer
            Which.
        within : sequence of str
            Codes of counties and municipalities; the country where empty.
        box : sequence of float, optional
            West, south, east and north in EPSG:3006, for a layer that is chosen so.
        on_page : callable
            Given how many shapes have come, and how many there are.

        Returns
        -------
        Shapes
            In EPSG:3006, sorted by the layer's key.

        Raises
        ------
        InputFileError
            When the service does not answer, refuses, or gives other shapes than it counts.
        """
        chosen = layer.filter(within, box)
        if chosen is None:
            raise InputFileError("layer without a box", {"layer": layer.name})
        total = self._count(layer, chosen)
        if total == 0:
            raise InputFileError("layer is empty", {"layer": layer.name})
        self._forget_former(layer, chosen, total)
        found: dict[str, tuple[Json, BaseGeometry]] = {}
        records = []
        for start in range(0, total, layer.page):
            size = min(layer.page, total - start)
            kept, features = self._page(layer, chosen, start, size, total)
            found |= _shapes(layer, features)  # a page at a time: as text they are large
            records.append(_record(kept, layer, chosen))
            on_page(min(start + size, total), total)
        if len(found) != total:
            values = {"layer": layer.name, "counted": total, "came": len(found)}
            raise InputFileError("shapes are missing", values)
        return Shapes(_frame(layer, found), tuple(records))

    def names(self) -> set[str]:
        """Return the names of all layers that the service gives."""
        url = f"{self.base}?{urlencode({'service': 'WFS', 'request': 'GetCapabilities'})}"
        content = self.web.ask(url, check=_whole_xml).decode("utf-8", "replace")
        return set(re.findall(r"<(?:\w+:)?Name>\s*([\w:]+)\s*</(?:\w+:)?Name>", content))

    def _count(self, layer: Layer, chosen: Mapping[str, str]) -> int:
        url = self._url(layer, chosen, {"resultType": "hits"})
        if self.offline:
            kept = self.store.find(layer.name, url)
            content = None if kept is None else kept.content()
            if content is None:
                raise InputFileError("nothing kept", {"name": layer.name})
        else:
            content = self._asked(url, check=_counted)
            self._keep(layer, url, content)
        return int(_matched(content))

    def _forget_former(self, layer: Layer, chosen: Mapping[str, str], total: int) -> None:
        """Forget what is kept of a layer where the service has another version of it now.

        Boundaries have no date of update, but their version stands at each of them.
        """
        kept = next(
            (one for one in self.store.all_of(layer.name) if one.record.get("version")), None
        )
        told = chosen.get("CQL_FILTER")
        if kept is None or self.offline or "version" not in layer.attributes:
            return
        same = f"version = '{kept.record['version']}'"
        both = {**chosen, "CQL_FILTER": f"({told}) AND {same}" if told else same}
        if self._count(layer, both) != total:
            self.store.clear(layer.name)

    def _page(
        self, layer: Layer, chosen: Mapping[str, str], start: int, size: int, total: int
    ) -> tuple[Kept, list[Json]]:
        """Return one page of so many shapes, from what is kept if it was cut of the same whole."""
        more = {
            "outputFormat": "application/json",
            "srsName": _CRS,
            "sortBy": layer.key,
            "count": str(layer.page),
            "startIndex": str(start),
        }
        url = self._url(layer, chosen, more)
        kept = self.store.find(layer.name, f"{url} of {total}")
        content = None if kept is None else kept.content()
        if kept is not None and content is not None:
            return kept, _features(content)
        if self.offline:
            raise InputFileError("nothing kept", {"name": layer.name})
        for _ in range(_TRIES):
            content = self._asked(url, check=_whole_features)
            features = _features(content)
            if len(features) == size:
                version = str((features[0].get("properties") or {}).get("version") or "")
                key = f"{url} of {total}"
                return self._keep(layer, key, content, url=url, version=version), features
        values = {"layer": layer.name, "counted": size, "came": len(features)}
        raise InputFileError("shapes are missing", values)

    def _url(self, layer: Layer, chosen: Mapping[str, str], more: Mapping[str, str]) -> str:
        asked = {
            "service": "WFS",
            "version": "2.0.0",
            "request": "GetFeature",
            "typeNames": layer.name,
            **more,
            **chosen,
        }
        return f"{self.base}?{urlencode(asked)}"

    def _asked(self, url: str, *, check: Callable[[bytes], None]) -> bytes:
        try:
            return self.web.ask(url, check=check)
        except RefusalError as error:
            values = {"url": self.base, "status": str(error.status), "why": error.why}
            raise InputFileError("service refuses", values) from None

    def _keep(
        self, layer: Layer, key: str, content: bytes, *, url: str = "", version: str = ""
    ) -> Kept:
        record = {"url": url or key, "version": version, "fetched": self._now()}
        return self.store.keep(layer.name, key, content, record)

    def _now(self) -> str:
        return self.web.clock.date().isoformat(timespec="seconds")


def _matched(content: bytes) -> bytes:
    found = _MATCHED.search(content)
    if found is None:
        raise ValueError("no count in the answer")
    return found[1]


def _counted(content: bytes) -> None:
    _matched(content)


def _whole_xml(content: bytes) -> None:
    if not content.rstrip().endswith(b">"):
        raise ValueError("XML that is not whole")


def _whole_features(content: bytes) -> None:
    _features(content)


def _features(content: bytes) -> list[Json]:
    told = json.loads(content)
    features = told.get("features") if isinstance(told, dict) else None
    if features is None:
        raise ValueError("no features in the answer")
    return [one for one in features if isinstance(one, dict)]


def _shapes(layer: Layer, features: Sequence[Json]) -> dict[str, tuple[Json, BaseGeometry]]:
    """Return the attributes and the shape of each feature by its key, without heights."""
    import shapely

    with guard.reading(layer.name, form="GeoJSON"):
        texts = [json.dumps(one.get("geometry")) for one in features]
        shapes = shapely.force_2d(shapely.from_geojson(texts))
    held = [one.get("properties") or {} for one in features]
    return {
        str(one.get(layer.key)): ({name: one.get(name) for name in layer.attributes}, shape)
        for one, shape in zip(held, shapes, strict=True)
    }


def _frame(layer: Layer, found: Mapping[str, tuple[Json, BaseGeometry]]) -> gpd.GeoDataFrame:
    """Return the shapes by key, with those attributes that any of them has."""
    import geopandas as gpd

    keys = sorted(found)
    held = [found[key][0] for key in keys]
    there = [name for name in layer.attributes if any(one[name] is not None for one in held)]
    data = {name: [one[name] for one in held] for name in there}
    return gpd.GeoDataFrame(data, geometry=[found[key][1] for key in keys], crs=_CRS)


def _record(kept: Kept, layer: Layer, chosen: Mapping[str, str]) -> Record:
    told = kept.record
    return Record(
        source="SCB",
        name=layer.name.removeprefix("stat:"),
        label=layer.title.sv,
        url=str(told["url"]).split("?")[0],
        query={"typeNames": layer.name, **chosen},
        sha256=str(told["sha256"]),
        updated=str(told.get("version", "")),
        notes=(),
        fetched=str(told["fetched"]),
    )
