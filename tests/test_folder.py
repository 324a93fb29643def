"""A folder of results is written whole or not at all."""

import errno
import os
import shutil
import stat
import sys
import time
from pathlib import Path

import pytest

from grannskap.errors import OutputError
from grannskap.outputs import claim, folder


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
    (other / "new").mkdir(parents=True)
    (other / "new" / "half.txt").write_bytes(b"half")
    then = time.time() - age
    os.utime(other, (then, then))
    folder.replace(earlier, FIRST)
    assert other.exists() == is_left
    assert content_of(earlier) == FIRST


def test_a_folder_of_the_name_that_version_0_1_gave_stops_no_run(earlier):
    aside = earlier.parent / f".{earlier.name}.previous"
    for make in (aside.mkdir, aside.touch):
        make()
        folder.replace(earlier, FIRST)
        assert aside.exists()
        aside.rmdir() if aside.is_dir() else aside.unlink()


def test_a_folder_that_version_0_1_left_between_two_renames_is_put_back(earlier):
    earlier.rename(earlier.parent / f".{earlier.name}.previous")
    folder.check(earlier)
    assert content_of(earlier) == FIRST


# -- permissions, links and what can be known before ------------------------------------------

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


def refused(out, *, names):
    with pytest.raises(OutputError, match=names) as told:
        folder.check(out)
    assert "\n" not in str(told.value)


@posix
@pytest.mark.parametrize("mode", [0o700, 0o2775, 0o750])
def test_permissions_stay(earlier, mode):
    for path, its in ((earlier, mode), (earlier / "maps", 0o711), (earlier / "a.txt", 0o600)):
        path.chmod(its)
    folder.replace(earlier, {"a.txt": b"new", "maps/c.txt": b"new", "z.txt": b"new"})
    assert stat.S_IMODE(earlier.stat().st_mode) == mode
    assert stat.S_IMODE((earlier / "maps").stat().st_mode) == 0o711
    assert stat.S_IMODE((earlier / "a.txt").stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_folder_gets_the_permissions_that_the_user_gives_new_folders(tmp_path, mask):
    before = os.umask(mask)
    try:
        folder.replace(tmp_path / "out", FIRST)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o777 & ~mask
    assert stat.S_IMODE((tmp_path / "out" / "a.txt").stat().st_mode) == 0o666 & ~mask


@posix
def test_the_owner_stays_where_root_writes(earlier):
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    for path in (earlier, earlier / "maps", earlier / "a.txt"):
        os.chown(path, 12, 34)
    folder.replace(earlier, FIRST)
    for path in (earlier, earlier / "maps", earlier / "a.txt"):
        assert (path.stat().st_uid, path.stat().st_gid) == (12, 34)


@posix
def test_a_linked_folder_is_followed(earlier, tmp_path):
    (tmp_path / "link").symlink_to(earlier.name, target_is_directory=True)
    (tmp_path / "desk").mkdir()
    folder.replace(tmp_path / "link", {"c.txt": b"three"})
    assert (tmp_path / "link").is_symlink()
    assert content_of(earlier) == {"c.txt": b"three"}


@posix
def test_links_that_lead_nowhere_or_in_a_ring_are_refused(tmp_path):
    (tmp_path / "dangling").symlink_to("nowhere")
    refused(tmp_path / "dangling", names="a link that leads nowhere")
    (tmp_path / "ring").symlink_to("ring")
    refused(tmp_path / "ring", names="leads nowhere")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dangling", "ring"]


@pytest.mark.parametrize("length", [240, 255, 300, 5_000])
def test_a_name_that_is_too_long_is_refused(tmp_path, length):
    refused(tmp_path / ("å" * length), names="long")
    assert list(tmp_path.iterdir()) == []


def test_the_root_and_the_folder_one_stands_in_are_refused(earlier, monkeypatch):
    refused(Path(Path.cwd().anchor), names="a disk of its own")
    monkeypatch.chdir(earlier / "maps")
    refused(earlier, names="in which this program was started")
    refused(Path(), names="in which this program was started")


def test_a_mounted_disk_in_the_folder_is_refused(earlier, monkeypatch):
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path).name == "maps")
    refused(earlier, names="maps, a disk of its own")
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == earlier)
    refused(earlier, names="a disk of its own")


@posix
def test_a_working_folder_that_was_deleted_is_told(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    refused(Path("out"), names="go to a folder that exists")
    folder.replace(tmp_path / "out", FIRST)
    assert content_of(tmp_path / "out") == FIRST


def test_a_disk_without_room_is_refused_before_the_work(earlier, monkeypatch):
    about = shutil.disk_usage(earlier)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: about._replace(free=31 * 2**20))
    refused(earlier, names="expected 32 MB free")


def test_folders_above_that_were_made_for_nothing_go_again(tmp_path):
    def full(_path: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OutputError):
        folder.replace(tmp_path / "a" / "b" / "out", {"z.txt": full})
    folder.check(tmp_path / "a" / "b" / "out")
    assert list(tmp_path.iterdir()) == []


# -- one run at a time --------------------------------------------------------------------------


def test_another_run_waits_and_is_refused_in_the_end(earlier, monkeypatch):
    monkeypatch.setattr(claim, "WAIT", 0.2)
    with folder.claim(earlier) as held:
        refused(earlier, names="another that is at it")
        folder.replace(held, {"c.txt": b"three"})
    folder.replace(earlier, {"d.txt": b"four"})
    assert content_of(earlier) == {"d.txt": b"four"}
    assert [p.name for p in earlier.parent.iterdir()] == [earlier.name]


def test_a_lock_file_that_a_dead_run_left_holds_nobody_up(earlier):
    (earlier.parent / f".{earlier.name}.lock").touch()
    folder.replace(earlier, FIRST)
    assert [p.name for p in earlier.parent.iterdir()] == [earlier.name]


def test_an_error_of_the_work_itself_is_not_told_as_one_of_the_folder(earlier):
    def work() -> None:
        with folder.claim(earlier):
            raise FileNotFoundError(errno.ENOENT, "no such register", "register.csv")

    with pytest.raises(FileNotFoundError, match="no such register"):
        work()
    assert content_of(earlier) == FIRST
