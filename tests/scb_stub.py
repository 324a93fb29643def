"""A stub of SCB's services on the loopback address: tables, boundaries, and faults on request."""

from __future__ import annotations

import email.utils
import json
import math
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_plus, urlsplit

import numpy as np
import shapely

from grannskap.sources.boundaries.names import municipalities
from grannskap.sources.scb.web import Clock

CONTACT = "Eva Exempel, SCB# +46 010-479 00 00#eva.exempel@scb.se"
LONGEST = 2100
START = datetime(2026, 7, 1, 12, tzinfo=UTC)


class Time:
    """Hours that pass when somebody waits, and not otherwise."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.waits: list[float] = []

    def clock(self) -> Clock:
        return Clock(now=lambda: self.passed, sleep=self.sleep, date=self.date)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.passed += seconds

    def date(self) -> datetime:
        return START + timedelta(seconds=self.passed)


@dataclass
class Table:
    """A table: its dimensions, and every cell of it."""

    id: str
    label: str
    dimensions: dict[str, dict[str, str]]
    values: np.ndarray
    hidden: np.ndarray | None = None
    updated: str = "2026-01-20T07:00:00Z"
    notes: tuple[str, ...] = ()
    free: tuple[str, ...] = ("Kon", "Alder")
    sparse: bool = False

    def metadata(self) -> bytes:
        held = self.__dict__.setdefault("_described_as", {})
        if self.updated not in held:
            whole = self._described({name: list(codes) for name, codes in self.dimensions.items()})
            held[self.updated] = json.dumps({**whole, "value": []}).encode()
        return held[self.updated]

    def answer(self, chosen: Mapping[str, Sequence[str]]) -> dict | None:
        """What is asked for in the table's own order; None where something is not there."""
        picked = {}
        for name, codes in self.dimensions.items():
            asked = set(chosen.get(name, ()))
            if not asked <= set(codes):
                return None
            if not asked and name in self.free:
                asked = {"tot", "totalt", "1+2"} & set(codes)
            if not asked:
                return None
            picked[name] = [code for code in codes if code in asked]
        at = np.ix_(
            *(
                [list(codes).index(code) for code in picked[name]]
                if len(codes) < 50
                else self._places(name, picked[name])
                for name, codes in self.dimensions.items()
            )
        )
        values = self.values[at].ravel()
        hidden = np.zeros(len(values), bool) if self.hidden is None else self.hidden[at].ravel()
        found = self._described(picked)
        written = [
            None if mark else int(value) if value == int(value) else round(float(value), 1)
            for value, mark in zip(values.tolist(), hidden.tolist(), strict=True)
        ]
        if self.sparse:
            found["value"] = {str(k): value for k, value in enumerate(written) if value is not None}
        else:
            found["value"] = written
        if hidden.any():
            found["status"] = {str(k): ".." for k in np.flatnonzero(hidden)}
        return found

    def cells(self, chosen: Mapping[str, Sequence[str]]) -> int:
        return math.prod(len(set(codes)) for codes in chosen.values())

    def _places(self, name: str, codes: Sequence[str]) -> list[int]:
        held = self.__dict__.setdefault("_held", {})
        if name not in held:
            held[name] = {code: place for place, code in enumerate(self.dimensions[name])}
        return [held[name][code] for code in codes]

    def _described(self, picked: Mapping[str, Sequence[str]]) -> dict:
        return {
            "version": "2.0",
            "class": "dataset",
            "label": self.label,
            "source": "SCB",
            "updated": self.updated,
            "note": list(self.notes),
            "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
            "id": list(picked),
            "size": [len(codes) for codes in picked.values()],
            "dimension": {
                name: {
                    "label": name.lower(),
                    "category": {
                        "index": {code: place for place, code in enumerate(codes)},
                        "label": {code: self.dimensions[name][code] for code in codes},
                    },
                    "extension": {"elimination": name in self.free},
                }
                for name, codes in picked.items()
            },
            "extension": {
                "px": {"tableid": self.id, "language": "sv"},
                "contact": [{"name": "Eva Exempel", "mail": "eva.exempel@scb.se", "raw": CONTACT}],
            },
        }


@dataclass
class Call:
    """One call that was made."""

    method: str
    path: str
    at: float
    chosen: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Stub:
    """What the services hold, what was asked, and which faults are still to come.

    A fault is a part of an address and a kind; it meets the first call that holds that part.
    """

    tables: dict[str, Table]
    layers: dict[str, list[dict]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    time: Time = field(default_factory=Time)
    config: dict = field(
        default_factory=lambda: {
            "maxDataCells": 150_000,
            "maxCallsPerTimeWindow": 30,
            "timeWindow": 10,
        }
    )
    faults: list[tuple[str, str]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    too_soon: int = 0
    address: str = ""

    @property
    def base(self) -> str:
        return f"{self.address}/api/v2"

    @property
    def maps(self) -> str:
        return f"{self.address}/wfs"

    def data_calls(self) -> list[Call]:
        return [call for call in self.calls if "/data" in call.path]

    def fault_of(self, path: str) -> str | None:
        for place, (part, kind) in enumerate(self.faults):
            if part in path:
                del self.faults[place]
                return kind
        return None

    def is_too_soon(self) -> bool:
        """Whether more calls were made than the window allows."""
        window = self.config["timeWindow"]
        late = [call for call in self.calls if call.at > self.time.passed - window]
        return len(late) > self.config["maxCallsPerTimeWindow"]


@contextmanager
def served(stub: Stub) -> Iterator[Stub]:
    """Serve a stub on the loopback address for as long as the block lasts."""
    handler = type("Handler", (_Handler,), {"stub": stub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    stub: Stub
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer({one["variableCode"]: one["valueCodes"] for one in body["selection"]})

    def _answer(self, posted: dict[str, list[str]]) -> None:
        stub = self.stub
        chosen = posted or _chosen(self.path)
        stub.calls.append(Call(self.command, self.path, stub.time.passed, chosen))
        if stub.is_too_soon():
            stub.too_soon += 1
            return self._send(429, {"title": "Too many requests"})
        if len(self.path) > LONGEST:
            return self._send(404, {"title": "Not found"})
        fault = stub.fault_of(self.path)
        if fault is not None:
            return self._fail(fault, chosen)
        return self._send(*self._found(chosen))

    def _found(self, chosen: dict[str, list[str]]) -> tuple[int, object]:
        path = urlsplit(self.path).path
        if path in self.stub.files:
            return 200, self.stub.files[path]
        if path == "/wfs":
            return self._shapes()
        parts = path.removeprefix("/api/v2/").split("/")
        if parts == ["config"]:
            return 200, self.stub.config
        if parts == ["tables"]:
            listed = [{"id": one.id, "label": one.label} for one in self.stub.tables.values()]
            return 200, {"tables": listed}
        table = self.stub.tables.get(parts[1])
        if table is None:
            return 404, {"title": "Non-existent table"}
        if len(parts) == 2:
            return 200, {"id": table.id, "label": table.label, "updated": table.updated}
        if parts[2] == "metadata":
            return 200, table.metadata()
        if table.cells(chosen) > self.stub.config["maxDataCells"]:
            return 403, {"title": "Too many cells"}
        answer = table.answer(chosen)
        return (400, {"title": "Parameter error"}) if answer is None else (200, answer)

    def _shapes(self) -> tuple[int, object]:
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if asked["request"] == "GetCapabilities":
            names = "".join(f"<Name>{name}</Name>" for name in self.stub.layers)
            return 200, f"<wfs>{names}</wfs>".encode()
        features = self.stub.layers.get(asked["typeNames"])
        if features is None:
            return 400, {"title": "unknown layer"}
        chosen = [one for one in features if _meets(one, asked)] if _chosen_by(asked) else features
        if asked.get("resultType") == "hits":
            return 200, f'<wfs:FeatureCollection numberMatched="{len(chosen)}"/>'.encode()
        chosen = sorted(chosen, key=lambda one: one["properties"][asked["sortBy"]])
        start = int(asked["startIndex"])
        page = chosen[start : start + int(asked["count"])]
        return 200, {"type": "FeatureCollection", "features": page, "numberMatched": len(chosen)}

    def _fail(self, fault: str, chosen: dict[str, list[str]]) -> None:
        if fault == "429 seconds":
            return self._send(429, {"title": "wait"}, {"Retry-After": "7"})
        if fault == "429 date":
            due = self.stub.time.date() + timedelta(seconds=11)
            told = email.utils.format_datetime(due, usegmt=True)
            return self._send(429, {"title": "wait"}, {"Retry-After": told})
        if fault == "429 hour":
            return self._send(429, {"title": "wait"}, {"Retry-After": "3600"})
        if fault.isdigit():
            return self._send(int(fault), b"<html>busy</html>")
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return None
        if fault == "silence":
            threading.Event().wait(1.0)
            self.close_connection = True
            return None
        status, content = self._found(chosen)
        if fault == "lost years" and isinstance(content, dict):
            return self._send(*self._found({**chosen, "Tid": chosen["Tid"][:1]}))
        if fault == "short" and isinstance(content, dict):
            return self._send(status, {**content, "features": content["features"][:-1]})
        whole = content if isinstance(content, bytes) else json.dumps(content).encode()
        half = whole[: len(whole) // 2]
        if fault == "cut":
            return self._send(status, half)
        if fault == "broken off":
            return self._send(status, half, {"Content-Length": str(len(whole))})
        raise AssertionError(fault)

    def _send(self, status: int, content: object, headers: Mapping[str, str] | None = None) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        own = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
        self.close_connection = True
        self.send_response(status)
        for name, value in own.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _chosen(path: str) -> dict[str, list[str]]:
    """What an address chooses; as in the true service, a name told twice counts once."""
    found = {}
    for part in urlsplit(path).query.split("&"):
        name, _, value = part.partition("=")
        match = re.fullmatch(r"valueCodes\[(.+)\]", unquote_plus(name))
        if match:
            found[match[1]] = [unquote_plus(code) for code in value.split(",")]
    return found


def _chosen_by(asked: Mapping[str, str]) -> bool:
    return "bbox" in asked or "CQL_FILTER" in asked


def _meets(feature: dict, asked: Mapping[str, str]) -> bool:
    if "bbox" in asked:
        west, south, east, north = map(float, asked["bbox"].split(",")[:4])
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        return shape.intersects(shapely.box(west, south, east, north))
    told = asked.get("CQL_FILTER")
    if told is None:
        return True
    version = re.search(r"version = '([^']*)'", told)
    if version and feature["properties"].get("version") != version[1]:
        return False
    told = re.sub(r"^\((.*)\) AND .*$", r"\1", told)
    if told.startswith("version"):
        return True
    for part in told.split(" OR "):
        name, how, values = re.fullmatch(r"(\w+) (IN|LIKE) (.+)", part).groups()
        codes = re.findall(r"'([^']*)'", values)
        here = str(feature["properties"].get(name))
        if how == "IN" and here in codes:
            return True
        if how == "LIKE" and here.startswith(codes[0].rstrip("%")):
            return True
    return False


# --- A made country of true size --------------------------------------------------------------

YEARS = tuple(range(2010, 2026))


@cache
def codes(division: int) -> tuple[str, ...]:
    """DeSO codes of every municipality: 5,984 or 6,160 in all, each of them in both but a few."""
    towns = list(municipalities().index)
    total = {2018: 5984, 2025: 6160}[division]
    found = []
    for place, town in enumerate(towns):
        share = total * (place + 1) // len(towns) - total * place // len(towns)
        found += [f"{town}{'ABC'[k % 3]}{1010 + 10 * (k // 3)}" for k in range(share)]
    return tuple(sorted(found))


@cache
def regso(division: int) -> dict[str, str]:
    """The RegSO of each DeSO: some two of these to one of those."""
    found, seen = {}, {}
    for code in codes(division):
        number = seen[code[:4]] = seen.get(code[:4], 0) + 1
        found[code] = f"{code[:4]}R{(number + 1) // 2:03d}"
    return found


@cache
def regions() -> dict[str, str]:
    """Every region that a table has: the country, counties, municipalities, DeSO and RegSO."""
    towns = municipalities()["name"]
    found = {"00": "Riket"}
    found |= {county: f"{county} län" for county in sorted({town[:2] for town in towns.index})}
    found |= dict(towns)
    for division, deso, areas in ((2018, "", ""), (2025, "_DeSO2025", "_RegSO2025")):
        found |= {f"{code}{deso}": code for code in codes(division)}
        found |= {f"{code}{areas}": code for code in dict.fromkeys(regso(division).values())}
    return found


def made(
    table: str,
    label: str,
    others: Mapping[str, Sequence[str]],
    contents: Mapping[str, str],
    years: Sequence[int],
    draw: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray],
    *,
    outside: str = "hidden",
    sparse: bool = False,
    scarce: float = 0.002,
    notes: Sequence[str] = (),
    only: int | None = None,
) -> Table:
    """A table over every region; outside its division's years a cell is hidden, or zero."""
    places = {
        code: name
        for code, name in regions().items()
        if only is None or only == (2025 if code.endswith("2025") else 2018)
    }
    dimensions = {
        "Region": places,
        **{name: {code: f"{name} {code}" for code in codes} for name, codes in others.items()},
        "ContentsCode": dict(contents),
        "Tid": {str(year): str(year) for year in years},
    }
    shape = tuple(map(len, dimensions.values()))
    rng = np.random.default_rng(int(table.removeprefix("TAB")))
    values = draw(rng, shape).astype(np.float32)
    late = np.array([code.endswith("2025") for code in places])
    years_late = np.array([year >= 2024 for year in years])
    wrong = late[:, None] != years_late[None, :]
    wrong = wrong & np.array([len(code) > 4 for code in places])[:, None]
    wrong = wrong.reshape(len(places), *(1 for _ in shape[1:-1]), len(years))
    wrong = np.broadcast_to(wrong, shape)
    hidden = rng.random(shape, dtype=np.float32) < scarce
    if outside == "zero":
        values[wrong] = 0
    else:
        hidden = hidden | wrong
    return Table(
        table, label, dimensions, values, hidden if hidden.any() else None,
        notes=tuple(notes), sparse=sparse,
    )  # fmt: skip


def _shares(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Quarters in whole per cent that make up a whole, a median, a mean, and persons."""
    base = (*shape[:-2], shape[-1])
    parts = rng.dirichlet((3, 3, 3, 3), size=base)
    whole = np.floor(100 * parts)
    whole[..., 3] = 100 - whole[..., :3].sum(axis=-1)
    median = np.round(rng.uniform(150, 500, base), 1)
    more = [median, np.round(median * 1.1, 1), rng.integers(600, 3000, base)]
    found = np.concatenate([whole, np.stack(more, axis=-1)], axis=-1)
    return np.moveaxis(found, -1, -2)


def _standards(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    low, high = rng.integers(0, 45, (*shape[:-2], shape[-1])), rng.integers(0, 30, shape[-1])
    persons = rng.integers(600, 3000, (*shape[:-2], shape[-1]))
    found = np.stack([low, np.broadcast_to(high, low.shape), persons], axis=-1)
    return np.moveaxis(found, -1, -2)


def _counts(low: int, high: int) -> Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]:
    return lambda rng, shape: rng.integers(low, high, shape)


def _employed(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    total = rng.integers(300, 1500, (*shape[:-2], shape[-1]))
    employed = np.floor(total * rng.uniform(0.4, 0.95, total.shape))
    return np.moveaxis(np.stack([employed, total], axis=-1), -1, -2)


def _people(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    ages = rng.integers(20, 300, shape)
    ages[:, 0] = ages[:, 1:].sum(axis=1) + 500
    return ages


NOTES = (
    "Korrigering 2026-06-23: Data för 2024 har korrigerats.",
    "Frågor besvaras av Eva Exempel, 010-479 00 00\neva.exempel@scb.se",
    ".. = Uppgiften är inte tillgänglig",
)
_LEVELS = ("21", "3+4", "5", "6", "US")
_QUARTERS = {
    **{f"000008A{5 + k}": f"Kvartil {k}, andel personer, procent" for k in (1, 2, 3, 4)},
    "000008AB": "Medianvärde, tkr",
    "000008AA": "Medelvärde, tkr",
    "000008A5": "Antal personer",
}
_STANDARDS = {
    "000008AC": "Låg ekonomisk standard, procent",
    "000008AD": "Hög ekonomisk standard, procent",
    "000008AE": "Antal personer totalt",
}


@cache
def country() -> dict[str, Table]:
    """Every table that is fetched, of true size."""
    both = {"Kon": ("1+2",)}
    work = {**both, "Alder": ("16-64", "20-64")}
    births = {**both, "Fodelseregion": ("tot", "sv", "eu", "öv")}
    income = made(
        "TAB6684", "Inkomst per kvartil", {}, _QUARTERS, range(2011, 2025), _shares, notes=NOTES
    )
    standard = made(
        "TAB6685",
        "Låg respektive hög ekonomisk standard efter region och ålder",
        {"Alder": ("tot",)},
        _STANDARDS,
        range(2011, 2025),
        _standards,
        sparse=True,
    )
    standard.values[:, :, 2] = income.values[:, None, 6]
    jobs = {"0000089X": "antal sysselsatta", "0000089Y": "antal totalt"}
    number = {"Antal": "Antal"}
    made_of = [
        income,
        standard,
        made("TAB6680", "Arbetsmarknadsstatus", work, jobs, range(2020, 2025), _employed),
        made(
            "TAB5956", "Utbildning 25–64", {"UtbildningsNiva": _LEVELS}, {"000005MO": "Antal"},
            range(2015, 2024), _counts(5, 400), sparse=True, only=2018,
        ),
        made(
            "TAB6534", "Utbildning 25–65", {"UtbildningsNiva": _LEVELS}, {"000007Z6": "Antal"},
            range(2024, 2026), _counts(5, 400), only=2025,
        ),
        made(
            "TAB6258", "Upplåtelseform", {"Upplatelseform": ("1", "2", "3", "saknas")},
            {"000006OC": "Antal"}, range(2015, 2024), _counts(0, 500), only=2018,
        ),
        made(
            "TAB6638", "Upplåtelseform", {"Upplatelseform": ("1", "2", "3", "ÖVRIGT")},
            {"00000864": "Antal"}, range(2024, 2026), _counts(0, 500), only=2025,
        ),
        made(
            "TAB6574", "Folkmängden per region efter ålder",
            {"Alder": ("totalt", "20-24", "25-29"), **both}, {"000007Y7": "Antal"},
            YEARS, _people, outside="zero", scarce=0,
        ),
        made(
            "TAB6572", "Folkmängden efter födelseregion", births, {"000007Y5": "Antal"},
            YEARS, _counts(0, 300), outside="zero", scarce=0,
        ),
        _index_table(),
    ]  # fmt: skip
    assert number
    return {table.id: table for table in made_of}


def _index_table() -> Table:
    names = {
        "000008IT": "Socioekonomiskt index",
        "000008IU": "Områdestyp",
        "000008IV": "Andelen med förgymnasial utbildning",
        "000008IW": "Andelen personer med låg ekonomisk standard (oavsett ålder)",
        "000008IX": "Andelen med ekonomiskt bistånd och/eller långtidsarbetslösa",
    }

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        shares = np.round(rng.uniform(0, 40, (*shape[:-2], 3, shape[-1])), 1)
        index = np.round(shares.mean(axis=-2, keepdims=True), 1)
        types = np.digitize(index, [10, 20, 30, 35])
        return np.concatenate([index, 5 - types, shares], axis=-2)

    return made("TAB6586", "Socioekonomiskt index", {}, names, range(2011, 2025), draw, notes=NOTES)


@cache
def shapes() -> dict[str, list[dict]]:
    """Squares of 1 km about the middle of each municipality: DeSO, RegSO, localities, squares."""
    found: dict[str, list[dict]] = {"stat:Tatorter_2023": [], "stat:befolkning_1km_2025": []}
    squares: dict[str, dict] = {}
    middles = municipalities().geometry.representative_point()
    for division, year in ((2018, 2020), (2025, 2025)):
        deso, areas = [], {}
        seen: dict[str, int] = {}
        for code in codes(division):
            place = seen[code[:4]] = seen.get(code[:4], -1) + 1
            middle = middles[code[:4]]
            west = round(middle.x) // 1000 * 1000 + 1000 * (place % 5)
            south = round(middle.y) // 1000 * 1000 + 1000 * (place // 5)
            square = shapely.box(west, south, west + 1000, south + 1000)
            common = {"lanskod": code[:2], "kommunkod": code[:4], "version": f"{division}_v2"}
            own = {"desokod": code, "regsokod": regso(division)[code], **common}
            deso.append({"type": "Feature", "properties": own, "geometry": _json(square)})
            areas.setdefault(own["regsokod"], []).append(square)
            if division == 2025:
                held = {"rutid_scb": f"{west:06d}{south:07d}", "beftotalt": 100 + place}
                one = {"type": "Feature", "properties": held, "geometry": _json(square)}
                squares[held["rutid_scb"]] = one
        found[f"stat:DeSO_{division}"] = deso
        found[f"stat:RegSO_{year}"] = [
            {
                "type": "Feature",
                "properties": {
                    "regsokod": code,
                    "regsonamn": f"Område {code[-3:]}",
                    "lanskod": code[:2],
                    "kommunkod": code[:4],
                    "version": f"{division}_v2",
                },
                "geometry": _json(shapely.union_all(parts)),
            }
            for code, parts in areas.items()
        ]
    found["stat:befolkning_1km_2025"] = list(squares.values())
    for town, middle in middles.items():
        held = {"tatortskod": f"{town}TC101", "tatort": f"Orten {town}", "kommunkod": town}
        around = _json(middle.buffer(1500, quad_segs=2))
        one = {"type": "Feature", "properties": held, "geometry": around}
        found["stat:Tatorter_2023"].append(one)
    return found


def _json(shape: shapely.Geometry) -> dict:
    return json.loads(shapely.to_geojson(shape))
