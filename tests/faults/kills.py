"""Kill `folder.replace` wherever it can be killed, and look whether anything was lost.

    python tests/faults/kills.py points            # before every single call that touches the disk
    python tests/faults/kills.py points two-steps  # the same where two folders cannot be exchanged
    python tests/faults/kills.py meddle            # a user changes files before every such call
    python tests/faults/kills.py random 1000       # kill -9 at random moments
    python tests/faults/kills.py writers 40        # three runs and a user at one folder
    python tests/faults/kills.py runs 20           # kill -9 at random moments of `grannskap run`

Each prints how often it did it; what is lost raises AssertionError. POSIX only (it forks).
"""

import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import town

from grannskap import cli
from grannskap.errors import OutputError
from grannskap.outputs import exchange, folder, ownership

NAMES = ("a.txt", "maps/b.txt", "maps/new/c.txt", "report.html")
MINE = {"mine.txt": b"my notes", "maps/mine.txt": b"of the map", "own/deep/x.bin": b"\0" * 9}
KILLED, REFUSED = 9, 7


def version(number: int) -> dict[str, bytes]:
    """What a run writes; every version lacks another file."""
    return {n: f"{number}: {n}".encode() for i, n in enumerate(NAMES) if i != number % 3}


def lay_out(base: Path) -> Path:
    """The folder of an earlier run, with files, a link and an empty folder of its user."""
    out = base / "out å"
    folder.replace(out, version(0))
    for name, content in MINE.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    (out / "link").symlink_to("mine.txt")
    (out / "empty").mkdir()
    return out


def files_of(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def seen_of(out: Path) -> list[tuple[int, int, int]]:
    """The user's files are the same files, and not copies of them."""
    about = [(out / name).stat() for name in MINE]
    return [(one.st_ino, one.st_mtime_ns, one.st_nlink) for one in about]


def assert_whole(out: Path, *, told: str) -> int:
    """One version, every file as its manifest says, and all of the user's."""
    standing, found = ownership.look(out), files_of(out)
    assert standing.is_ours, told
    assert standing.changed == (), (told, standing)
    ours = {n: found[n] for n in standing.unchanged if n != ownership.MANIFEST}
    numbers = {int(content.partition(b":")[0]) for content in ours.values()}
    assert len(numbers) == 1, (told, numbers)
    (number,) = numbers
    assert ours == version(number), told
    for name, content in MINE.items():
        assert found[name] == content, (told, name)
    assert os.readlink(out / "link") == "mine.txt", told  # noqa: PTH115
    assert (out / "empty").is_dir(), told
    return number


def assert_tidy(out: Path, *, told: str) -> None:
    """Once they are old, the next run clears away what killed runs left."""
    for work in out.parent.glob(f".{out.name}.partial-*"):
        os.utime(work, (0, 0))
    folder.check(out)
    assert [p.name for p in out.parent.iterdir()] == [out.name], told


def in_a_child(task) -> int:
    """Run a task in a process of its own; its exit code, or what killed it as a negative one."""
    child = os.fork()
    if child == 0:
        try:
            task()
            os._exit(0)
        except OutputError as error:
            print(error, file=sys.stderr)
            os._exit(REFUSED)
        except BaseException as error:  # noqa: BLE001 - the other half of a fork must not go on
            sys.excepthook(type(error), error, error.__traceback__)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def before_call(base: Path, number: int, act) -> None:
    """Do something before the n-th call that touches the disk under a folder."""
    count = 0
    busy = False

    def hook(event: str, given: tuple) -> None:
        nonlocal count, busy
        touches = event == "faults.exchange" or (
            (event == "open" or event.startswith("os."))
            and any(str(base) in os.fsdecode(one) for one in given if isinstance(one, str | bytes))
        )
        if not touches or busy:
            return
        count += 1
        if count == number:
            busy = True
            act()
            busy = False

    sys.addaudithook(hook)
    exchanged = exchange.exchange

    def told(one: Path, other: Path) -> bool:
        sys.audit("faults.exchange")
        done = exchanged(one, other)
        sys.audit("faults.exchange")
        return done

    exchange.exchange = told


def in_two_steps() -> None:
    exchange.exchange = lambda _one, _other: False


def points(base: Path, *, two_steps: bool) -> int:
    """Kill before the first call, the second, … until a run comes through."""
    if two_steps:
        in_two_steps()
    number = 0
    while True:
        number += 1
        place = base / str(number)
        place.mkdir()
        out = lay_out(place)
        seen = seen_of(out)

        def killed(place=place, out=out, number=number) -> None:
            before_call(place, number, lambda: os._exit(KILLED))
            folder.replace(out, version(1))

        code = in_a_child(killed)
        told = f"killed before call {number}"
        assert code in (0, KILLED), (told, code)
        if two_steps and not out.exists():
            folder.check(out)
        assert assert_whole(out, told=told) in (0, 1)
        folder.replace(out, version(2))
        assert assert_whole(out, told=told) == 2
        assert_tidy(out, told=told)
        assert seen_of(out) == seen, told
        shutil.rmtree(place)
        if code == 0:
            return number - 1


def meddle(base: Path) -> int:
    """A user writes, renames over and edits before the n-th call: all of it is found again."""
    number = 0
    while True:
        number += 1
        place = base / str(number)
        place.mkdir()
        out = lay_out(place)
        done = place / "meddled"

        def meddled(place=place, out=out, number=number, done=done) -> None:
            before_call(place, number, lambda: meddle_once(out, done))
            folder.replace(out, version(1))

        code = in_a_child(meddled)
        assert code in (0, REFUSED), (number, code)
        if not done.exists():
            return number - 1
        told = f"meddled before call {number}, then {code}"
        folder_now = files_of(out)
        assert folder_now["fresh.txt"] == b"fresh", told
        assert folder_now["maps/fresh.txt"] == b"fresh too", told
        assert folder_now["mine.txt"] == b"my later notes", (told, sorted(folder_now))
        assert b"edited" in folder_now.values(), (told, sorted(folder_now))
        done.unlink()
        left = [p.name for p in place.iterdir() if p != out]
        assert left == [], (told, left)
        shutil.rmtree(place)


def meddle_once(out: Path, done: Path) -> None:
    (out / "maps").mkdir(exist_ok=True)
    (out / "fresh.txt").write_bytes(b"fresh")
    (out / "maps" / "fresh.txt").write_bytes(b"fresh too")
    (out / "report.html").write_bytes(b"edited")
    (out.parent / "saving").write_bytes(b"my later notes")
    (out.parent / "saving").replace(out / "mine.txt")
    done.touch()


def at_random(base: Path, times: int) -> int:
    out = lay_out(base)
    chance = random.Random(8)
    killed = 0

    def forever() -> None:
        number = 0
        while True:
            number += 1
            folder.replace(out, version(number))

    for turn in range(times):
        child = os.fork()
        if child == 0:
            try:
                forever()
            finally:
                os._exit(1)
        time.sleep(chance.uniform(0, 0.06))
        os.kill(child, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert_whole(out, told=f"kill {turn}")
        if turn % 20 == 19:
            assert_tidy(out, told=f"kill {turn}")
    assert_tidy(out, told="at the end")
    return killed


def writers(base: Path, rounds: int) -> int:
    """Three runs, one after the other's lock, while a user saves notes."""
    out = lay_out(base)

    def write(first: int) -> None:
        for number in range(rounds):
            until_it_is_my_turn(out, version(1 + first + 3 * number))

    children = []
    for first in range(3):
        child = os.fork()
        if child == 0:
            os._exit(in_a_child(lambda first=first: write(first)))
        children.append(child)
    notes = {}
    while children:
        name, content = f"note-{len(notes)}.txt", os.urandom(8)
        if len(notes) < 60:
            (out / name).write_bytes(content)
            notes[name] = content
        time.sleep(0.02)
        for child in list(children):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                assert os.waitstatus_to_exitcode(status) == 0
                children.remove(child)
    assert_whole(out, told="after all writers")
    found = files_of(out)
    assert {name: found.get(name) for name in notes} == notes
    assert_tidy(out, told="after all writers")
    return 3 * rounds


def runs(base: Path, times: int) -> int:
    """Kill whole runs, from its first call to its last line: the one folder or the other stands."""
    for name in ("pandas", "geopandas", "pyogrio", "matplotlib.pyplot", "grannskap.outputs.write"):
        importlib.import_module(name)  # once, and not in each of the runs
    out, chance, complete, killed = base / "out", random.Random(8), [], 0
    files = [town.write(base / name, low=low) for name, low in (("one", 10), ("other", 20))]
    for file in files:
        began = time.monotonic()
        assert in_a_child(lambda file=file: command("run", file, "--out", out)) == 0
        lasts = time.monotonic() - began
        complete.append(files_of(out))
    assert complete[0].keys() == complete[1].keys()
    assert complete[0] != complete[1]
    (out / "mine.txt").write_bytes(b"mine")
    for turn in range(times):
        child = os.fork()
        if child == 0:
            command("run", files[turn % 2], "--out", out)
        time.sleep(lasts * chance.random() ** 0.5)  # rather late: that is when files are moved
        os.kill(child, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        found = files_of(out)
        assert found.pop("mine.txt") == b"mine", turn
        assert found in complete, (turn, sorted(found))
    assert in_a_child(lambda: command("run", files[0], "--out", out)) == 0
    assert files_of(out) == {**complete[0], "mine.txt": b"mine"}
    for work in base.glob(".out.partial-*"):
        os.utime(work, (0, 0))
    folder.check(out)
    assert sorted(p.name for p in base.iterdir()) == ["one", "other", "out"]
    return killed


def command(*words) -> None:
    """The command line, whose last word is its exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.argv = ["grannskap", *map(str, words)]
    try:
        cli.main()
    except SystemExit as end:
        os._exit(int(end.code or 0))


def until_it_is_my_turn(out: Path, content: dict[str, bytes]) -> None:
    """A run that waited its ten seconds is refused in one line, and is started again."""
    while True:
        try:
            folder.replace(out, content)
        except OutputError as error:
            assert "another that is at it" in str(error)  # noqa: PT017
        else:
            time.sleep(0.06)
            return


def main() -> None:
    what, *rest = sys.argv[1:]
    in_memory = Path("/dev/shm")  # quicker, and as good for what is done at every single call
    fast = what in ("points", "meddle") and os.access(in_memory, os.W_OK)
    with tempfile.TemporaryDirectory(dir=in_memory if fast else None) as made:
        base = Path(made)
        began = time.monotonic()
        os.fsync = lambda _opened: None  # the system goes on: nothing depends on the disk
        if what == "points":
            done = points(base, two_steps="two-steps" in rest)
        elif what == "meddle":
            done = meddle(base)
        else:
            done = {"random": at_random, "writers": writers, "runs": runs}[what](base, int(rest[0]))
        print(f"{what}: {done} times, nothing lost, {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
