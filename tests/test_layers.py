"""The import law: a module imports lower ranks only, equals never, and one door per dependency."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "grannskap"

RANKS = {
    "errors": 0,
    "language": 0,
    "notes": 1,
    "deso": 2,
    "schema": 2,
    "project": 3,
    "sources.boundaries": 4,
    "sources.register": 4,
    "areas": 5,
    "measures.proportion": 6,
    "measures.balance": 7,
    "measures.segregation": 7,
    "measures.indicators": 7,
    "measures.neighbours": 7,
    "measures.autocorrelation": 7,
    "analysis": 8,
    "maps.marks": 9,
    "maps.style": 9,
    "maps.figure": 10,
    "maps.webmap": 10,
    "maps.atlas": 11,
    "outputs.folder": 12,
    "outputs.headings": 12,
    "outputs.manifest": 12,
    "outputs.tables": 12,
    "outputs.qgis": 12,
    "outputs.geopackage": 13,
    "outputs.report": 13,
    "outputs.workbook": 13,
    "outputs.write": 14,
    "demo": 15,
    "cli": 16,
}

DOORS = {
    "esda": "measures.autocorrelation",
    "libpysal": "measures.neighbours",
    "mapclassify": "maps.style",
    "folium": "maps.webmap",
    "matplotlib": "maps.figure",
    "xlsxwriter": "outputs.workbook",
    "typer": "cli",
    "rich": "cli",
}


def place_of(dotted: str) -> str | None:
    """The rank's name that a module (or a part of a split module) belongs to."""
    inside = dotted.removeprefix("grannskap").lstrip(".")
    parts = inside.split(".")
    for length in (2, 1):
        name = ".".join(parts[:length])
        if name in RANKS:
            return name
    return None


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def type_only_imports(path: Path) -> set[str]:
    """Names imported under TYPE_CHECKING: not a dependency when the program runs."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import):
                    found |= {alias.name for alias in inner.names}
                elif isinstance(inner, ast.ImportFrom):
                    found |= {inner.module, *(f"{inner.module}.{a.name}" for a in inner.names)}
    return found


def modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py"))


def dotted_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(("grannskap", *(p for p in parts if p != "__init__")))


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_modules_import_lower_ranks_only(path):
    place = place_of(dotted_name(path))
    if place is None:
        package = path.name == "__init__.py" or path.name == "__main__.py"
        assert package, f"{path} has no rank"
        return
    for name in imports_of(path):
        if not name.startswith("grannskap"):
            continue
        other = place_of(name)
        if other is None or other == place:
            continue
        assert RANKS[other] < RANKS[place], f"{place} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_each_dependency_has_one_door(path):
    place = place_of(dotted_name(path))
    for name in imports_of(path) - type_only_imports(path):
        door = DOORS.get(name.split(".")[0])
        assert door is None or place == door, f"{place} imports {name}, whose door is {door}"
