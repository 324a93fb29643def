"""A folder of results is written whole or not at all."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grannskap.errors import OutputError
from grannskap.outputs import folder


def content_of(path: Path) -> dict[str, bytes]:
    """Every file but the manifest, which lists them."""
    return {
        p.relative_to(path).as_posix(): p.read_bytes()
        for p in path.rglob("*")
        if p.is_file() and p.name != folder.MANIFEST
    }


FIRST = {"a.txt": b"one", "maps/b.txt": b"two"}


@pytest.fixture
def earlier(tmp_path):
    out = tmp_path / "resultat å"
    folder.replace(out, FIRST)
    return out


def test_everything_is_written(earlier):
    assert content_of(earlier) == FIRST


def test_a_second_run_leaves_nothing_of_the_first_but_strangers(earlier):
    (earlier / "maps" / "my-notes.txt").write_bytes(b"mine")
    second = {"c.txt": b"three"}
    folder.replace(earlier, second)
    assert content_of(earlier) == {**second, "maps/my-notes.txt": b"mine"}
    assert [p.name for p in earlier.parent.iterdir()] == [earlier.name]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_leaves_the_old_folder(earlier, code):
    def full(_path: Path) -> None:
        raise OSError(code, os.strerror(code))

    with pytest.raises(OutputError, match="the old folder is untouched"):
        folder.replace(earlier, {"a.txt": b"new", "z.txt": full})
    assert content_of(earlier) == FIRST
    assert [p.name for p in earlier.parent.iterdir()] == [earlier.name]


def test_other_peoples_files_are_not_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_bytes(b"years of work")
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        folder.replace(tmp_path, FIRST)
    assert content_of(tmp_path) == {"thesis.docx": b"years of work"}


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "out").touch()
    with pytest.raises(OutputError, match="name a folder"):
        folder.check(tmp_path / "out")


@pytest.mark.parametrize(("age", "is_left"), [(10, True), (3_500, True), (3_700, False)])
def test_what_another_run_is_writing_is_left_alone_for_an_hour(earlier, age, is_left):
    other = earlier.parent / f".{earlier.name}.partial-abc"
    other.mkdir()
    (other / "half.txt").write_bytes(b"half")
    then = time.time() - age
    os.utime(other, (then, then))
    folder.replace(earlier, FIRST)
    assert other.exists() == is_left
    assert content_of(earlier) == FIRST


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL, which Windows lacks")
def test_a_killed_process_leaves_the_old_folder(earlier):
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from grannskap.outputs import folder
        def die(path):
            path.write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        folder.replace(Path(sys.argv[1]), {"a.txt": b"new", "z.txt": die})
        """
    )
    done = subprocess.run([sys.executable, "-c", program, str(earlier)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert content_of(earlier) == FIRST


def test_a_process_killed_between_the_renames_is_mended_by_the_next(earlier):
    aside = earlier.parent / f".{earlier.name}.previous"
    earlier.rename(aside)
    folder.check(earlier)
    assert content_of(earlier) == FIRST
