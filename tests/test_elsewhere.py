"""What differs on Windows and macOS, held where neither is at hand."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "grannskap"
MODULES = sorted(SOURCE.rglob("*.py"))

# Where a system's own calls stand, each behind a question which system it is.
BY_SYSTEM = {"outputs/exchange.py"}

ONE_SYSTEM_ALONE = {
    *(
        "fcntl",
        "grp",
        "pwd",
        "resource",
        "termios",
        "pty",
        "syslog",
        "msvcrt",
        "winreg",
        "winsound",
    ),
    *("fork", "mkfifo", "mknod", "geteuid", "getuid", "getgid", "chown", "lchown", "chroot"),
    *("symlink", "uname", "statvfs", "getpgid", "setsid", "killpg", "SIGKILL", "SIGHUP", "SIGALRM"),
    *("alarm", "sched_getaffinity", "O_NOFOLLOW", "O_DIRECTORY", "O_CLOEXEC", "O_NONBLOCK"),
}

# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
RESERVED = {"con", "prn", "aux", "nul", *(f"{a}{n}" for a in ("com", "lpt") for n in range(10))}
FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


def named(path):
    return path.relative_to(SOURCE).as_posix()


every_module = pytest.mark.parametrize("path", MODULES, ids=named)


@every_module
def test_no_call_of_one_system_outside_of_its_module(path):
    if named(path) in BY_SYSTEM:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            used |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            used |= {node.module or "", *(name.name for name in node.names)}
    assert not used & ONE_SYSTEM_ALONE
    paths = ("/tmp", "/dev/", "/proc/", "/etc/", "/var/", "C:\\")
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    assert [t for t in texts if isinstance(t, str) and t.startswith(paths)] == []


def mode_of(call, position):
    given = [*call.args[position : position + 1]]
    given += [one.value for one in call.keywords if one.arg == "mode"]
    return given[0].value if given and isinstance(given[0], ast.Constant) else "r"


@every_module
def test_every_text_file_is_opened_with_its_encoding_and_written_with_its_line_ends(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        given = {one.arg for one in call.keywords}
        told = f"{named(path)}:{call.lineno} {ast.unparse(call)}"
        if name in ("read_text", "write_text"):
            assert "encoding" in given, told
        if name == "open" and not ast.unparse(call.func).startswith(("os.", "archive.", "Image.")):
            mode = mode_of(call, 0 if isinstance(call.func, ast.Attribute) else 1)
            if "b" not in mode:
                assert "encoding" in given, told
                kept = "devnull" not in told
                assert "r" in mode or "newline" in given or not kept, told


def test_every_written_name_is_one_that_every_system_can_hold(demo_folder):
    names = [path.relative_to(demo_folder) for path in demo_folder.rglob("*")]
    for name in names:
        assert len(str(name)) < 80, name
        for part in name.parts:
            assert part.split(".")[0].lower() not in RESERVED
            assert not set(part) & FORBIDDEN
            assert part == part.rstrip(". ")
            assert part.isascii()
    assert len({str(name).lower() for name in names}) == len(names)


def test_names_of_places_name_no_file(demo_results, demo_view, demo_folder):
    """A neighbourhood called CON and a title of nul. change nothing in what files are called."""
    from dataclasses import replace

    from grannskap.outputs import pictures

    places = [replace(one, name=name) for one, name in zip(
        demo_results.dataset.neighbourhoods, ("CON", "nul.", "a:b", "../x", "A", "a"), strict=False
    )]  # fmt: skip
    dataset = replace(demo_results.dataset, neighbourhoods=tuple(places))
    results = replace(demo_results, dataset=dataset)
    view = replace(demo_view, title="nul.", subtitle="../../x:y?*")
    drawn = pictures.draw(results, view)
    here = {p.relative_to(demo_folder).as_posix() for p in (demo_folder / "maps").iterdir()}
    assert set(drawn.files) <= here


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "cp437"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=["cp1252", "cp437", "ascii", "locale C"],
)
def test_a_console_that_lacks_letters_never_fails(environment, tmp_path):
    own = {**os.environ, **environment}
    command = [sys.executable, "-m", "grannskap"]
    for arguments, code in ((["--help"], 0), (["run", "--help"], 0), (["check", "å→😀.toml"], 2)):
        done = subprocess.run(
            [*command, *arguments], capture_output=True, env=own, cwd=tmp_path, check=False
        )
        assert done.returncode == code, done.stderr
        assert b"Traceback" not in done.stderr
        assert done.stderr.count(b"\n") == (1 if code else 0)


def test_the_workflow_runs_on_every_system_and_python_that_is_promised():
    text = (SOURCE.parents[1] / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    for word in ("windows-latest", "macos-latest", '"3.11"', '"3.12"', '"3.13"', '"3.14"'):
        assert word in text


def test_every_import_of_the_package_is_found_under_its_own_letters():
    """On Windows and macOS Import and import are one file."""
    for folder in {path.parent for path in MODULES}:
        names = [path.name.lower() for path in folder.iterdir()]
        assert len(set(names)) == len(names), folder
    assert importlib.util.find_spec("grannskap") is not None
