"""Every key of the project file takes what it is for, or refuses it in one line.

The keys are read off the models, so that a new one is asked as well.
"""

import copy
import datetime as dt
import itertools
import os
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import asked
import pytest
import small_town
from pydantic import BaseModel

from grannskap import project
from grannskap.errors import GrannskapError
from grannskap.project import Project

MORE = "GRANNSKAP_FUZZ" in os.environ
"""Also read the town's files with what was taken, which takes minutes."""

VALUES: dict[str, object] = {
    "yes": True,
    "nought": 0,
    "minus one": -1,
    "a whole number of 19 digits": 2**63 - 1,
    "a whole number of 1,000 digits": 10**999,
    "a fraction": 0.5,
    "a huge number": 1e308,
    "infinity": float("inf"),
    "minus infinity": float("-inf"),
    "no number": float("nan"),
    "no letters": "",
    "a word": "banana",
    "20,000 letters": "A" * 20_000,
    "a control character": "a\x1b[2Jb",
    "a zero": "a\x00b",
    "letters that turn": "a\u202egpj.b",
    "no character": "a\uffffb",
    "markup": "<script>alert(1)</script>",
    "an expression": "[% env('HOME') %]",
    "a formula": "=HYPERLINK(1)",
    "a way out": "../../../etc/passwd",
    "a day": dt.date(2022, 1, 1),
    "a list of nothing": [],
    "a list of no numbers": [float("nan"), float("inf")],
    "a list of lists": [[[1]]],
    "a list of yes and no": [True, False],
    "a list of texts": ["a", "b"],
    "3,000 numbers": list(range(3000)),
    "a table": {"a": 1},
    "a table of tables": {"a": {"b": {"c": {"d": 1}}}},
    "a list of tables": [{"a": 1}],
}

WHOLE = {
    "title": "Lilla staden",
    "boundaries": {"path": "boundaries.geojson", "division": 2018},
    "register": [
        {
            "path": "register.csv",
            "year": 2022,
            "columns": {"low": "låg", "high": "hög", "households": "alla"},
        }
    ],
    "neighbourhoods": [{"name": "Norr", "path": "north.geojson"}],
    "overlays": [{"path": "overlay.geojson", "label": "Utsatt"}],
    "maps": [{"variable": "balance"}],
}


def models(annotation: object) -> Iterator[tuple[type[BaseModel], bool]]:
    """Models in a field, and whether they stand in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, False
    for inner in get_args(annotation) if get_origin(annotation) is not Literal else ():
        for model, _ in models(inner):
            yield model, get_origin(annotation) is list


def keys(model: type[BaseModel], before: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for name, field in model.model_fields.items():
        here = (*before, field.alias or name)
        yield here
        for inner, listed in models(field.annotation):
            yield from keys(inner, (*here, 0) if listed else here)


KEYS = list(keys(Project))
CASES = [(key, kind) for key in KEYS for kind in VALUES]


def with_value(key: tuple[Any, ...], value: object) -> dict[str, Any]:
    """The town's project with one value changed."""
    whole: Any = copy.deepcopy(WHOLE)
    place = whole
    for part, after in itertools.pairwise(key):
        if isinstance(place, list) and not place:
            place.append({})
        elif isinstance(place, dict) and part not in place:
            place[part] = [] if after == 0 else {}
        place = place[part]
    if isinstance(place, list) and not place:
        place.append({})
    place[key[-1]] = value
    if key[:1] == ("boundaries",) and key[1:2] == ("names",) and len(key) == 3:
        whole["boundaries"]["names"] = {"path": "names.csv", "name": "a"} | place
    return whole


def toml(value: object) -> str:
    """A value as TOML writes it, in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        special = {'"': '\\"', "\\": "\\\\"}
        letters = (
            special.get(one) or (one if one.isprintable() else f"\\U{ord(one):08x}")
            for one in value
        )
        return f'"{"".join(letters)}"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(one)}" for key, one in value.items()) + "}"
    return repr(value) if not isinstance(value, dt.date) else value.isoformat()


def written(content: dict[str, Any], file) -> None:
    text = "\n".join(f"{toml(key)} = {toml(value)}" for key, value in content.items())
    file.write_text(text + "\n", encoding="utf-8")


def test_the_keys_are_many_and_the_project_itself_is_right(tmp_path):
    assert len(CASES) >= 2088
    file = small_town.build(tmp_path)
    written(WHOLE, file)
    assert asked.here("check", file).done


@pytest.mark.parametrize("key", KEYS, ids=lambda key: ".".join(map(str, key)))
def test_a_key_takes_a_value_or_refuses_it_in_one_line(key, tmp_path):
    """Whatever is no error of ours comes out as it is, and fails."""
    file = small_town.build(tmp_path)
    for kind, value in VALUES.items():
        written(with_value(key, value), file)
        told = refusal(file)
        assert told is not None or kind not in NEVER, f"{key} takes {kind}"
        if told is not None:
            assert told.isprintable(), kind
            assert len(told) < 3500, kind
        elif MORE:
            answer = asked.here("check", file)
            assert answer.refused or answer.done, (kind, answer)


def refusal(file) -> str | None:
    try:
        project.read(file)
    except GrannskapError as error:
        return str(error)
    return None


NEVER = {
    "a whole number of 1,000 digits",
    "infinity",
    "minus infinity",
    "no number",
    "20,000 letters",
    "a control character",
    "a zero",
    "letters that turn",
    "no character",
    "a list of no numbers",
    "a list of yes and no",
    "3,000 numbers",
    "a table of tables",
    "a list of lists",
}
"""What no key takes, whatever it is for."""


YES_OR_NO = {
    *("empirical_bayes", "sensitivity", "correlogram", "counts", "inset"),
    *("zeros", "all_the_same", "country"),
}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: ".".join(map(str, key)))
def test_yes_and_no_are_no_numbers_and_numbers_no_yes(key, tmp_path):
    file = small_town.build(tmp_path)
    for value in (True, 1, 1.0):
        written(with_value(key, value), file)
        if (key[-1] in YES_OR_NO) != isinstance(value, bool):
            told = refusal(file)
            assert told is not None or not (isinstance(value, bool) or key[-1] in YES_OR_NO)


@pytest.mark.parametrize("kind", sorted(NEVER))
def test_the_command_line_tells_a_wrong_value_in_one_line(kind, tmp_path):
    file = small_town.build(tmp_path)
    written(with_value(("balance", "edges"), VALUES[kind]), file)
    assert asked.here("run", file, "--out", str(tmp_path / "out")).refused
    assert not (tmp_path / "out").exists()


DOTTED = ".".join("a" * 5000)
FILES = {
    "arrays 5,000 deep": "x = " + "[" * 5000 + "]" * 5000,
    "arrays 100 deep": "title = " + "[" * 100 + "]" * 100,
    "tables 5,000 deep": "x = " + "{a = " * 5000 + "1" + "}" * 5000,
    "a key of 5,000 parts": f"{DOTTED} = 1",
    "a table of 5,000 parts": f"[{DOTTED}]\n",
    "a key of 150 parts": ".".join("a" * 150) + " = 1",
    "a number of 5,000 digits": "year = " + "9" * 5000,
    "a number of 5,000 hexadecimal digits": "year = 0x" + "f" * 5000,
    "a million keys": "".join(f"k{n} = 1\n" for n in range(1_000_000)),
    "nothing": "",
    "half a surrogate pair": 'title = "\\ud800"',
    "a zero": "title = 'a\x00b'",
    "a carriage return": "title = 'a\rb'",
    "an open text": 'title = """' + "a\n" * 1000,
    "UTF-16": "title = 'a'".encode("utf-16"),
    "zeros": b"\0" * 1000,
    "bytes of all kinds": bytes(range(256)),
    "a list": "[[[[",
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_told_in_one_line(name, tmp_path):
    content = FILES[name]
    file = tmp_path / "project.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    for command in ("check", "run"):
        assert asked.here(command, file).refused


@pytest.mark.parametrize("name", ["pipe", "device", "folder", "100 GB", "link", "a" * 300])
def test_a_project_that_is_no_file_is_told_in_one_line(name, tmp_path):
    file = tmp_path / name
    if name == "pipe":
        os.mkfifo(file)
    elif name == "device":
        file.symlink_to("/dev/zero")
    elif name == "folder":
        file.mkdir()
    elif name == "link":
        file.symlink_to(file)
    elif name == "100 GB":
        with file.open("wb") as stream:
            stream.truncate(100 * 10**9)
    alone = name in ("pipe", "device", "100 GB")
    answer = (asked.alone if alone else asked.here)("check", file)
    assert answer.refused, answer
