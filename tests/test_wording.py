"""The message catalogue: the same in both languages, all of it used, and nothing missing."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import grannskap
from grannskap import errors, wording
from grannskap.language import NOUNS, Text
from grannskap.notes import FOR_THE_OWNER

SOURCE = Path(grannskap.__file__).parent
KEY = re.compile(rf"({'|'.join(wording.PARTS)})(\.[\w -]+)+")
PLACEHOLDER = re.compile(r"\{(\w+)(?::([\w.]+))?\}")
FILES = {f"report.{kind}" for kind in ("html", "docx", "pdf", "qmd")}
PARTS_OF_ERROR = ("expected", "came", "remedy")
KINDS = {name for name in errors.__all__ if name.endswith("Error")}
WORDS = {"", "cap", "inside", "share", "percent", "label", "labels", "plain", "surface", "quoted"}
FEW = re.compile(r"few\d*")
FORMATS = {*WORDS, *NOUNS, *map(str, range(5))}


def forms(entry):
    """The texts of an entry, and what chooses among them."""
    if isinstance(entry, str):
        return {"": entry}
    return {case: text for case, text in entry.items() if case != "choose"}


def kinds_of_notes(nodes):
    """What each note that is made is called."""
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    made = [call.args[0] for call in calls if getattr(call.func, "id", "") == "Note" and call.args]
    names = {"FOR_THE_OWNER": FOR_THE_OWNER}
    return {one.value if isinstance(one, ast.Constant) else names[one.id] for one in made}


def errors_made(nodes):
    """The calls that make an error of ours; `refused` stands for any of its classes."""
    calls = (node for node in nodes if isinstance(node, ast.Call))
    return [call for call in calls if getattr(call.func, "id", "") in {*KINDS, "refused"}]


def names_of_errors(nodes):
    """What each error that is raised by a name is called."""
    made = [call.args[0] for call in errors_made(nodes) if call.args]
    named = {one.value for one in made if isinstance(one, ast.Constant)}
    return {f"errors.{name}.{part}" for name in named for part in PARTS_OF_ERROR}


def placeholders(entry):
    """What a sentence needs to be told: its placeholders, and what chooses its case."""
    chooser = set() if isinstance(entry, str) else {entry["choose"]}
    return chooser | {
        name for text in forms(entry).values() for name, _ in PLACEHOLDER.findall(text)
    }


def used_keys():
    """Every text in the program, or in its templates, that has the form of a key."""
    found = {
        how
        for part in wording.PARTS
        for entry in wording.entries(part, "sv").values()
        for text in forms(entry).values()
        for _, how in PLACEHOLDER.findall(text)
        if "." in how
    }
    for path in SOURCE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        if path.name != "errors.py":
            found |= names_of_errors(nodes)
        if path.name != "notes.py":
            found |= {f"notes.{kind}" for kind in kinds_of_notes(nodes)}
        texts = (node.value for node in nodes if isinstance(node, ast.Constant))
        found |= {text for text in texts if isinstance(text, str) and KEY.fullmatch(text)}
        found -= FILES
    for path in SOURCE.rglob("*.j2"):
        called = re.findall(r"""say\(["']([^"']+)["']""", path.read_text(encoding="utf-8"))
        assert all(KEY.fullmatch(key) for key in called), path
        found |= set(called)
    return found


def test_every_file_is_a_part_and_every_part_a_file():
    for language in ("sv", "en"):
        files = {path.stem for path in (SOURCE / "wording" / language).glob("*")}
        assert files == set(wording.PARTS)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_sentence_stands_in_two_files_of_a_part(language):
    found = Counter(
        key
        for text in wording.written("errors", language)
        for key in re.findall(r"(?m)^\[(.+)\]$", text)
    )
    assert {name for name, times in found.items() if times > 1} <= {"phrases"}


@pytest.mark.parametrize("part", wording.PARTS)
def test_both_languages_say_the_same_things_of_the_same_values(part):
    swedish, english = (wording.entries(part, language) for language in ("sv", "en"))
    assert list(swedish) == list(english)
    for name, entry in swedish.items():
        sv, en = forms(entry), forms(english[name])
        assert sv.keys() == en.keys(), name
        for case in sv:
            found = [
                {used[0] for used in PLACEHOLDER.findall(text)} for text in (sv[case], en[case])
            ]
            assert found[0] == found[1], (name, case)
        choosers = [e if isinstance(e, str) else e["choose"] for e in (entry, english[name])]
        assert isinstance(entry, str) or choosers[0] == choosers[1], name


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("part", wording.PARTS)
def test_texts_are_tidy_and_their_placeholders_known(part, language):
    for name, entry in wording.entries(part, language).items():
        for text in forms(entry).values():
            assert text
            assert "  " not in text, name
            assert "{" not in PLACEHOLDER.sub("", text), name
            hows = {how for _, how in PLACEHOLDER.findall(text)}
            assert all(KEY.fullmatch(how) or FEW.fullmatch(how) or how in FORMATS for how in hows)


def test_every_sentence_is_used_and_every_sentence_that_is_used_is_there():
    there = {f"{part}.{name}" for part in wording.PARTS for name in wording.entries(part, "sv")}
    used = used_keys()
    assert there - used == set()
    assert used - there == set()


def errors_with_values():
    """Every error that the program makes: where, its name, and the values it gives it."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            nodes = list(ast.walk(function))
            assigned = {
                node.targets[0].id: node.value
                for node in nodes
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for call in errors_made(nodes) if path.name != "errors.py" else ():
                values = [assigned.get(getattr(one, "id", ""), one) for one in call.args[1:]]
                assert not call.keywords, f"{path.name}:{call.lineno}"
                yield f"{path.name}:{call.lineno}", call.args[0], values


def test_every_error_is_a_sentence_of_both_languages_with_just_the_values_it_needs():
    entries = wording.entries("errors", "sv")
    for where, name, values in errors_with_values():
        assert isinstance(name, ast.Constant), where
        assert all(isinstance(one, ast.Dict) for one in values), where
        given = {key.value for one in values for key in one.keys}
        needed = [placeholders(entries[f"{name.value}.{part}"]) for part in PARTS_OF_ERROR]
        assert given == set().union(*needed), where


def test_a_placeholder_is_written_as_its_language_does():
    text = Text("låg", "low")
    values = {"place": text, "held": 1}
    assert wording.say("report.where.place", "sv", values) == "I låg"
    assert wording.say("report.where.place", "en", values) == "low"
    assert wording.in_both("headline.zeros", {"areas": 1234, "value": "x"}).sv == (
        "i 1\u00a0234 områden x"
    )
    assert wording.say("headline.zeros", "sv", {"areas": 1, "value": "x"}) == "i 1 område x"


def test_a_value_that_is_not_given_is_refused():
    with pytest.raises(KeyError):
        wording.say("headline.at_least", "sv")


def test_an_error_by_its_name_is_told_in_both_languages_and_travels():
    import pickle

    error = errors.DataError("no such year", {"year": "2019", "years": [2012, 2017]})
    assert str(error) == error.told("en")
    assert error.told("en").startswith("expected the year 2019 in the register, but got the years")
    assert error.told("sv") == (
        "här behövs året 2019 i registret, men där finns 2012, 2017. "
        "Rätta year, compare eller years i projektfilen."
    )
    other = pickle.loads(pickle.dumps(error))
    assert (type(other), str(other), other.told("sv")) == (
        errors.DataError,
        str(error),
        error.told("sv"),
    )
