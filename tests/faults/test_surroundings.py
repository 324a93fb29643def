"""Full disks, other people's folders, closed streams, no home: one line, and nothing is lost."""

import ast
import contextlib
import functools
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import kills
import town

from grannskap.errors import OutputError
from grannskap.outputs import claim, exchange, folder

SOURCE = Path(folder.__file__).parents[1]
NOBODY = 65534

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and streams")


@pytest.fixture
def earlier(tmp_path):
    return kills.lay_out(tmp_path)


def refused_in_a_child(capfd, task, *, names):
    """What a process of its own, with other rights than ours, is told in one line."""
    assert kills.in_a_child(task) == kills.REFUSED
    (line,) = capfd.readouterr().err.splitlines()
    assert names in line


# -- full disks --------------------------------------------------------------------------------


def test_a_file_that_does_not_fit_leaves_everything(earlier, capfd):
    resource = pytest.importorskip("resource")

    def task() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        folder.replace(earlier, {"a.txt": b"new", "z.txt": b"x" * 30_000})

    before = kills.files_of(earlier)
    refused_in_a_child(capfd, task, names="File too large")
    assert kills.files_of(earlier) == before
    kills.assert_tidy(earlier, told="too large")


@pytest.fixture
def small_disk(tmp_path):
    """Two megabytes of their own, where this account may mount them."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=2m,nr_inodes=80", "tmpfs", str(place)]
    done = subprocess.run(["mount", *options], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("mounting a disk is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_everything(small_disk, monkeypatch):
    monkeypatch.setattr(claim, "_ROOM", 0)
    out = kills.lay_out(small_disk)
    before = kills.files_of(out)
    too_much = ({"a.txt": b"new", "z.txt": b"x" * 3_000_000}, {f"{k}.txt": b"" for k in range(99)})
    for files in too_much:
        with pytest.raises(OutputError, match="No space left"):
            folder.replace(out, files)
        assert kills.files_of(out) == before
        kills.assert_tidy(out, told="full")
    folder.replace(out, kills.version(1))
    assert kills.assert_whole(out, told="after it was full") == 1


def test_a_small_disk_is_refused_before_the_work_and_its_root_as_well(small_disk):
    with pytest.raises(OutputError, match="MB free"):
        folder.check(small_disk / "out")
    with pytest.raises(OutputError, match="a disk of its own"):
        folder.check(small_disk)
    out = small_disk.parent / "out"
    folder.replace(out, {"a.txt": b"new"})
    (out / "inner").mkdir()
    subprocess.run(["mount", "--bind", str(small_disk), str(out / "inner")], check=True)
    try:
        with pytest.raises(OutputError, match="inner, a disk of its own"):
            folder.check(out)
    finally:
        subprocess.run(["umount", str(out / "inner")], check=True)


# -- folders of others -------------------------------------------------------------------------


@pytest.fixture
def shared():
    """A folder that another account may reach, as pytest's own are closed to it."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o777)
        yield Path(made)


def as_nobody(task):
    """The task as an account without rights; as our own, where that has none either."""

    def dropped() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        task()

    return dropped


@pytest.mark.parametrize("closed", ["out å", "out å/maps", "."])
def test_a_folder_that_is_read_only_is_refused_before_the_work(shared, capfd, closed):
    out = kills.lay_out(shared)
    for path in (shared, out, *out.rglob("*")):
        if path.is_dir():
            path.chmod(0o777)
    (shared / closed).chmod(0o555)
    try:
        task = as_nobody(lambda: folder.check(out))
        refused_in_a_child(capfd, task, names="Permission denied" if closed == "." else "cannot")
    finally:
        (shared / closed).chmod(0o777)
    kills.assert_whole(out, told=closed)
    kills.assert_tidy(out, told=closed)


def test_files_of_a_colleague_are_kept_the_same_files(shared):
    """Some may not be linked by whoever may not write them, and some not even be read."""
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    out = kills.lay_out(shared)
    (out / "secret.txt").write_bytes(b"secret")
    (out / "secret.txt").chmod(0o600)
    for path in (out, *out.rglob("*")):
        if path.is_dir():
            path.chmod(0o777)
    (shared / f".{out.name}.lock").touch(mode=0o600)  # left by a run of root's that was killed
    (shared / f".{out.name}.lock").chmod(0o644)
    seen = [*kills.seen_of(out), (out / "secret.txt").stat().st_ino]
    assert kills.in_a_child(as_nobody(lambda: folder.replace(out, kills.version(1)))) == 0
    assert kills.assert_whole(out, told="nobody") == 1
    assert [*kills.seen_of(out), (out / "secret.txt").stat().st_ino] == seen
    assert (out / "mine.txt").stat().st_uid == 0
    assert stat.S_IMODE((out / "secret.txt").stat().st_mode) == 0o600


# -- streams -----------------------------------------------------------------------------------


def shell(words, tmp_path, **environment):
    """A command line in a shell; no traceback, and at most one line of complaint."""
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m grannskap {words}', sys.executable],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, **environment},
        check=False,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--version >&-", 0, ""),
        ("init new >&- 2>&- <&-", 0, ""),
        ("init old >&- 2>&- <&-", 2, ""),
        ("init old 2>&-", 2, ""),
        ("init old 2>/dev/full", 2, ""),
        ("--nonsense 2>/dev/full", 2, ""),
        ("--version >/dev/full", 2, "No space left on device"),
        ("--help >/dev/full", 2, "No space left on device"),
        ("init new >/dev/full", 2, "No space left on device"),
        ("init new >/dev/full 2>/dev/full", 2, ""),
    ],
)
def test_streams_that_are_closed_or_full(tmp_path, words, code, said, unbuffered):
    if not Path("/dev/full").exists() and "/dev/full" in words:
        pytest.skip("mounting a disk is not allowed here, and there is no /dev/full")
    kills.cli.init(tmp_path / "old")
    done = shell(words, tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == (1 if said else done.stderr.count("\n") and 0)
    if "new" in words:
        assert (tmp_path / "new" / "project.toml").is_file()


# -- whole runs: no streams, no home, no caches, an interrupt ----------------------------------


def test_a_run_without_streams_home_or_caches_writes_what_any_run_writes(tmp_path):
    """What libraries print must not end up in our files, whose numbers the streams had."""
    town.write(tmp_path)
    usual = shell("run project.toml --out usual", tmp_path)
    assert usual.returncode == 0, usual.stderr
    bare = {"HOME": "/proc/none", "MPLCONFIGDIR": "/proc/none", "XDG_CACHE_HOME": "/proc/none"}
    bare |= {"NUMBA_CACHE_DIR": "/proc/none", "TMPDIR": "/proc/none", "XDG_CONFIG_HOME": "/proc/no"}
    told = shell("run project.toml --out bare", tmp_path, **bare)
    assert (told.returncode, told.stderr) == (0, "")
    done = subprocess.run(
        ["sh", "-c", '"$0" -m grannskap run project.toml --out mute >&- 2>&- <&-', sys.executable],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in ("HOME", "USER")},
        check=False,
    )
    assert done.returncode == 0
    for name in ("bare", "mute"):
        assert kills.files_of(tmp_path / name) == kills.files_of(tmp_path / "usual"), name


def test_an_interrupt_leaves_nothing_behind(tmp_path):
    town.write(tmp_path)
    words = [sys.executable, "-m", "grannskap", "run", "project.toml", "--out", "out"]
    # What a shell runs in the background hears no interrupt, and hands that on.
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(
        words, cwd=tmp_path, stderr=subprocess.PIPE,
        preexec_fn=heard,  # noqa: PLW1509 - no other thread runs here
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".out.partial-*")) and time.monotonic() < until:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode not in (0, 2)
    assert b"Traceback" not in said, said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "project.toml"]


# -- what only one system has ------------------------------------------------------------------

POSIX_MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "ctypes"}
POSIX_CALLS = {
    *("fork", "forkpty", "getuid", "geteuid", "getgid", "getegid", "setuid", "setgid", "setsid"),
    *("chown", "lchown", "fchown", "fchmod", "mkfifo", "mknod", "pathconf", "statvfs", "killpg"),
    *("sched_getaffinity", "getloadavg", "uname", "nice", "sync", "posix_fallocate", "fdatasync"),
    *("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY", "wait4", "waitid", "pipe2"),
    *("SIGKILL", "SIGALRM", "SIGPIPE", "SIGHUP", "setitimer", "alarm", "siginterrupt"),
}
SYSTEM_MODULES = {"os", "signal", "time"}


def test_what_windows_lacks_is_called_in_one_module_alone():
    """``getattr(os, "O_NONBLOCK", 0)`` asks first, and is no call."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                words = {alias.name.split(".")[0] for alias in node.names} & POSIX_MODULES
            elif isinstance(node, ast.ImportFrom):
                named = {alias.name for alias in node.names}
                words = {(node.module or "").split(".")[0]} & POSIX_MODULES
                words |= named & POSIX_CALLS if node.module in SYSTEM_MODULES else set()
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                words = {node.attr} & POSIX_CALLS if node.value.id in SYSTEM_MODULES else set()
            else:
                continue
            found |= {(name, word) for word in words}
    assert {name for name, _ in found} == {"outputs/exchange.py"}, sorted(found)


def test_where_folders_cannot_be_exchanged_two_renames_do_the_same(earlier, monkeypatch):
    monkeypatch.setattr(exchange, "_swapping_call", lambda: None)
    folder.replace(earlier, kills.version(1))
    assert kills.assert_whole(earlier, told="two renames") == 1
    kills.assert_tidy(earlier, told="two renames")


def test_a_rename_that_fails_puts_the_old_folder_back(earlier, monkeypatch):
    """As on Windows, where a file that a program has open holds its folder in its place."""
    monkeypatch.setattr(exchange, "_swapping_call", lambda: None)
    renamed = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise PermissionError(13, "Access is denied")
        return renamed(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputError, match="Access is denied"):
        folder.replace(earlier, kills.version(1))
    monkeypatch.undo()
    assert kills.assert_whole(earlier, told="put back") == 0
    kills.assert_tidy(earlier, told="put back")


def test_folders_are_exchanged_in_one_step_where_the_system_can(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    done = exchange.exchange(tmp_path / "one", tmp_path / "other")
    assert done or sys.platform not in ("linux", "darwin")
    assert (tmp_path / "one" / "file").read_text() == ("other" if done else "one")
    with contextlib.suppress(FileNotFoundError):
        assert not exchange.exchange(tmp_path / "one", tmp_path / "nothing")
