"""The import law: a module imports lower ranks only, equals never, and one door per dependency."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "grannskap"

RANKS = {
    "errors": 0,
    "language": 0,
    "notes": 10,
    "datasets": 10,
    "deso": 20,
    "catalogue": 20,
    "counts": 25,
    "project": 30,
    "sources.boundaries": 40,
    "sources.register": 40,
    "areas": 50,
    "dataset": 55,
    "measures.membership": 58,
    "measures.overdispersion": 59,
    "measures.proportion": 60,
    "measures.balance": 70,
    "measures.segregation": 70,
    "measures.indicators": 70,
    "measures.neighbours": 70,
    "measures.autocorrelation": 75,
    "analysis": 80,
    "maps.marks": 90,
    "maps.style": 90,
    "maps.figure": 100,
    "maps.webmap": 100,
    "maps.atlas": 110,
    "outputs.folder": 120,
    "outputs.headings": 120,
    "outputs.manifest": 120,
    "outputs.tables": 120,
    "outputs.qgis": 120,
    "outputs.geopackage": 130,
    "outputs.report": 130,
    "outputs.workbook": 130,
    "outputs.write": 140,
    "demo": 150,
    "cli": 160,
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
