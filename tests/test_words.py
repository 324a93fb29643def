"""The word list: one thing has one name in everything that is written in Swedish."""

import json
import re
from io import BytesIO

import pytest

import towns
from grannskap import analysis, wording
from grannskap.analysis import View
from test_claims import every_text
from test_report import Page
from test_webmap import unpacked

# What each concept is never called, beside what it is called.
NEVER = {
    "balansmått": r"kvot|hög balans",
    "båda polerna": r"ena polen|den fattiga|de rika",
    "hushåll med låg köpkraft": r"fattiga?|låginkomst\w*|låg inkomst|hög inkomst",
    "kan bero på slumpen": r"ej skil\w+ från|ej signifikant|signifikant\w*",
    "uppgift saknas": r"bortfall\w*",
    "dold av sekretess": r"prickad\w*",
    "minst, högst": r"undre gräns\w*|nedre gräns\w*",
    "slumpmässigt justerat": r"störda?|stört",
    "medelvärde": r"medel|snitt|genomsnitt\w*|medeltal",
    "värde för levnadsvillkor": r"poäng\w*",
    "lägst värde": r"sämst|sämsta|värst|värsta|botten",
    "samlade områden": r"träff|träffar|utpekad\w*",
    "justerat p-värde": r"rättat p",
    "jämförelse med slumpen": r"pröv\w+",
    "slumpmässig omfördelning": r"omkast\w+|permutation(?!s\b)\w*",
    "håller mönstret?": r"står sig",
    "valda områden": r"urval\w*",
    "startvärde": r"frö|slumpfrö\w*",
    "olikhetsindex": r"(?<!boverkets )ojämlikhetsindex",
    "och": r"samt|respektive",
}

AS_DATA = re.compile(r"9999[ABC]\d{4}|https?://\S+|[\w-]+\.(?:csv|xlsx|json|html|gpkg|toml)")


def texts_of_page(html):
    head, _ = unpacked(html)
    return json.dumps(head, ensure_ascii=False)


@pytest.fixture(scope="module")
def written(demo_folder):
    """Everything of the made-up town that a reader of Swedish meets, by file."""
    from openpyxl import load_workbook

    found = {}
    for path in sorted(demo_folder.rglob("*")):
        name = path.relative_to(demo_folder).as_posix()
        if path.suffix in (".txt", ".toml", ".md"):
            found[name] = path.read_text(encoding="utf-8")
        if path.suffix == ".html" and path.name != "map.html":
            found[name] = ". ".join(text for _, text in Page(path.read_text("utf-8")).texts)
    found["maps/map.html"] = texts_of_page((demo_folder / "maps/map.html").read_text("utf-8"))
    book = load_workbook(BytesIO((demo_folder / "tables.xlsx").read_bytes()))
    for sheet in book:
        cells = (str(cell.value or "") for row in sheet.iter_rows() for cell in row)
        found[f"tables.xlsx: {sheet.title}"] = "; ".join([sheet.title, *cells])
    told = json.loads((demo_folder / "manifest.json").read_text("utf-8"))["notes"]
    found["manifest.json"] = " ".join(note["text"] for note in told)
    return {name: AS_DATA.sub(" ", text) for name, text in found.items()}


@pytest.mark.parametrize("name", NEVER)
def test_one_thing_has_one_name(written, name):
    never = re.compile(rf"\b(?:{NEVER[name]})\b", re.IGNORECASE)
    hits = {
        (where, found[0])
        for where, text in written.items()
        for found in [never.search(text)]
        if found
    }
    assert not hits, f"say {name}"


@pytest.mark.parametrize("name", NEVER)
def test_one_thing_has_one_name_in_what_the_program_says_too(name):
    never = re.compile(rf"\b(?:{NEVER[name]})\b", re.IGNORECASE)
    said = {
        f"{part}.{key}": case
        for part in ("errors", "program", "notes")
        for key, entry in wording.entries(part, "sv").items()
        for case in ([entry] if isinstance(entry, str) else entry.values())
    }
    hits = {
        (key, found[0]) for key, text in said.items() for found in [never.search(text)] if found
    }
    assert not hits, f"say {name}"


def test_ratios_minus_signs_and_what_is_small_are_written_one_way(written):
    for where, text in written.items():
        if where.endswith(".toml"):
            continue
        assert not re.search(r"\d,\d\dx\b|\b\d+x\b", text), where
        assert not re.search(r"(?<![\w\d–-])-\d+,\d", text), where
        assert not re.search(r"<\d", text), where


def test_years_are_written_once(written):
    for where, text in written.items():
        assert not re.search(r"(\d{4})–(\d{4}), \2", text), where


# --- Persons have economic standard, households purchasing power ------------------------------


@pytest.fixture(scope="module")
def persons():
    return analysis.run(towns.of_persons(towns.with_few_poor_in_one_corner()).dataset())


@pytest.mark.parametrize(
    ("language", "never", "says"),
    [
        ("sv", r"köpkraft|hushåll", "personer med låg ekonomisk standard på 100 med hög"),
        ("en", r"purchasing power|household", "persons with low economic standard for every 100"),
    ],
)
def test_persons_are_never_called_households_nor_their_standard_purchasing_power(
    persons, language, never, says
):
    view = View(title="Stad 2017", language=language)
    texts = every_text(persons, view)
    assert says in texts["report"]
    files = {where: text for where, text in texts.items() if not where.startswith("table ")}
    files["manifest"] = " ".join(note["text"] for note in json.loads(texts["manifest"])["notes"])
    for where, text in files.items():
        found = re.search(rf"[^.;]*(?:{never})[^.;]*", text, re.IGNORECASE)
        assert not found or "households" in found[0], (where, found[0])
