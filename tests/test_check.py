"""What `grannskap check` says: all that a run refuses, what it will draw, and how long it takes."""

import re
import shutil

import pytest

from grannskap import cli, datasets
from grannskap.errors import GrannskapError


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return datasets.write_inputs(tmp_path_factory.mktemp("stad"))


def in_table(table, line):
    """Put a line at the beginning of a table, or the table at the end."""
    return lambda text: (
        text.replace(f"[{table}]", f"[{table}]\n{line}", 1)
        if f"\n[{table}]" in text
        else f"{text}\n[{table}]\n{line}\n"
    )


def at_top(line):
    """Put a line for a key of the project in place of what stands there."""
    key = line.split(" ")[0]
    return lambda text: f"{line}\n" + re.sub(rf"(?m)^{key} = .*\n", "", text)


def without(pattern):
    return lambda text: re.sub(pattern, "", text)


def of_map(*lines):
    return lambda text: "\n".join([text, "[[maps]]", *lines, ""])


REFUSED = {
    "year": at_top("year = 2016"),
    "compare": at_top("compare = 2013"),
    "view": at_top('view = "0380"'),
    "name": at_top('view = "Upsala"'),
    "small view": at_top('view = "9999C1010"'),
    "poles": in_table("balance", 'low = "nobody"'),
    "edges": in_table("balance", "edges = [2.0, 1.0]"),
    "colours": in_table("balance", 'colours = ["#ffffff"]'),
    "alike": in_table("balance", 'edges = [1.0]\ncolours = ["#808080", "#818181"]'),
    "test scope": in_table("autocorrelation", 'scope = "9999C1010"'),
    "around": in_table("autocorrelation", 'around = "low_income_share"'),
    "bayes": in_table("autocorrelation", "empirical_bayes = true\nx = 1"),
    "kernel": in_table("autocorrelation.neighbours", 'kind = "kernel"'),
    "variable": of_map('variable = "owned_shar"'),
    "classes": of_map('variable = "low_income_share"', "edges = [0.3, 0.2]"),
    "class colours": of_map('variable = "low_income_share"', "k = 3", 'colours = ["#ffffff"]'),
    "pair": in_table("map", 'also = ["two-variables"]\nvariables = ["low", "low"]'),
    "towns": in_table("map", 'also = ["towns"]'),
    "extent": in_table("map", 'extent = "0380"'),
    "neighbourhood": lambda text: f'{text}\n[[neighbourhoods]]\nname = "A"\nareas = ["Berget"]\n',
    "toml": lambda text: text.replace("title = ", "title ", 1),
    "outside": lambda text: text.replace('"inputs/register.csv"', '"../register.csv"'),
    "missing": lambda text: text.replace('"inputs/register.csv"', '"inputs/none.csv"'),
}


def refusal(command, file):
    try:
        command(file)
    except GrannskapError as error:
        return error.told("sv")
    return None


@pytest.mark.parametrize("name", REFUSED)
def test_a_check_refuses_what_a_run_refuses_in_the_same_words(town, tmp_path, name):
    shutil.copytree(town.parent, tmp_path, dirs_exist_ok=True)
    file = tmp_path / "project.toml"
    text = town.read_text(encoding="utf-8")
    file.write_text(REFUSED[name](text), encoding="utf-8")
    told = refusal(cli.run, file)
    assert told is not None
    assert refusal(cli.check, file) == told
    assert not (tmp_path / "outputs").exists()


def test_a_check_refuses_a_folder_that_a_run_may_not_replace(town, tmp_path):
    (tmp_path / "mine.txt").touch()
    told = refusal(lambda file: cli.run(file, tmp_path), town)
    assert "mine.txt" in told
    assert refusal(lambda file: cli.check(file, tmp_path), town) == told


def test_a_check_says_what_is_drawn_and_how_long_it_takes_on_one_screen(town, capsys):
    cli.check(town)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert any(re.fullmatch(r"Ritar \d+ kartor och bilder:", line) for line in lines)
    assert any("interaktiv sida" in line and "tabeller" in line for line in lines)
    assert re.fullmatch(r"En körning tar omkring \d+ sekunder på den här datorn", lines[-1])
