"""What goes wrong with register files: each case is made small, by name, with what must come of it.

``refused`` is one line that names the fault, ``noted`` is read with a note, ``fine`` is read; what
is read must hold the numbers of the file.
"""

import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from register_files import (
    AREAS,
    TEXT,
    answer,
    book,
    cell,
    columnar,
    cube,
    packed,
    parts,
    sheet,
    table,
)

MB = 1 << 20
INCOME = {"columns": {"median_income": "n"}}
PERCENT = {
    "columns": {"low": "n", "households": "alla"},
    "percent": {"low": "households"},
}


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes
    ----------
    name : str
        What is wrong with it.
    build : callable
        Writes it into a folder, and returns its path.
    expected : str
        ``refused``, ``noted`` or ``fine``.
    word : str
        Stands in the refusal, or is the kind of the note.
    numbers : sequence or None
        What is read of its first column, where that is not what all files hold.
    options : dict
        For `register.read`.
    """

    name: str
    build: Callable[[Path], Path]
    expected: str
    word: str = ""
    numbers: tuple[float | None, ...] | None = None
    options: dict[str, Any] = field(default_factory=dict)


def file(
    content: bytes | str | Callable[[], bytes], name: str = "fil.dat"
) -> Callable[[Path], Path]:
    """A builder of a file with this content, made when it is needed where it is large."""

    def build(folder: Path) -> Path:
        made = content() if callable(content) else content
        path = folder / name
        path.write_bytes(made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made)
        return path

    return build


def refused(name: str, content: Any, word: str = "", **options: Any) -> Case:
    return Case(name, file(content), "refused", word, options=options)


def fine(name: str, content: Any, numbers: Any = None, **options: Any) -> Case:
    return Case(name, file(content), "fine", numbers=numbers, options=options)


def noted(name: str, content: Any, word: str, numbers: Any = None, **options: Any) -> Case:
    return Case(name, file(content), "noted", word, numbers, options)


# Numbers ----------------------------------------------------------------------------------

NO_COUNTS = {
    **dict.fromkeys(("1E2", "1e+2", "1,5E3", "2e0", "1E+05"), "all their digits"),
    **dict.fromkeys(("1.234", "1,234", "-1.234"), "thousands or decimals"),
    **dict.fromkeys(("1.234.567", "1,234,567", "1'234", "1_000", "12 5", "1 2345"), "other cells"),
    **dict.fromkeys(("-5", "−5"), "negative"),
    **dict.fromkeys(("1000,5", "0,25"), "9999B1010"),
    **dict.fromkeys(("inf", "-inf", "Infinity", "1e400", "∞", "0x10", "12%", "12 st"), "9999B1010"),
    **dict.fromkeys(("١٢", "²", "１２", "=A1", "tolv", "TRUE", "1/2", "2022-01-01"), "9999B1010"),
    **dict.fromkeys(("20000001", "1" + "0" * 19, "9" * 5000, "1" * 20_000), "9999B1010"),
    **dict.fromkeys(("12\u200b", "1\u00ad2", "+-1", "--", "....", "?", "#DIV/0!"), "9999B1010"),
}
NO_INCOMES = {
    **dict.fromkeys(("228.074", "228,074"), "thousands or decimals"),
    **dict.fromkeys(("0", "0.0", "0,00"), "above 0"),
    **dict.fromkeys(("1" + "0" * 30, "10000000000"), "9999B1010"),
    **dict.fromkeys(("1e30", "1E2"), "all their digits"),
    **dict.fromkeys(("inf", "-inf", "-1", "228.074.000", "228 kr"), "9999B1010"),
}
NO_PERCENT = {"120": "0–100", "-1": "0–100", "1E1": "all their digits", "inf": "low", "x": "low"}


def numbers() -> Iterator[Case]:
    for text, word in NO_COUNTS.items():
        yield refused(f"count {text[:12]!a} of {len(text)}", table([400, text, 5]), word)
    for text, word in NO_INCOMES.items():
        yield refused(
            f"income {text[:12]!a} of {len(text)}", table([190, text, 205]), word, **INCOME
        )
    for text, word in NO_PERCENT.items():
        rows = table([f"12;{100}", f"{text};{100}", "5;100"], "n;alla")
        yield refused(f"per cent {text!r}", rows, word, **PERCENT)
    shares = table(["0,12;100", "0,5;100", "1;100"], "n;alla")
    yield refused("shares as per cent", shares, "shares in 0–1", **PERCENT)
    for text in ("..", ".", "", "-", "NaN", "null", "#N/A"):
        yield noted(f"no count {text!r}", table([12, text, 5]), "missing cells", (12, None, 5))
    far = table(["190", "190000", "205"])
    yield noted("incomes of two units", far, "amounts far apart", (190, 190_000, 205), **INCOME)
    tenths = table(["190.5", "228.074", "205"])
    yield fine("a mark that parts decimals", tenths, (190.5, 228.074, 205), **INCOME)
    spaced = table(["1 204", "1\u00a0204", "1\u202f204"])
    yield fine("thousands by spaces", spaced, (1204, 1204, 1204))
    yield refused("no number at all", table(["..", "..", ".."]), "3 suppressed")


# Text -------------------------------------------------------------------------------------

VALID = TEXT.encode()


def beside(heading: str, cells: str = "1") -> str:
    """A valid table with one more column."""
    return f"deso;n;{heading}\n" + "".join(f"{code};{n};{cells}\n" for code, n in AREAS.items())


def texts() -> Iterator[Case]:
    yield fine("plain", VALID)
    yield fine("commas", VALID.replace(b";", b","))
    yield fine("tabs", VALID.replace(b";", b"\t"))
    yield fine("with its mark", b"\xef\xbb\xbf" + VALID)
    yield fine("Windows-1252", "deso;område å;n\n9999A0010;Ö;12\n".encode("cp1252"), (12,))
    yield fine("carriage returns", VALID.replace(b"\n", b"\r"))
    yield fine("both line ends", VALID.replace(b"\n", b"\r\n"))
    yield fine("a hint", b"sep=;\n" + VALID)
    yield fine("quoted", b'"deso";"n"\n"9999A0010";"12"\n', (12,))
    yield noted("a footnote", VALID + b"1) Avser 2022\n", "footnotes")
    yield noted("other regions", VALID + b"00 Riket;x;400\n", "other regions")
    yield fine("a thousand lines below", VALID + b"\n" * 1000)
    yield from encodings()
    yield from characters()
    yield from rows()
    yield from large_texts()


def encodings() -> Iterator[Case]:
    yield fine("utf-16", TEXT.encode("utf-16"))
    for encoding in ("utf-16-le", "utf-16-be"):
        yield refused(encoding, TEXT.encode(encoding), "zero bytes")
    yield refused("utf-32", TEXT.encode("utf-32"), "zero bytes")
    yield refused("a zero byte", VALID.replace(b"Norra 1", b"Norra \x00"), "zero bytes")
    swedish = "deso;område;n\n9999A0010;Söder;12\n".encode()
    for name, wrong in {
        "a surrogate": b"\xed\xa0\x80",
        "an overlong letter": b"\xc0\xaf",
        "half a letter": b"\xc3;",
        "a stray byte": b"\xff",
        "a letter beyond the last": b"\xf5\x80\x80\x80",
    }.items():
        yield refused(name, swedish.replace(b"der;", b"der" + wrong + b";"), "but for byte")
    yield refused("a mark and a stray byte", b"\xef\xbb\xbf" + VALID + b"\xff", "but for byte")
    yield refused("neither encoding", b"deso;n\x81\n9999A0010;12\n", "neither")


def characters() -> Iterator[Case]:
    for number in (1, 7, 8, 11, 12, 14, 27, 28, 31, 127):
        changed = VALID.replace(b"Norra 1", b"Norra " + bytes([number]))
        yield refused(f"control character {number}", changed, "control characters")
    for number in (0x80, 0x90, 0x9F, 0x202A, 0x202E, 0x2066, 0x2069, 0xFDD0, 0xFFFE, 0xFFFF):
        yield refused(f"U+{number:04X} in a heading", beside(f"x{chr(number)}y"), "control")
        if number in (0x9F, 0x202E):
            yield refused(f"U+{number:04X} in a footnote", TEXT + f"Obs{chr(number)}\n", "control")
            name = beside("namn", f"Norra{chr(number)}")
            yield refused(f"U+{number:04X} in a name", name, "control", names="namn")
            groups = beside("grupp", f"alla{chr(number)}")
            yield refused(f"U+{number:04X} in a group", groups, "control", group="grupp")
    yield refused("a heading of 20,000 letters", beside("x" * 20_000), "10,000 letters")
    yield refused("a footnote of 20,000 letters", TEXT + "x" * 20_000, "10,000 letters")
    named = beside("namn", "x" * 20_000)
    yield refused("a name of 20,000 letters", named, "10,000 letters", names="namn")
    yield refused("a code of 20,000 letters", TEXT + f"9999A{'1' * 20_000};x;1\n", "")
    yield refused("a heading of underscores", beside("_" * 20_000 + "2022"), "10,000 letters")
    slow = {"columns": {"low": "Antal"}}
    yield refused("9,000 underscores and a year", beside("_" * 9000 + "2022"), "Antal", **slow)
    yield refused("700 headings of 9,000 marks", many_marks, "Antal", **slow)
    yield refused(
        "many long headings",
        beside(";".join("ab" * 3000 for _ in range(30)), ";".join("1" * 30)),
        "",
        **slow,
    )


def many_marks() -> bytes:
    marks = "a" + "\u0301" * 4500 + "\u0316" * 4500
    headings = ";".join(f"{k}{marks}" for k in range(700))
    return beside(headings, ";".join("1" * 700)).encode()


def rows() -> Iterator[Case]:
    yield refused("an empty file", b"", "0 bytes")
    yield refused("a mark alone", b"\xef\xbb\xbf", "DeSO codes")
    yield refused("a line end alone", b"\n", "DeSO codes")
    yield refused("a header alone", b"deso;n\n", "DeSO codes")
    yield refused("no header", b"9999A0010;12\n9999B1010;340\n", "names above")
    yield refused("one column", b"deso\n9999A0010\n", "")
    yield refused("a row too short", VALID + b"9999C1020;x\n", "3 cells")
    yield refused("a row too long", VALID + b"9999C1020;x;1;2\n", "3 cells")
    yield refused("a row twice", VALID + b"9999A0010;x;12\n", "several for 9999A0010")
    yield refused("a damaged code", VALID + b"9999X1020;x;1\n", "")
    yield refused("a code cut short", VALID.replace(b"9999B1010", b"9999B101"), "9999B101")
    yield refused("a code lost", VALID.replace(b"9999B1010", b""), "")
    yield refused("an open quote", VALID.replace(b"Norra 1", b'"Norra 1'), "")
    yield refused("an open quote in the last row", VALID.replace(b"Norra 2", b'"Norra 2'), "")
    yield refused("an open quote above", b'Titel "\n"' + VALID, "")
    swallowed = b'deso;namn;n\n9999A0010;"Norra;12\n9999B1010;Norra";340\n9999C1010;x;5\n'
    yield refused("two stray quotes", swallowed, "several")
    yield refused("two divisions", VALID + b"9999A0010_DeSO2025;x;1\n", "division")
    yield refused("an unknown division", VALID + b"9999C1020_DeSO2031;x;1\n", "division")
    old = beside("ny", "9999C1010").replace("deso", "gammal")
    yield refused("two columns of codes", old, "gammal, ny")
    yield refused("a column twice", beside("n"), "2 of that name")
    yield refused("a year that is none", beside("år", "22"), "22")
    yield refused("a year of 5,000 digits", beside("år", "2" * 5000), "years")
    yield refused("an unknown group", beside("grupp", "x"), "known", group="grupp")
    yield noted("a lost zero", b"deso;n\n114A0010;12\n", "repaired codes", (12,))
    yield refused(
        "a code with and without its zero", b"deso;n\n114A0010;1\n0114A0010;1\n", "several"
    )
    yield refused("a web page", b"<html><table><tr><td>9999A0010</td></tr></table>", "web page")
    yield refused("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, ".xls")
    yield refused("a PX file", b'CHARSET="ANSI";\nAXIS-VERSION="2013";\n', "PX")
    yield refused("a PX file without a set", b'AXIS-VERSION="2013";\nDATA=1 2;\n', "PX")
    yield refused("a PDF", b"%PDF-1.7\n", "PDF")
    yield refused("a database", b"SQLite format 3\x00" + b"\0" * 100, "GeoPackage")
    yield refused("a packed CSV", gzip.compress(VALID, mtime=0), "")
    yield refused("an archive with a CSV", packed({"a.csv": VALID}), "something else")


def large_texts() -> Iterator[Case]:
    yield refused("a semicolon and 200,000 spaces", b";" + b" " * 200_000, "DeSO codes")
    spaces = VALID + b"9999C1020;x;" + b" " * 200_000 + b"x\n"
    yield refused("200,000 spaces in a cell", spaces, "")
    yield refused("many such lines", (b";" + b" " * 2000 + b"\n") * 2000, "DeSO codes")
    yield refused("a tab, a quote and spaces", b'\t"' + b" " * 200_000 + b'"', "DeSO codes")
    yield refused("40 MB of line ends", lambda: b"\n" * (40 * MB), "DeSO codes")
    yield refused("10 MB of line ends above", lambda: b"\n" * (10 * MB) + VALID, "above")
    yield fine("10 MB of line ends below", lambda: VALID + b"\n" * (10 * MB))
    row = b"9999C1020;x;1\n"
    yield refused("40 MB of line ends between", lambda: VALID + b"\n" * (40 * MB) + row, "rows")
    yield refused("300,000 title lines", b"x\n" * 300_000 + VALID, "above")
    yield refused("300,000 footnotes", VALID + b"x\n" * 300_000, "below")
    yield refused("30 rows of headings", b";;x\n" * 30 + VALID, "headings")
    yield refused("a million columns", million_columns, "columns")
    yield refused("a million cells in a row", lambda: VALID + b"9999C1020" + b";1" * 1_000_000, "")
    yield refused("a field of 100 MB", lambda: VALID + b"x;" + b"x" * (100 * MB) + b";1\n", "")
    heading = "a heading of 100 MB"
    yield refused(heading, lambda: b"deso;" + b"x" * (100 * MB) + b"\n9999A0010;1\n", "")
    yield refused("one line of 100 MB", lambda: b"9999A0010;" * (10 * MB), "")
    yield refused("60 MB of one row", lambda: b"deso;n\n" + b"9999A0010;1\n" * (5 * MB), "rows")
    yield refused("12 MB of one row", lambda: b"deso;n\n" + b"9999A0010;1\n" * MB, "several")
    yield refused("300,000 texts for numbers", many_texts, "")
    yield refused("200,000 regions", many_regions, "regions")
    yield refused("ten million quotes", lambda: VALID + b'"' * (10 * MB), "")


def million_columns() -> bytes:
    return b"deso;" + b";".join(b"%d" % k for k in range(1_000_000)) + b"\n9999A0010;1\n"


def many_texts() -> bytes:
    return b"deso;n\n" + b"".join(b"9999A0010;%dx\n" % k for k in range(300_000))


def many_regions() -> bytes:
    codes = (f"{k:04d}A{j:04d};1\n" for k in range(1000, 1040) for j in range(5000))
    return b"deso;n\n" + "".join(codes).encode()


# Paths ------------------------------------------------------------------------------------


def at(name: str, make: Callable[[Path], None]) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        make(folder / name)
        return folder / name

    return build


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(100 * 10**9)


def listening(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path is short
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


def paths() -> Iterator[Case]:
    nothing = at("nowhere.csv", lambda path: None)
    yield Case("no file", nothing, "refused", "no such file")
    yield Case("a folder", at("folder.csv", Path.mkdir), "refused", "folder")
    yield Case("a pipe", at("pipe.csv", os.mkfifo), "refused", "pipe")
    yield Case("a socket", at("socket.csv", listening), "refused", "socket")
    yield Case("a device without end", lambda _: Path("/dev/zero"), "refused", "device")
    yield Case("a device of nothing", lambda _: Path("/dev/null"), "refused", "device")
    link = at("link.csv", lambda path: path.symlink_to("/dev/zero"))
    yield Case("a link to a device", link, "refused", "device")
    loop = at("loop.csv", lambda path: path.symlink_to(path))
    yield Case("a link to itself", loop, "refused", "")
    dangling = at("dangling.csv", lambda path: path.symlink_to("nowhere"))
    yield Case("a link to nothing", dangling, "refused", "no such file")
    yield Case("100 GB of nothing", at("sparse.csv", sparse), "refused", "134 MB")
    yield Case("a name of 300 letters", lambda folder: folder / ("x" * 300), "refused", "")
    yield Case("a zero byte in a name", lambda folder: folder / "a\0b", "refused", "")
    yield Case("a line end in a name", lambda folder: folder / "a\nb\x1b[2J", "refused", "")
    yield Case("the system's own", lambda _: Path("/proc/self/maps"), "refused", "")


# Workbooks --------------------------------------------------------------------------------

FIRST = f'<row r="1">{cell("A1", "deso")}{cell("B1", "n")}</row>'
ROW = f'<row r="2">{cell("A2", "9999A0010")}{cell("B2", 12)}</row>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def changed(name: str, old: bytes | str, new: bytes | str) -> bytes:
    """A workbook with a change in one of its parts."""
    members = parts()
    old, new = (one.encode() if isinstance(one, str) else one for one in (old, new))
    assert old in members[name], (name, old)
    members[name] = members[name].replace(old, new, 1)
    return packed(members)


def without(name: str) -> bytes:
    return packed({one: content for one, content in parts().items() if one != name})


def workbooks() -> Iterator[Case]:
    yield fine("a workbook", book())
    yield fine("text in cells", sheet(list(AREAS.values())))
    yield fine("text for numbers", sheet([str(n) for n in AREAS.values()]))
    yield fine(
        "no coordinates", book((FIRST + ROW).replace(' r="A2"', "").replace(' r="B2"', "")), (12,)
    )
    style = (
        '<cellStyleXfs><xf/></cellStyleXfs><cellStyles><cellStyle name="x" xfId="4"/></cellStyles>'
    )
    named = f'<styleSheet xmlns="{MAIN}">{style}</styleSheet>'.encode()
    yield refused("a style that is not there", packed({**parts(), "xl/styles.xml": named}), "range")
    yield from cells_of_workbooks()
    yield from damaged_markup()
    yield from damaged_archives()
    yield from large_workbooks()


def cells_of_workbooks() -> Iterator[Case]:
    for text, word in {
        "1E2": "all their digits",
        "1.234": "thousands",
        "inf": "inf",
        "1" * 5000: "B1010",
        "x" * 20_000: "B1010",
        "-5": "negative",
    }.items():
        yield refused(f"text {text[:9]!r} of {len(text)} in a cell", sheet([12, text, 5]), word)
    for kind, value in {"n": "1_000", "s": "-1", "b": "7", "x": "5", "n ": "5"}.items():
        yield refused(f"{value!r} as {kind!r}", sheet([12, value, 5], kind=kind), "")
    for value in ("NaN", "INF", "1e400", "9" * 5000, "٣", " 5", "5 ", "0x1f", "--5", "1.2.3"):
        cells = sheet([12, value, 5], kind="n")
        yield refused(f"number {value[:9]!a} of {len(value)}", cells, "")
    yield refused("an error", sheet([12, "#DIV/0!", 5], kind="e"), "#DIV/0!")
    yield refused("true", sheet([1, 1, 0], kind="b"), "True")
    yield refused("a date", sheet(["2022-01-01"] * 3, kind="d"), "2022")
    yield refused("a string beyond the last", sheet([12, 99, 5], kind="s"), "")
    yield refused("an income of 10^30", sheet([190, "1e30", 205], kind="n"), "", **INCOME)
    yield refused("an income of 0", sheet([190, 0, 205]), "above 0", **INCOME)
    yield refused(
        "an uncomputed formula", book(FIRST + ROW.replace("<v>12</v>", "<f>B9*2</f>")), "formula"
    )
    computed = ROW.replace("<v>12</v>", "<f>6*2</f><v>12</v>")
    yield fine("a computed formula", book(FIRST + computed), (12,))
    for number in (0x90, 0x202E, 0xFFFD + 1):
        if number != 0xFFFE:  # which XML cannot hold
            heading = FIRST + ROW.replace("</row>", cell("C2", 1) + "</row>")
            heading = heading.replace("</row>", cell("C1", f"x{chr(number)}") + "</row>", 1)
            yield refused(f"U+{number:04X} in a heading of a sheet", book(heading), "control")
    long = FIRST.replace("</row>", cell("C1", "x" * 20_000) + "</row>") + ROW
    yield refused("a long heading of a sheet", book(long), "10,000 letters")
    longer = FIRST.replace("</row>", cell("C1", "x" * 50_000) + "</row>") + ROW
    yield refused("a cell of 50,000 letters", book(longer), "40,000")


def damaged_markup() -> Iterator[Case]:
    changes = {
        "a row's tag": ('<row r="3">', '<raw r="3">', "</row></sheetData>"),
        "a row's number backwards": ('<row r="3">', '<row r="1">', ""),
        "a row's number twice": ('<row r="3">', '<row r="2">', ""),
        "a row without end": ('<row r="3">', '<row r="1000000000">', "rows"),
        "a row of 5,000 digits": ('<row r="3">', f'<row r="{"3" * 5000}">', "row"),
        "a row numbered 0": ('<row r="2">', '<row r="0">', "row"),
        "a row numbered -3": ('<row r="3">', '<row r="-3">', "row"),
        "a row numbered 3.5": ('<row r="3">', '<row r="3.5">', "row"),
        "an attribute of a row": ('<row r="3">', '<row q="3">', "attribute"),
        "a cell in another row": ('r="B3"', 'r="B4"', "B4"),
        "a cell twice": ('r="B3"', 'r="A3"', "column 1"),
        "a cell in column XFE": ('r="B3"', 'r="XFE3"', "columns"),
        "a cell in column ZZZ": ('r="B3"', 'r="ZZZ3"', "columns"),
        "a cell in column ZZZZZ": ('r="B3"', 'r="ZZZZZ3"', "ZZZZZ3"),
        "a cell at no place": ('r="B3"', 'r="3B"', "3B"),
        "a cell's tag": ('<c r="B3">', '<d r="B3">', ""),
        "a cell's type": ('<c r="A3" t="s">', '<c r="A3" t="z">', "type"),
        "an attribute of a cell": ('<c r="A3" t="s">', '<c r="A3" u="s">', "attribute"),
        "a value's tag": ("<v>340</v>", "<w>340</w>", "'w'"),
        "a value in a value": ("<v>340</v>", "<v><v>340</v></v>", ""),
        "a value unclosed": ("<v>340</v>", "<v>340", "cannot be read"),
        "an entity": ("<v>340</v>", "<v>&lol;</v>", "cannot be read"),
        "the sheet's table": ("<sheetData>", "<sheetDate>", ""),
        "a table in a table": ("<sheetData>", "<sheetData><sheetData>", ""),
        "the sheet's namespace": ("spreadsheetml/2006/main", "spreadsheetml/2007/main", ""),
    }
    for name, (old, new, word) in changes.items():
        yield refused(f"damaged: {name}", changed(SHEET, old, new), word if "<" not in word else "")
    yield refused("damaged: a string's tag", changed(STRINGS, "<si><t>n", "<sj><t>n"), "")
    lost = parts(strings="<si><t>deso</t></si><sx/><si><t>n</t></si>")
    yield refused("damaged: an element among strings", packed(lost), "'sx'")
    yield refused("damaged: a sheet's link", changed("xl/workbook.xml", "rId1", "rId7"), "")
    target = changed("xl/_rels/workbook.xml.rels", "sheet1.xml", "sheet9.xml")
    yield refused("damaged: a sheet that is not there", target, "sheets")
    for depth in (100, 5000, 200_000):
        deep = ROW.replace("<v>12</v>", "<v>" * depth + "</v>" * depth)
        yield refused(f"{depth} values in each other", book(FIRST + deep), "")
        nested = "<extLst>" * depth + "</extLst>" * depth
        yield refused(f"{depth} lists in each other", book(FIRST + ROW + nested), "")
    declared = b'<!DOCTYPE a [<!ENTITY b "ha">]><worksheet'
    yield refused("an entity declared", changed(SHEET, b"<worksheet", declared), "declarations")
    later = b" " * 5000 + declared
    yield refused("an entity declared late", changed(SHEET, b"<worksheet", later), "declarations")
    wide = parts()[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")
    yield fine("a sheet in UTF-16", packed({**parts(), SHEET: wide}))
    hidden = wide.decode("utf-16").replace("<worksheet", declared.decode()).encode("utf-16")
    yield refused("an entity in UTF-16", packed({**parts(), SHEET: hidden}), "declarations")
    for encoding in ("UTF-6", "cp1252", "x" * 200):
        made = changed(SHEET, '"UTF-8"', f'"{encoding}"')
        yield refused(f"a sheet in {encoding[:9]}", made, "encoding")
    for name in parts():
        if name != "_rels/.rels":
            yield refused(f"without {name}", without(name), "")
            yield refused(f"nothing in {name}", packed({**parts(), name: b""}), "")
            yield refused(f"noise in {name}", packed({**parts(), name: bytes(range(256))}), "")


def damaged_archives() -> Iterator[Case]:
    whole = book()
    for place in (4, 30, len(whole) // 3, len(whole) // 2, len(whole) - 22, len(whole) - 1):
        yield refused(f"an archive cut at {place}", whole[:place], "")
    at_sheet = whole.index(b"xl/worksheets/sheet1.xml") + 60
    noise = whole[:at_sheet] + b"\xff" * 20 + whole[at_sheet + 20 :]
    yield refused("a damaged stream", noise, "")
    locked = bytearray(whole)
    for mark, at_flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := whole.find(mark, start)) >= 0:
            locked[start + at_flag] |= 1
            start += 4
    yield refused("a locked archive", bytes(locked), "password")
    method = bytearray(whole)
    start = 0
    while (start := whole.find(b"PK\x01\x02", start)) >= 0:
        method[start + 10] = 97
        start += 4
    yield refused("an unknown packing", bytes(method), "")

    def twice(folder: Path) -> Path:
        import warnings

        path = folder / "twice.xlsx"
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")
            for name, content in (*parts().items(), (SHEET, parts(FIRST + ROW)[SHEET])):
                archive.writestr(name, content)
        return path

    yield Case("a part twice", twice, "refused", "")
    many = {**parts(), **{f"a/{k}.xml": b"<a/>" for k in range(3000)}}
    yield refused("3,000 parts", packed(many), "3006 parts")


def large_workbooks() -> Iterator[Case]:
    def spaces(size: int) -> Callable[[], bytes]:
        return lambda: packed({**parts(), "xl/media/a.xml": b" " * size})

    yield refused("a part of 300 MB of nothing", spaces(300 * MB), "unpacks")
    head, tail = parts(strings="@")[STRINGS].split(b"@")

    def texts(content: bytes, times: int, *, end: bytes = b"", start: bytes = head) -> Any:
        """A workbook of these strings, beside noise that hides how well they are packed."""
        return lambda: packed(
            {**parts(), STRINGS: start + content * times + end + tail, "a.bin": os.urandom(MB)}
        )

    yield refused("a million strings", texts(b"<si><t>a</t></si>", 1_000_000), "texts")
    run = texts(b"<r><t>a</t></r>", 900_000, start=head + b"<si>", end=b"</si>")
    yield refused("a string of 900,000 runs", run, "")
    long = texts(b"a", 100 * MB, start=head + b"<si><t>", end=b"</t></si>")
    yield refused("a string of 100 MB", long, "40,000 letters")
    start, _, rest = head.partition(b" xmlns")
    tag = texts(b"a", 60 * MB, start=start + b" a='", end=b"' xmlns" + rest)
    yield refused("a tag of 60 MB", tag, "tag")
    last = FIRST + ROW + f'<row r="1048576">{cell("A1048576", "9999B1010")}</row>'
    yield noted("a cell in the last row", lambda: book(last), "missing cells", (12, None))
    yield refused("a row below the last", book(last.replace("1048576", "1048577")), "rows")

    def corner() -> bytes:
        far = "".join(f'<row r="{k}">{cell(f"XFD{k}", 1)}</row>' for k in range(3, 60_000))
        return packed({**parts(FIRST + ROW + far), "a.bin": os.urandom(MB)})

    yield refused("60,000 cells in the last column", corner, "20,000,000")

    def cells() -> bytes:
        row = "".join("<c><v>1</v></c>" for _ in range(1000))
        full = FIRST + ROW + "".join(f"<row>{row}</row>" for _ in range(1050))
        return packed({**parts(full), "a.bin": os.urandom(MB)})

    yield refused("1,050,000 cells", cells, "1,000,000 cells")

    def styles() -> bytes:
        members = parts()
        space = MAIN.encode()
        xfs = b'<cellXfs count="1">' + b"<xf/>" * 1_000_000 + b"</cellXfs>"
        members["xl/styles.xml"] = b'<styleSheet xmlns="' + space + b'">' + xfs + b"</styleSheet>"
        return packed({**members, "a.bin": os.urandom(MB)})

    yield refused("a million styles", styles, "elements")

    def sheets() -> bytes:
        one = b'<sheet name="Tabell" sheetId="1" r:id="rId1"/>'
        members = parts()
        book_part = members["xl/workbook.xml"]
        members["xl/workbook.xml"] = book_part.replace(one, one * 100_000)
        return packed({**members, "a.bin": os.urandom(MB)})

    yield refused("100,000 sheets", sheets, "")


# Parquet ----------------------------------------------------------------------------------


def parquets() -> Iterator[Case]:
    yield fine("a Parquet file", columnar())
    yield fine("groups of one row", columnar(row_group_size=1))
    for packing in ("none", "gzip", "zstd", "brotli", "lz4"):
        yield fine(f"packed by {packing}", columnar(compression=packing))
    yield fine("a list beside", columnar({"x": [[1], [2, 3], []]}))
    yield fine("a struct beside", columnar({"x": [{"n": 1}] * 3}))
    yield fine("bytes beside", columnar({"x": [b"\xff"] * 3}))
    column: dict[str, Any] = {
        "infinity": [12.0, float("inf"), 5.0],
        "a negative count": [12, -5, 5],
        "a fraction": [1200.0, 340.5, 5.0],
        "2^64": pa.array([12, 2**64 - 1, 5], pa.uint64()),
        "true": [True, False, True],
        "text": ["12", "tolv", "5"],
        "text with a power": ["12", "1E2", "5"],
        "a list": [[1], [2], [3]],
        "a struct": [{"n": 1}] * 3,
        "bytes": [b"12"] * 3,
        "a date": pa.array([1, 2, 3], pa.date32()),
        "a time": pa.array([1, 2, 3], pa.timestamp("us")),
        "10^30": pa.array([12, 10**30, 5], pa.decimal128(38, 0)),
        "text of 5,000 digits": ["12", "9" * 5000, "5"],
        "nothing": pa.nulls(3),
    }
    for name, values in column.items():
        yield refused(f"column: {name}", columnar({"n": values}), "")
    yield noted(
        "column: not a number",
        columnar({"n": [12.0, float("nan"), 5.0]}),
        "missing cells",
        (12, None, 5),
    )
    yield noted("column: empty", columnar({"n": [12, None, 5]}), "missing cells", (12, None, 5))
    yield refused("income of 0", columnar({"n": [190.0, 0.0, 205.0]}), "above 0", **INCOME)
    yield refused("income of 10^30", columnar({"n": [190.0, 1e30, 205.0]}), "none above", **INCOME)
    yield refused("no codes", columnar({"deso": ["a", "b", "c"]}), "DeSO codes")
    yield refused(
        "codes that are missing", columnar({"deso": ["9999A0010", None, "9999C1010"]}), ""
    )
    yield refused("a control character", columnar({"x\x1b": [1, 2, 3]}), "control")
    named = columnar({"namn": ["Norra", "S\x07dra", "x"]})
    yield refused("a control character in a name", named, "control", names="namn")
    yield refused("a heading of 20,000", columnar({"x" * 20_000: [1, 2, 3]}), "letters")
    yield refused(
        "no rows", columnar({"deso": pa.array([], pa.string()), "n": pa.array([], pa.int64())}), ""
    )
    yield refused("a text beyond its dictionary", beyond_dictionary, "bounds")
    yield from large_parquets()
    whole = columnar()
    for place in (4, 8, len(whole) // 3, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        yield refused(f"a Parquet file cut at {place}", whole[:place], "")
    yield refused("marks alone", b"PAR1PAR1", "")
    yield refused("a schema that is not there", b"PAR1" + b"\xff" * 4 + b"PAR1", "")
    yield refused(
        "noise between marks", b"PAR1" + bytes(range(256)) * 40 + b"\x00\x10\x00\x00PAR1", ""
    )
    noise = bytearray(whole)
    noise[len(whole) // 2 :][:20] = b"\xff" * 20
    marked = columnar(write_page_checksum=True, compression="none", use_dictionary=False)
    place = marked.index(b"9999B1010")
    yield refused("a changed page", marked[:place] + b"9998" + marked[place + 4 :], "")


def beyond_dictionary() -> bytes:
    """A file whose texts are looked up beyond the end of their dictionary."""
    whole = columnar({"x": ["a", None, "b"]}, compression="none")
    for place, bit in product(range(4, len(whole) - 8), (1, 2, 4)):
        made = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
        try:
            pq.read_table(io.BytesIO(made), columns=["x"])
        except Exception as error:  # noqa: BLE001 - of many kinds, of which one is wanted
            if "dictionary bounds" in str(error):
                return made
    raise AssertionError


def one_area(rows: int) -> bytes:
    which = pa.array(np.zeros(rows, dtype=np.int32))
    codes = pa.DictionaryArray.from_arrays(which, ["9999A0010"])
    return columnar({"deso": codes, "n": which})


def large_parquets() -> Iterator[Case]:
    def repeated(size: int, times: int) -> bytes:
        text = pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), ["x" * size])
        codes = pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), ["9999A0010"])
        return columnar({"deso": codes, "n": pa.array([1] * times), "x": text})

    yield refused("5 MB in each of 100,000 rows", lambda: repeated(5 * MB, 100_000), "letters")
    yield refused(
        "9,000 letters in each of a million rows", lambda: repeated(9000, 1_000_000), "several"
    )
    yield refused("a text of 100 MB", lambda: repeated(100 * MB, 3), "")
    yield refused("six million rows", lambda: one_area(6_000_000), "rows")
    yield refused("five million rows of one area", lambda: one_area(5_000_000), "")
    wide = {f"c{k}": [1, 2, 3] for k in range(17_000)}
    yield refused("17,000 columns", lambda: columnar(wide), "columns")
    for depth in (20, 2000):  # between them it depends on the version of Arrow

        def nested(depth: int = depth) -> bytes:
            kind = pa.int32()
            for _ in range(depth):
                kind = pa.list_(kind)
            return columnar({"x": pa.nulls(3, kind)})

        expected = "fine" if depth == 20 else "refused"
        yield Case(f"lists {depth} deep", file(nested), expected)


# JSON-stat --------------------------------------------------------------------------------


def dimension(index: object, **more: Any) -> dict[str, Any]:
    made = answer()["dimension"]
    return {**made, "Region": {"category": {"index": index, **more}}}


def cubes() -> Iterator[Case]:
    yield fine("an answer", cube())
    yield fine("a sparse one", cube(value={"0": 12, "1": 340, "2": 5}))
    yield fine("a list of codes", cube(dimension=dimension(list(AREAS))))
    yield noted("an unknown mark", cube(status={"1": "?"}), "unknown marks")
    windows = json.dumps(answer(label="Påhittad"), ensure_ascii=False).encode("cp1252")
    yield refused("in Windows-1252", windows, "utf-8")
    yield refused("in UTF-16", cube().decode().encode("utf-16-le"), "")
    yield noted("no value", cube(value=[12, None, 5]), "missing cells", (12, None, 5))
    hidden = {"value": [12, None, 5], "status": {"1": ".."}}
    yield noted("a hidden value", cube(**hidden), "missing cells", (12, None, 5))
    yield fine("a number as 1E2", cube().replace(b"340", b"3.4E2"))
    for name, value in {
        "infinity": [12, float("inf"), 5],
        "not a number": [12, float("nan"), 5],
        "1e400": None,
        "a negative count": [12, -5, 5],
        "a fraction": [1200, 340.5, 5],
        "10^20": [12, 10**20, 5],
        "text": [12, "340", 5],
        "true": [12, True, 5],
        "a list": [12, [340], 5],
        "an object": [12, {}, 5],
        "too few": [12, 340],
        "too many": [12, 340, 5, 6],
        "a place outside": {"0": 12, "3": 5},
        "a place below 0": {"-1": 12, "0": 5},
        "a place with a zero": {"0": 12, "01": 340},
        "a place with a mark": {"0": 12, "1_0": 340},
        "a place with a space": {"0": 12, " 1": 340},
        "a place by name": {"a": 12},
        "a place of 5,000 digits": {"1" * 5000: 12},
        "a word": "12",
        "nothing": None,
    }.items():
        made = cube(value=value) if name != "1e400" else cube().replace(b"340", b"1e400")
        yield refused(f"value: {name}", made, "")
    yield refused("5,000 digits", cube().replace(b"340", b"3" * 5000), "")
    yield refused("a key twice", cube().replace(b'"version"', b'"label": "x", "version"'), "twice")
    twice = cube(value={"0": 12, "1": 340, "2": 5}).replace(b'"2": 5', b'"1": 5')
    yield refused("a place twice", twice, "twice")
    for name, index in {
        "a place twice": {"9999A0010": 0, "9999B1010": 0, "9999C1010": 2},
        "a place that skips": {"9999A0010": 0, "9999B1010": 1, "9999C1010": 7},
        "a place that is text": {"9999A0010": "0", "9999B1010": "1", "9999C1010": "2"},
        "a place that is true": {"9999A0010": False, "9999B1010": True, "9999C1010": 2},
        "a code twice": ["9999A0010", "9999A0010", "9999C1010"],
        "a list": [["9999A0010"], "9999B1010", "9999C1010"],
        "nothing": None,
        "a number": 3,
        "no DeSO": ["01", "02", "03"],
    }.items():
        yield refused(f"categories: {name}", cube(dimension=dimension(index)), "")
    for key in ("id", "size", "dimension", "value"):
        for value in (None, [], {}, "x", 3, [[]], [None]):
            yield refused(f"{key} = {value!r}", cube(**{key: value}), "")
    yield refused("a dimension twice", cube(id=["Region", "Region", "Tid"]), "twice")
    yield refused("a size of 10^18", cube(size=[10**18, 1, 1]), "sizes")
    yield refused("a size that is negative", cube(size=[-3, -1, 1]), "sizes")
    yield refused("statuses too few", cube(status=[".."]), "statuses")
    yield refused("a status outside", cube(status={"9": ".."}), "outside")
    for name, text in {"surrogate": "x\ud800", "escape": "x\x1b[2J", "turn": "x\u202e"}.items():
        yield refused(f"a {name} in the label", cube(label=text), "control")
        labels = {"n": text}
        made = {**answer()["dimension"], "ContentsCode": {"category": {"label": labels}}}
        address = {"columns": {"low": "ContentsCode=n"}}
        yield refused(f"a {name} in a category", cube(dimension=made), "", **address)
        yield refused(f"a {name} in a name", cube(id=[text, "ContentsCode", "Tid"]), "")
    yield refused("a label of 20,000 letters", cube(label="x" * 20_000), "10,000 letters")
    yield from large_cubes()


def large_cubes() -> Iterator[Case]:
    def dimensions(count: int, size: int) -> bytes:
        names = [f"d{k}" for k in range(count)]
        more = {name: {"category": {"index": list(map(str, range(size)))}} for name in names}
        return cube(
            id=[*names, "Region", "ContentsCode", "Tid"],
            size=[size] * count + [3, 1, 1],
            dimension={**more, **answer()["dimension"]},
        )

    yield fine("20 more dimensions", dimensions(20, 1))
    yield refused("65 dimensions", dimensions(62, 1), "dimensions")
    yield refused("1,000 dimensions", dimensions(1000, 1), "dimensions")
    yield refused("10^20 cells", dimensions(10, 100), "cells")
    yield refused("5,000 lists in each other", b"[" * 5000 + b"]" * 5000, "")
    yield refused("a million lists open", b"[" * 1_000_000, "")
    objects = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    yield refused("100,000 objects in each other", objects, "")
    inside = cube(note="@").replace(b'"@"', b"[" * 5000 + b"]" * 5000)
    yield refused("5,000 lists in a note", inside, "")
    yield refused("ten million lists", lambda: b"[" + b"[]," * (10 * MB) + b"[]]", "")
    yield refused("40 MB of numbers", lambda: b"[" + b"1," * (20 * MB) + b"1]", "")
    yield refused("40 MB of spaces", lambda: b"{" + b" " * (40 * MB), "")
    yield refused("90 MB of text", lambda: b'{"a": "' + b"x" * (90 * MB) + b'"}', "MB")
    yield refused("two million keys", many_keys, "")
    yield refused("cut short", cube()[:-10], "")
    yield refused("a comma too many", cube().replace(b"]", b",]", 1), "")


def many_keys() -> bytes:
    return b'{"value":{' + b",".join(b'"%d":1' % k for k in range(2_000_000)) + b"}}"


GROUPS: dict[str, Callable[[], Iterator[Case]]] = {
    "numbers": numbers,
    "text": texts,
    "paths": paths,
    "workbooks": workbooks,
    "Parquet": parquets,
    "JSON-stat": cubes,
}
