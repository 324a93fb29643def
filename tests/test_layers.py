"""The import law: a module imports lower ranks only, equals never, and one door per dependency."""

import ast
from pathlib import Path

import pytest

import grannskap

SOURCE = Path(__file__).parents[1] / "src" / "grannskap"

RANKS = {
    "language": 0,
    "letters": 0,
    "typesetting": 2,
    "catalogue": 3,
    "contrasts": 4,
    "breaks": 4,
    "wording": 5,
    "errors": 6,
    "notes": 10,
    "datasets": 10,
    "deso": 20,
    "sources.guard": 20,
    "sources.jsonstat": 20,
    "counts": 25,
    "sources.microdata": 28,
    "land": 25,
    "project": 30,
    "sources.boundaries": 40,
    "sources.coast": 40,
    "sources.register": 40,
    "sources.changes": 45,
    "sources.interventions": 45,
    "sources.squares": 45,
    "sources.word_template": 45,
    "sources.scb": 42,
    "areas": 50,
    "dataset": 55,
    "disclosure": 57,
    "starting": 56,
    "measures.correction": 58,
    "measures.membership": 58,
    "measures.overdispersion": 59,
    "measures.proportion": 60,
    "measures.balance": 70,
    "measures.segregation": 70,
    "measures.indicators": 75,
    "measures.neighbours": 70,
    "measures.autocorrelation": 75,
    "measures.frontiers": 75,
    "analysis": 80,
    "maps.marks": 90,
    "maps.hachures": 90,
    "maps.style": 90,
    "maps.figure": 100,
    "maps.webmap": 100,
    "maps.atlas": 110,
    "outputs.exchange": 111,
    "outputs.ownership": 112,
    "outputs.moving": 114,
    "outputs.claim": 116,
    "outputs.folder": 120,
    "outputs.manifest": 120,
    "outputs.anatomy": 118,
    "outputs.area_types": 118,
    "outputs.history": 118,
    "outputs.points": 118,
    "outputs.frontiers": 119,
    "outputs.interventions": 118,
    "outputs.tables": 120,
    "outputs.qgis": 118,
    "outputs.calibration": 130,
    "outputs.geopackage": 130,
    "outputs.report": 130,
    "outputs.workbook": 130,
    "outputs.pictures": 135,
    "outputs.notebook": 138,
    "outputs.register": 120,
    "outputs.acro": 120,
    "outputs.processes": 136,
    "outputs.beside": 138,
    "outputs.write": 140,
    "outputs.towns": 145,
    "outputs.ahead": 140,
    "streams": 140,
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
    "docx": "outputs.report",
    "pptx": "outputs.report",
    "typst": "typesetting",
    "typer": "cli",
    "rich": "cli",
    "roaring_landmask": "sources.coast",
    "requests": "sources.scb",
    "urllib3": "sources.scb",
    "ibis": "sources.microdata",
    "duckdb": "sources.microdata",
    "pyspark": "sources.microdata",
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


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def named(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


every_module = pytest.mark.parametrize("path", modules(), ids=named)

# For people at a prompt: results draw themselves, through the atlas alone, when they are asked to.
AT_A_PROMPT = {"plot", "explore", "page", "_repr_html_"}


def imports_at_a_prompt(path: Path) -> set[str]:
    """What the four methods of results import inside their own bodies."""
    if named(path) != "analysis/results.py":
        return set()
    (results,) = (
        node
        for node in parsed(path).body
        if isinstance(node, ast.ClassDef) and node.name == "Results"
    )
    methods = [n for n in results.body if isinstance(n, ast.FunctionDef) and n.name in AT_A_PROMPT]
    assert {method.name for method in methods} == AT_A_PROMPT
    found = [n for m in methods for n in ast.walk(m) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert {ast.unparse(node) for node in found} == {"from grannskap.maps import atlas"}
    assert len(found) == len(AT_A_PROMPT)
    everywhere = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.ImportFrom)]
    assert len([n for n in everywhere if (n.module or "").startswith("grannskap.maps")]) == 4
    return {"grannskap.maps", "grannskap.maps.atlas"}


@every_module
def test_modules_import_lower_ranks_only(path):
    place = place_of(dotted_name(path))
    if place is None:
        package = path.name == "__init__.py" or path.name == "__main__.py"
        assert package, f"{path} has no rank"
        return
    for name in imports_of(path) - imports_at_a_prompt(path):
        if not name.startswith("grannskap"):
            continue
        other = place_of(name)
        if other is None or other == place:
            continue
        assert RANKS[other] < RANKS[place], f"{place} imports {other}"


@every_module
def test_each_dependency_has_one_door(path):
    place = place_of(dotted_name(path))
    for name in imports_of(path) - type_only_imports(path):
        door = DOORS.get(name.split(".")[0])
        assert door is None or place == door, f"{place} imports {name}, whose door is {door}"


@every_module
def test_what_is_drawn_or_written_reads_results_and_view_alone(path):
    """Not even for types: nothing that measures or reads is within reach of a map or a table."""
    if not named(path).startswith(("maps/", "outputs/")):
        return
    for name in imports_of(path):
        inside = name.removeprefix("grannskap.")
        assert not inside.startswith(("measures", "areas", "sources")), f"{path} imports {name}"
    # Nor by the short names that the package hands out.
    handed_out = {
        short: module.removeprefix("grannskap.") for short, module in grannskap._MODULES.items()
    }
    behind = {s for s, m in handed_out.items() if m.startswith(("measures", "areas", "sources"))}
    assert not {f"grannskap.{short}" for short in behind} & imports_of(path)


@every_module
def test_what_travels_cannot_be_changed_on_the_way(path):
    """A reader may count as it goes; what it hands on, and all that comes after, is frozen."""
    if named(path).startswith("sources/"):
        return
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.ClassDef):
            continue
        made = [ast.unparse(d) for d in node.decorator_list if "dataclass" in ast.unparse(d)]
        assert all("frozen=True" in how for how in made), f"{named(path)}: {node.name}"


# --- Disk at the two ends ------------------------------------------------------------------

ENDS = ("sources/", "project/", "outputs/", "datasets/", "demo.py", "cli/", "streams.py")
READERS = {"dataset/files.py", "dataset/shores.py", "analysis/reading.py", "starting/looking.py"}
"""Where a project's files are read and their checksums taken: the near end of the road."""

ON_DISK = {
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "exists", "is_file"),
    *("is_dir", "stat", "mkdir", "unlink", "iterdir", "glob", "rglob", "touch"),
    *("to_csv", "to_parquet", "to_file", "to_excel", "to_json", "read_file", "read_csv"),
    *("read_parquet", "read_excel", "savefig", "save", "mkdtemp", "TemporaryDirectory"),
}
DISK_MODULES = {"os", "shutil", "tempfile", "pathlib", "glob", "sqlite3", "zipfile"}


def calls_of(tree: ast.Module) -> list[tuple[ast.Call, str]]:
    """Every call, with the text of the outermost function that it stands in."""
    found = []
    for outer in tree.body:
        bodies = outer.body if isinstance(outer, ast.ClassDef) else [outer]
        for body in bodies:
            text = ast.unparse(body)
            found += [(node, text) for node in ast.walk(body) if isinstance(node, ast.Call)]
    return found


def is_off_disk(called: str, around: str) -> bool:
    """Whether what is read is packed with the program, or what is saved is saved into memory."""
    if called in ("read_text", "read_bytes", "is_dir", "iterdir"):
        return "resources.files(" in around
    return called in ("save", "savefig") and "BytesIO(" in around


@every_module
def test_disk_is_touched_at_the_two_ends_alone(path):
    if named(path).startswith(ENDS) or named(path) in READERS:
        return
    tree, types = parsed(path), type_only_imports(path)
    for call, around in calls_of(tree):
        called = getattr(call.func, "attr", getattr(call.func, "id", ""))
        told = f"{named(path)}:{call.lineno} {ast.unparse(call)}"
        assert called not in ON_DISK or is_off_disk(called, around), told
    modules_used = {name.split(".")[0] for name in imports_of(path) - types}
    assert not modules_used & DISK_MODULES, named(path)


def test_every_rank_is_that_of_a_module():
    there = {place_of(dotted_name(path)) for path in modules()}
    assert set(RANKS) <= there
