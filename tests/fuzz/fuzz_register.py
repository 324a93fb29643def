"""Change small valid register files at random, and hold what is read against slow readers.

A changed file that is read must give the numbers that it now holds: those an independent reader
finds, written for the purpose and not for speed. A row that it passes over must be in a note.
"""

import csv
import functools
import io
import json
import random
import re
import shutil
import string
import traceback
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import reading_register
from register_files import TEXT, columnar, cube, packed, parts

CODE = re.compile(r"(\d{3,4}[ABC]\d{4})(?:_DeSO\d{4})?", re.IGNORECASE | re.ASCII)
NOTHING = {"", ".", "..", "…", "-", "–", "—", "−", "na", "n/a", "#n/a", "nan", "null", "none"}
SPACED = re.compile("[-−+]?[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]*)?")
PASSED_OVER = {"other regions", "footnotes", "other division"}
TELLING = (
    *(b"1E2", b"1e400", b"-1", b"NaN", b"inf", b"1.234", b"0", b"9" * 30, b"..", b"\xff", b"\x00"),
    *(b'"', b";", b",", b"\n", b"\r", b"\t", b"_DeSO2025", b"9999A0010", b" ", b"\xc3", b"<!--"),
    *(b"null", b"true", b"{}", b"[]", b"\\ud800", b"<row>", b"</row>", b"<v>", b"</v>", b"&lt;"),
)

Numbers = dict[str, float | None]


class UnreadableError(Exception):
    """The slow reader finds that the file says nothing it knows how to read."""


# Slow readers -----------------------------------------------------------------------------


def number(text: str) -> float | None:
    """A cell's number; None where the cell says that it has none."""
    plain = text.strip()
    if plain.lower() in NOTHING:
        return None
    if SPACED.fullmatch(plain):
        plain = re.sub("[ \u00a0\u2009\u202f]", "", plain)
    plain = plain.replace("−", "-").replace(",", ".")
    if not plain.isascii() or "_" in plain or " " in plain:
        raise UnreadableError(text)
    try:
        return float(Decimal(plain))
    except InvalidOperation:
        raise UnreadableError(text) from None


def of_grid(rows: Sequence[Sequence[str]]) -> tuple[Numbers, int]:
    """The numbers by code below the heading n, and how many rows describe no area."""
    first = next((k for k, row in enumerate(rows) if len(row) > 1 and any(map(code_of, row))), None)
    if first is None:
        raise UnreadableError("no area")
    at_code = next(k for k, cell in enumerate(rows[first]) if code_of(cell))
    heads = [k for k in range(first) if len(rows[k]) > 1 and "n" in map(folded, rows[k])]
    if not heads:
        raise UnreadableError("no heading")
    heading = [folded(cell) for cell in rows[heads[-1]]]
    found: Numbers = {}
    others = 0
    for row in rows[heads[-1] + 1 :]:
        if "".join(row).strip() in ("", "Källa:"):  # a heading with nothing under it says nothing
            continue
        code = code_of(row[at_code]) if len(row) > at_code else None
        if code is None:
            others += 1
            continue
        if code in found:
            raise UnreadableError(f"{code} twice")
        at = heading.index("n")
        found[code] = number(row[at]) if at < len(row) else None
    return found, others


def folded(cell: str) -> str:
    """The words of a heading, which is told by them and not by its marks."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", cell).casefold()))


def code_of(cell: str) -> str | None:
    found = CODE.fullmatch(cell.strip())
    return found[1].upper().zfill(9) if found else None


def of_text(content: bytes) -> tuple[Numbers, int]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    read = []
    for mark in ";,\t":
        rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=mark))
        try:
            read.append(of_grid(rows))
        except UnreadableError as error:
            last = error
    if not read:
        raise last
    return max(read, key=lambda one: len(one[0]))


def of_book(content: bytes) -> tuple[Numbers, int]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = [
            "".join(part.text or "" for part in one.iter() if local(part) == "t")
            for name in archive.namelist()
            if name == "xl/sharedStrings.xml"
            for one in ET.fromstring(archive.read(name))
            if local(one) == "si"
        ]
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    grid: list[list[str]] = []
    for row in (one for one in sheet.iter() if local(one) == "row"):
        texts: dict[int, str] = {}
        for cell in row:
            letters = cell.get("r", "").rstrip(string.digits)
            place = sum(26**k * (ord(one) - 64) for k, one in enumerate(reversed(letters)))
            texts[place or max(texts, default=0) + 1] = text_of(cell, strings)
        grid.append([texts.get(k, "") for k in range(1, max(texts, default=0) + 1)])
    return of_grid(grid)


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def text_of(cell: ET.Element, strings: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter() if local(part) == "t")
    value = next((part.text or "" for part in cell if local(part) == "v"), "")
    return strings[int(value)] if kind == "s" and value else value


def of_columnar(content: bytes) -> tuple[Numbers, int]:
    table = pq.read_table(io.BytesIO(content)).to_pydict()
    names = {folded(name): name for name in table}
    values = table[names["n"]]
    texts = ["" if value is None else str(value) for value in values]
    codes = next(
        column
        for column in table.values()
        if any(isinstance(one, str) and code_of(one) for one in column)
    )
    return of_grid([["deso", "n"], *([str(c or ""), t] for c, t in zip(codes, texts, strict=True))])


def of_cube(content: bytes) -> tuple[Numbers, int]:
    data = json.loads(content)
    (place,) = (k for k, one in enumerate(data["id"]) if any(map(code_of, index_of(data, one))))
    codes = index_of(data, data["id"][place])
    after = 1
    for size in data["size"][place + 1 :]:
        after *= size
    before = 1
    for size in data["size"][:place]:
        before *= size
    if before != 1 or after != 1:
        raise UnreadableError("more than one cell for each area")
    given, status = data["value"], data.get("status") or {}
    found: Numbers = {}
    for k, code in enumerate(codes):
        value = given[k] if isinstance(given, list) else given.get(str(k))
        hidden = status if isinstance(status, str) else None
        if isinstance(status, dict):
            hidden = status.get(str(k))
        if code_of(code):
            known = value is not None and folded(str(hidden or "")) not in (
                *NOTHING - {""},
                "missing",
            )
            found[code_of(code) or ""] = float(value) if known else None
    return found, sum(code_of(code) is None for code in codes)


def index_of(data: dict[str, Any], name: str) -> list[str]:
    category = data["dimension"][name]["category"]
    index = category.get("index", category.get("label"))
    if isinstance(index, dict) and "index" in category:
        return sorted(index, key=index.__getitem__)
    return list(index)


# Changes ----------------------------------------------------------------------------------


def change(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one to three changes."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice((1, 1, 2, 4, 12, 40)))
        match chance.randrange(8):
            case 0 | 1:
                if at < len(changed):
                    changed[at] ^= 1 << chance.randrange(8)
            case 2:
                changed[at:end] = b""
            case 3:
                changed[at:at] = chance.choice(TELLING)
            case 4:
                changed[at:end] = chance.choice(TELLING)
            case 5:
                changed[at:at] = changed[at:end] * chance.choice((1, 2, 50))
            case 6:
                to = chance.randrange(len(changed) + 1)
                changed[to:to] = changed[at:end]
            case 7:
                digits = [k for k, byte in enumerate(changed) if chr(byte).isdigit()]
                if digits:
                    changed[chance.choice(digits)] = chance.choice(b"0123456789eE-+.")
    return bytes(changed)


def change_archive(members: dict[str, bytes], chance: random.Random) -> bytes:
    """A workbook with a change in one of its parts, or in the archive itself."""
    if chance.random() < 0.2:
        return change(packed(members), chance)
    weighed = [*["xl/worksheets/sheet1.xml"] * 8, *["xl/sharedStrings.xml"] * 3]
    name = chance.choice([*members, *(one for one in weighed if one in members)])
    return packed({**members, name: change(members[name], chance)})


MIXED = (TEXT + "00 Riket;x;357\nKälla: påhittad\n").encode()
QUOTED = 'titel\n\n"deso","område","n"\n"9999A0010","Norra, ö","1 204"\n9999B1010,"a ""b""",..\n'
WINDOWS = "område;namn å;n\r\n9999A0010;Ö;12\r\n9999B1010;Ä;340\r\n\r\nKälla: SCB\r\n"
PLAIN: dict[str, Any] = {"compression": "none", "use_dictionary": False}
SPARSE = cube(value={"0": 12, "1": 340}, status={"2": ".."})

Changer = Callable[[random.Random], bytes]
Oracle = Callable[[bytes], tuple[Numbers, int]]

READERS: dict[str, tuple[Sequence[Changer], Oracle]] = {
    "text": (
        [
            lambda chance: change(MIXED, chance),
            lambda chance: change(QUOTED.encode(), chance),
            lambda chance: change(WINDOWS.encode("cp1252"), chance),
        ],
        of_text,
    ),
    "workbook": (
        [
            lambda chance: change_archive(parts(), chance),
            lambda chance: change_archive(_written(), chance),
        ],
        of_book,
    ),
    "Parquet": (
        [
            lambda chance: change(columnar(), chance),
            lambda chance: change(columnar(**PLAIN), chance),
            lambda chance: change(columnar({"x": ["a", None, "b"]}, row_group_size=2), chance),
        ],
        of_columnar,
    ),
    "JSON-stat": (
        [lambda chance: change(cube(), chance), lambda chance: change(SPARSE, chance)],
        of_cube,
    ),
}


@functools.cache
def _written() -> dict[str, bytes]:
    """The parts of a workbook as a library writes them, styles and all."""
    import openpyxl

    made = openpyxl.Workbook()
    for row in (
        ["Titel"],
        [],
        ["deso", "namn", "n"],
        ["9999A0010", "Ö", 12],
        ["9999B1010", "Ä", "7"],
    ):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# Verdicts ---------------------------------------------------------------------------------


def prepare(case: dict[str, Any]) -> dict[str, Any]:
    Path(case["folder"]).mkdir()
    return case


def clear(case: dict[str, Any]) -> None:
    shutil.rmtree(case["folder"])


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    """Read some changed files; count what came, and describe what may not."""
    counts: Counter[str] = Counter()
    bad = []
    for seed in range(case["first"], case["first"] + case["count"]):
        content = changed(case["reader"], seed)
        path = Path(case["folder"]) / "fil.dat"
        path.write_bytes(content)
        kind, told = verdict(case["reader"], content, path)
        counts[kind] += 1
        if kind not in ("refused", "true"):
            bad.append({"seed": seed, "kind": kind, "told": told})
    return {"kind": "done", "counts": counts, "bad": bad}


def changed(reader: str, seed: int) -> bytes:
    """The file of a seed, the same each time."""
    changers, _ = READERS[reader]
    chance = random.Random(f"{reader} {seed}")
    return chance.choice(changers)(chance)


def verdict(reader: str, content: bytes, path: Path) -> tuple[str, str]:
    """``refused``, ``true`` (what the file holds), or what it may never be."""
    try:
        read = reading_register.outcome({"path": str(path)})
    except Exception:  # noqa: BLE001 - that there is none is what is tested
        return "traceback", traceback.format_exc()[-1500:]
    if "warned" in read:
        return "warning", read["warned"]
    if read["kind"] == "refused":
        line = read["text"]
        return ("refused", "") if line.isprintable() and len(line) < 3200 else ("long", line[:500])
    try:
        held, others = READERS[reader][1](content)
    except Exception as error:  # noqa: BLE001 - whatever the slow reader meets, ours has read it
        return "unexplained", f"{error!r} {read}"
    found = {key.split("|")[0]: value for key, value in read["numbers"].items()}
    if found != held:
        return "silent", f"read {found}, the file holds {held}"
    if others and not (PASSED_OVER & set(read["notes"]) or read["origin"]):
        return "lost", f"{others} rows, and the notes {read['notes']}"
    missing = any(value is None for value in held.values())
    if missing and "missing cells" not in read["notes"]:
        return "lost", f"missing cells, and the notes {read['notes']}"
    return "true", ""


def batches(reader: str, folder: Path, *, first: int, count: int) -> Iterator[dict[str, Any]]:
    """Cases of at most 200 changed files each."""
    for start in range(first, first + count, 200):
        yield {
            "reader": reader,
            "first": start,
            "count": min(200, first + count - start),
            "folder": str(folder / f"{reader} {start}"),
        }
