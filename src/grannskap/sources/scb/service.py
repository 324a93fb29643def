"""The service: SCB's PxWebApi 2, its limits and tables, with every answer kept."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from grannskap.errors import InputFileError
from grannskap.sources import guard, jsonstat
from grannskap.sources.scb import resolving
from grannskap.sources.scb.records import Record, without_contacts
from grannskap.sources.scb.resolving import Metadata
from grannskap.sources.scb.store import Kept, Store
from grannskap.sources.scb.tables import TIME, Series
from grannskap.sources.scb.web import RefusalError, Web

__all__ = ["ADDRESS", "BASE", "Limits", "Piece", "Service", "base_address"]

ADDRESS = "GRANNSKAP_SCB_URL"
"""The environment variable that moves the service."""

BASE = "https://statistikdatabasen.scb.se/api/v2"

_LONGEST = 2000
"""Letters of an address; the service answers 404 to those beyond some 2,100."""

_MOST_CELLS = 150_000
_LEAST_PACE = 1.0
_FORMAT = "json-stat2"
_SWEDISH, _ENGLISH = "sv", "en"

Selection = Mapping[str, Sequence[str]]


def base_address(told: str | None = None) -> str:
    """Return the address of the service: as told, as the environment says, or the usual one."""
    return (told or os.environ.get(ADDRESS) or BASE).rstrip("/")


@dataclass(frozen=True)
class Limits:
    """What the service allows.

    Attributes
    ----------
    cells : int
        Cells of one answer.
    pace : float
        Seconds from one call to the next: what it allows, and at least about one.
    """

    cells: int
    pace: float


@dataclass(frozen=True)
class Piece:
    """Some of a table's cells, as they came, with where they came from."""

    cube: jsonstat.Cube
    record: Record


@dataclass
class Service:
    """SCB's tables, over the web or from what is kept.

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
    base: str = field(default_factory=base_address)
    offline: bool = False
    _tables: dict[str, Metadata] = field(default_factory=dict)
    _limits: Limits | None = None

    def limits(self) -> Limits:
        """Return what the service allows, asked once; the web keeps to it from then on."""
        if self._limits is None:
            told = json.loads(self._fresh("config", f"{self.base}/config"))
            calls = _number(told, "maxCallsPerTimeWindow", 1)
            pace = max(_LEAST_PACE, _number(told, "timeWindow", 1) / calls)
            cells = _number(told, "maxDataCells", _MOST_CELLS)
            self._limits = Limits(min(cells, _MOST_CELLS), pace)
            self.web.pace = pace
        return self._limits

    def table(self, series: Series) -> Metadata:
        """Return what the table of a series holds; asked anew only where it was updated.

        Raises
        ------
        InputFileError
            When there is no such table: the error names those that are like it.
        """
        self.limits()
        if series.table not in self._tables:
            updated = self._updated(series)
            self._tables[series.table] = self._metadata(series.table, updated, _SWEDISH)
        return self._tables[series.table]

    def english(self, table: Metadata) -> Metadata:
        """Return what a table holds in English, for labels that are known so alone."""
        return self._metadata(table.table, table.updated, _ENGLISH)

    def contents(self, series: Series) -> dict[str, str]:
        """Return the contents code of each column of a series.

        Raises
        ------
        InputFileError
            When a number is neither there by its label nor by its code.
        """
        table = self.table(series)
        found = {}
        for cells in series.cells:
            try:
                found[cells.name] = resolving.contents_code(table, cells.contents)
            except InputFileError:
                english = self.english(table)
                code = resolving.contents_code(table, cells.contents, english=english)
                found[cells.name] = code
        return found

    def kept_years(self, table: Metadata, selection: Selection) -> list[list[str]]:
        """Return the years of each kept answer to a selection but for its years, most first."""
        rest = {name: list(codes) for name, codes in selection.items() if name != TIME}
        found = []
        for kept in self.store.all_of(table.table):
            asked = dict(kept.record.get("query") or {})
            years = asked.pop(TIME, None)
            same = kept.record.get("updated") == table.updated and asked == rest
            if years and same and str(kept.record.get("url")).startswith(f"{self.base}/"):
                found.append([str(year) for year in years])
        return sorted(found, key=len, reverse=True)

    def forget(self, series: Series) -> None:
        """Ask anew what a table holds: it was updated meanwhile."""
        self._tables.pop(series.table, None)

    def data(self, table: Metadata, selection: Selection) -> Piece:
        """Return the cells of a table that a selection names, whole.

        Parameters
        ----------
        table : Metadata
            As `table` returns it.
        selection : mapping of str to sequence of str
            By dimension, the categories.

        Raises
        ------
        InputFileError
            When the service refuses, or an answer lacks what was asked for.
        """
        url, body = self._query(table.table, selection)
        key = json.dumps([self.base, table.updated, *selection.items()], ensure_ascii=False)
        kept = self.store.find(table.table, key)
        content = None if kept is None else kept.content()
        if kept is None or content is None:
            kept, content = self._fetched(table, selection, key, url, body)
        cube = _cube(content, table.table)
        _refuse_lacking(cube, selection, table.table)
        return Piece(cube, _record(kept, cube, selection))

    def _fetched(
        self,
        table: Metadata,
        selection: Selection,
        key: str,
        url: str,
        body: Mapping[str, Any] | None,
    ) -> tuple[Kept, bytes]:
        if self.offline:
            raise InputFileError("nothing kept", {"name": table.table})
        content = self._asked(url, body)
        record = {
            "url": url,
            "query": {name: list(codes) for name, codes in selection.items()},
            "posted": body is not None,
            "updated": table.updated,
            "fetched": self._now(),
        }
        _cube(content, table.table)  # nothing is kept that cannot be read
        return self.store.keep(table.table, key, content, record), content

    def _query(self, table: str, selection: Selection) -> tuple[str, dict[str, Any] | None]:
        """Return the address of a query, with a body to post where it would be too long."""
        address = f"{self.base}/tables/{table}/data?lang={_SWEDISH}&outputFormat={_FORMAT}"
        codes = "".join(
            f"&valueCodes[{quote(name)}]={','.join(quote(code, safe='') for code in values)}"
            for name, values in selection.items()
        )
        if len(address) + len(codes) <= _LONGEST:
            return address + codes, None
        chosen = [
            {"variableCode": name, "valueCodes": list(values)} for name, values in selection.items()
        ]
        return address, {"selection": chosen}

    def _updated(self, series: Series) -> str:
        """Return when a table was last published; offline, the last time that is kept."""
        if self.offline:
            dates = [kept.record.get("updated") for kept in self.store.all_of(series.table)]
            if not any(dates):
                raise InputFileError("nothing kept", {"name": series.table})
            return max(str(date) for date in dates if date)
        url = f"{self.base}/tables/{series.table}?lang={_SWEDISH}"
        try:
            told = json.loads(self.web.ask(url))
        except RefusalError as error:
            if error.status not in (400, 404, 410):
                raise self._refusal(error) from None
            raise resolving.moved(series, self._alike(series)) from None
        return str(told.get("updated") or "")

    def _alike(self, series: Series) -> list[tuple[str, str]]:
        """Return the id and label of tables that a search for a title finds."""
        words = urlencode({"lang": _SWEDISH, "query": series.title.sv, "pageSize": 50})
        try:
            told = json.loads(self.web.ask(f"{self.base}/tables?{words}"))
        except RefusalError:
            return []
        tables = told.get("tables") or []
        return [(str(one.get("id")), str(one.get("label"))) for one in tables]

    def _metadata(self, table: str, updated: str, language: str) -> Metadata:
        key = f"{self.base} metadata {language} {updated}"
        kept = self.store.find(table, key)
        content = None if kept is None else kept.content()
        if content is None:
            if self.offline:
                raise InputFileError("nothing kept", {"name": table})
            url = f"{self.base}/tables/{table}/metadata?lang={language}&outputFormat={_FORMAT}"
            content = self._asked(url)
            record = {"url": url, "updated": updated, "fetched": self._now()}
            self.store.keep(table, key, content, record)
        with guard.reading(table, form="JSON"):
            read = resolving.metadata(json.loads(content), table=table)
        return read if read.updated == updated or not updated else _dated(read, updated)

    def _fresh(self, name: str, url: str) -> bytes:
        """Return an answer that changes: asked each time, and kept for when there is no network."""
        if self.offline:
            kept = self.store.find(name, url)
            return (kept.content() if kept is not None else None) or b"{}"
        content = self._asked(url)
        self.store.keep(name, url, content, {"url": url, "fetched": self._now()})
        return content

    def _asked(self, url: str, body: Mapping[str, Any] | None = None) -> bytes:
        try:
            return self.web.ask(url, body=body)
        except RefusalError as error:
            raise self._refusal(error) from None

    def _refusal(self, error: RefusalError) -> InputFileError:
        return InputFileError(
            "service refuses", {"url": self.base, "status": str(error.status), "why": error.why}
        )

    def _now(self) -> str:
        return self.web.clock.date().isoformat(timespec="seconds")


def _number(told: object, name: str, usual: int) -> int:
    """Return a limit that the service tells; the usual one where it tells none."""
    value = told.get(name) if isinstance(told, dict) else None
    return int(value) if isinstance(value, int | float) and value >= 1 else usual


def _dated(table: Metadata, updated: str) -> Metadata:
    return Metadata(table.table, table.label, updated, table.codes, table.labels, table.free)


def _cube(content: bytes, table: str) -> jsonstat.Cube:
    with guard.reading(table, form="JSON-stat 2"):
        return jsonstat.read(content, name=table)


def _refuse_lacking(cube: jsonstat.Cube, selection: Selection, table: str) -> None:
    """Refuse an answer that holds less than was asked for: some faults leave categories out."""
    held = dict(zip(cube.ids, map(set, cube.codes), strict=True))
    lacking = [
        code
        for name, codes in selection.items()
        for code in codes
        if code not in held.get(name, ())
    ]
    if lacking:
        values = {"table": table, "number": len(lacking), "codes": lacking}
        raise InputFileError("answer lacks", values)


def _record(kept: Kept, cube: jsonstat.Cube, selection: Selection) -> Record:
    told = kept.record
    return Record(
        source=cube.source or "SCB",
        name=str(told["name"]),
        label=cube.label,
        url=str(told["url"]).split("?")[0],
        query={name: list(codes) for name, codes in selection.items()},
        sha256=str(told["sha256"]),
        updated=cube.updated or str(told.get("updated", "")),
        notes=without_contacts(cube.notes),
        fetched=str(told["fetched"]),
    )
