"""Small valid register files, made in memory, for the corpus and the fuzzers to change."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

AREAS = {"9999A0010": 12, "9999B1010": 340, "9999C1010": 5}
"""What every valid file holds in its column n."""

TEXT = "deso;namn;n\n" + "".join(
    f"{code};Norra {k};{n}\n" for k, (code, n) in enumerate(AREAS.items())
)

_NS = "http://schemas.openxmlformats.org"
_MAIN = f"{_NS}/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def table(cells: Sequence[object], heading: str = "n", *, mark: str = ";") -> bytes:
    """Delimited text with a column of these cells; the first is good where one is needed."""
    rows = [f"{code}{mark}{cell}" for code, cell in zip(AREAS, cells, strict=False)]
    return "\n".join([f"deso{mark}{heading}", *rows, ""]).encode("utf-8", "surrogatepass")


def parts(rows: str | None = None, *, strings: str | None = None) -> dict[str, bytes]:
    """The parts of a workbook with one sheet, codes and headings as shared strings."""
    if rows is None:
        body = "".join(
            f'<row r="{k}"><c r="A{k}" t="s"><v>{k}</v></c><c r="B{k}"><v>{n}</v></c></row>'
            for k, n in enumerate(AREAS.values(), start=2)
        )
        rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' + body
    if strings is None:
        strings = "".join(f"<si><t>{text}</t></si>" for text in ("deso", "n", *AREAS))
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{_NS}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_NS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_NS}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" '
        f'xmlns:r="{_NS}/officeDocument/2006/relationships">'
        '<sheets><sheet name="Tabell" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_NS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_NS}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_NS}/officeDocument/2006/relationships/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
    }
    return {name: (_HEAD + text).encode("utf-8") for name, text in texts.items()}


def packed(members: Mapping[str, bytes], *, level: int = 6) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(rows: str | None = None, *, strings: str | None = None) -> bytes:
    return packed(parts(rows, strings=strings))


def cell(place: str, value: object, *, kind: str = "") -> str:
    """A cell of a sheet, as markup; text stands in the cell itself."""
    if isinstance(value, str) and not kind:
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    given = f' t="{kind}"' if kind else ""
    return f'<c r="{place}"{given}><v>{value}</v></c>'


def sheet(cells: Sequence[object], *, kind: str = "") -> bytes:
    """A workbook with a column of these cells."""
    rows = [f'<row r="1">{cell("A1", "deso")}{cell("B1", "n")}</row>']
    for k, (code, value) in enumerate(zip(AREAS, cells, strict=False), start=2):
        rows.append(f'<row r="{k}">{cell(f"A{k}", code)}{cell(f"B{k}", value, kind=kind)}</row>')
    return book("".join(rows))


def columnar(columns: Mapping[str, Any] | None = None, **options: Any) -> bytes:
    """A Parquet file."""
    made = pa.table({"deso": list(AREAS), "n": list(AREAS.values()), **(columns or {})})
    out = io.BytesIO()
    pq.write_table(made, out, **options)
    return out.getvalue()


def answer(**changes: Any) -> dict[str, Any]:
    """A JSON-stat 2 dataset with three areas, one content and one year."""
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Påhittad",
        "source": "SCB",
        "updated": "2026-01-01T00:00:00Z",
        "id": ["Region", "ContentsCode", "Tid"],
        "size": [3, 1, 1],
        "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
        "dimension": {
            "Region": {"category": {"index": {code: k for k, code in enumerate(AREAS)}}},
            "ContentsCode": {"category": {"index": {"n": 0}, "label": {"n": "Antal"}}},
            "Tid": {"category": {"index": {"2022": 0}}},
        },
        "value": list(AREAS.values()),
        **changes,
    }


def cube(**changes: Any) -> bytes:
    return json.dumps(answer(**changes)).encode()
