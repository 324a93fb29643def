"""The command line as people meet it: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "numpy", "geopandas", "matplotlib", "folium", "libpysal", "pydantic", "rich")


def grannskap(*arguments, cwd=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "grannskap", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
    )


def one_line(done) -> str:
    text = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 2, text
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


def test_help_and_version_load_nothing_heavy():
    program = (
        "import sys; from grannskap import cli\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", program, option], capture_output=True, check=True, text=True
        )
        assert done.stdout.splitlines()[-1] == "[]"


DISPENSABLE = ("libpysal", "numba", "sklearn", "scipy.stats", "folium", "mapclassify")


def test_a_run_imports_nothing_that_it_can_do_without(tmp_path):
    """Each takes longer to import than what it would do: libpysal longer than all the tests."""
    program = (
        "import sys; from grannskap import cli\n"
        "try: cli.main()\nexcept SystemExit as done: assert not done.code\n"
        f"print([name for name in {DISPENSABLE!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "demo", "--out", str(tmp_path / "out")],
        capture_output=True,
        check=True,
        text=True,
    )
    assert (tmp_path / "out" / "tables" / "autocorrelation.csv").is_file()
    assert done.stdout.splitlines()[-1] == "[]"


def test_version_is_the_packages():
    from grannskap import __version__

    assert grannskap("--version").stdout.decode().split() == ["grannskap", __version__]


@pytest.mark.parametrize("command", ["demo", "run", "check", "init", "calibrate"])
def test_every_command_has_help(command):
    done = grannskap(command, "--help")
    assert done.returncode == 0
    assert f"grannskap {command}" in done.stdout.decode()


def test_init_writes_a_project_once(tmp_path):
    assert grannskap("init", tmp_path / "å").returncode == 0
    assert "title" in (tmp_path / "å" / "project.toml").read_text(encoding="utf-8")
    assert "exists" in one_line(grannskap("init", tmp_path / "å"))


def test_a_missing_project_is_one_line_and_exit_2(tmp_path):
    assert "grannskap init" in one_line(grannskap("run", tmp_path / "none.toml"))


def test_check_says_what_was_found_and_writes_nothing(demo_folder):
    before = sorted(demo_folder.rglob("*"))
    done = grannskap("check", demo_folder / "project.toml", PYTHONIOENCODING="utf-8")
    told = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "Områden: 91" in told
    assert "2012, 2017" in told
    assert sorted(demo_folder.rglob("*")) == before
    assert done.stderr == b""


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
    ids=["cp1252", "locale C"],
)
def test_redirected_output_never_fails_on_a_letter(demo_folder, environment):
    done = grannskap("check", demo_folder / "project.toml", **environment)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def test_a_folder_with_other_files_is_refused_before_anything_is_read(demo_folder, tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    done = grannskap("run", demo_folder / "project.toml", "--out", tmp_path)
    assert "thesis.docx" in one_line(done)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_an_output_folder_that_cannot_be_written_is_told(demo_folder, tmp_path):
    (tmp_path / "file").touch()
    done = grannskap("run", demo_folder / "project.toml", "--out", tmp_path / "file" / "out")
    assert "rättighet att skriva" in one_line(done)


def test_python_m_and_the_script_are_one(tmp_path):
    script = Path(sys.executable).with_name("grannskap")
    if not script.exists():
        pytest.fail("the grannskap script is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, check=True)
    assert done.stdout == grannskap("--version").stdout


@pytest.mark.parametrize(
    ("tongue", "helps", "says"),
    [
        ("sv_SE.UTF-8", "Projektfilen.", "här behövs en mapp utan projektfil, men"),
        ("C.UTF-8", "The project file.", "expected a folder without a project file, but got"),
    ],
)
def test_the_program_speaks_the_language_of_the_system(tmp_path, tongue, helps, says):
    spoken = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": tongue, "PYTHONUTF8": "1"}
    assert helps in grannskap("run", "--help", **spoken).stdout.decode("utf-8")
    assert grannskap("init", tmp_path, **spoken).returncode == 0
    assert says in one_line(grannskap("init", tmp_path, **spoken))


def test_a_mistake_in_a_swedish_project_is_told_in_swedish(demo_folder, tmp_path):
    import shutil

    shutil.copytree(demo_folder / "inputs", tmp_path / "inputs")
    text = (demo_folder / "project.toml").read_text(encoding="utf-8")
    assert 'language = "sv"' in text or "language" not in text
    text = text.replace("year = 2017", "year = 2016", 1)
    (tmp_path / "project.toml").write_text(text, encoding="utf-8")
    done = grannskap("run", tmp_path / "project.toml", LANG="C.UTF-8", PYTHONUTF8="1")
    assert "här behövs året 2016 i registret" in one_line(done)


MISTAKES = {
    ("run",): ("här behövs PROJECT.toml, men det saknas", "Missing PROJECT.toml"),
    ("rn",): ("kommandot rn finns inte. Menade du run?", "No such command rn. Did you mean run?"),
    ("run", "--ut", "x"): ("valet --ut finns inte", "No such option --ut"),
    ("run", "a", "b"): ("b är för mycket", "Unexpected b"),
    ("run", "--out"): ("här behövs ett värde till --out", "--out requires an argument"),
    ("--version=3",): ("--version tar inget värde", "--version does not take a value"),
}


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_in_the_arguments_is_told_in_one_line_of_the_systems_language(arguments):
    for tongue, says in zip(("sv_SE.UTF-8", "C.UTF-8"), MISTAKES[arguments], strict=True):
        done = grannskap(*arguments, LC_ALL="", LC_MESSAGES="", LANG=tongue, PYTHONUTF8="1")
        assert says in one_line(done)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("run", "--help"), ("init", "--help")])
def test_no_english_word_of_typer_is_left_on_a_swedish_page_of_help(arguments):
    done = grannskap(*arguments, LC_ALL="", LC_MESSAGES="", LANG="sv_SE.UTF-8", PYTHONUTF8="1")
    page = done.stdout.decode("utf-8")
    assert done.returncode == 0
    assert page.startswith("Så här:")
    for word in (
        "Usage",
        "Options",
        "OPTIONS",
        "Arguments",
        "Commands",
        "ARGS",
        "Show",
        "required",
    ):
        assert word not in page, page
    assert "default" not in page, page
