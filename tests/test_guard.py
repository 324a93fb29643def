"""What a user names is opened only where it is a plain file; a library's failure is one line."""

import json
import os
import sqlite3
import time
import warnings
import zipfile
import zlib
from pathlib import Path

import pytest

from grannskap.errors import GrannskapError, InputFileError, ProjectError
from grannskap.sources import guard


def refusal(path, **options):
    with pytest.raises(InputFileError) as caught:
        guard.content(path, **{"most": 100, **options})
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_plain_file_is_read_whole_and_known_by_its_checksum(tmp_path):
    file = tmp_path / "å.txt"
    file.write_bytes(b"abc")
    (tmp_path / "link").symlink_to(file)
    for path in (file, tmp_path / "link"):
        assert guard.content(path, most=3) == b"abc"
        assert guard.size(path, most=3) == 3
    # FIPS 180-2, B.1
    assert guard.checksum(file, most=3).startswith("ba7816bf8f01cfea")


@pytest.mark.parametrize("read", [guard.size, guard.content, guard.checksum])
def test_what_is_no_plain_file_is_named_and_never_waited_for(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    cases = {tmp_path: "a folder", tmp_path / "pipe": "a pipe", Path("/dev/zero"): "a device"}
    for path, kind in cases.items():
        started = time.monotonic()
        with pytest.raises(InputFileError, match=kind):
            read(path, most=100)
        assert time.monotonic() - started < 1


def test_a_pipe_that_takes_the_files_place_meanwhile_is_not_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(guard, "size", lambda *a, **k: 3)
    assert "a pipe" in refusal(tmp_path / "pipe")


def test_a_file_is_refused_by_its_stated_size_before_it_is_read(tmp_path):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(100 * 10**9)
    started = time.monotonic()
    assert "100,000 MB" in refusal(tmp_path / "sparse", most=10**9)
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("name", ["a\x00b", "a" * 300, "\ud800", "a/b/c", "\x1b[2J"])
def test_a_name_that_no_file_can_have_is_told_in_one_printable_line(tmp_path, name):
    text = refusal(tmp_path / name)
    assert text.isprintable()
    text.encode("utf-8")


def test_the_caller_chooses_the_error_and_the_remedy(tmp_path):
    with pytest.raises(ProjectError, match="make one"):
        guard.content(tmp_path / "none", most=9, refused=ProjectError, remedy="make one")


class ForeignError(Exception):
    """An exception of a library, not derived from any that we know."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (zlib.error("incorrect header"), "incorrect header"),
        (zipfile.BadZipFile("no zip"), "no zip"),
        (sqlite3.DatabaseError("malformed"), "malformed"),
        (ForeignError("strange"), "strange"),
        (ForeignError(), "ForeignError"),
        (OSError(28, "No space left on device"), "No space left"),
        (MemoryError(), "more memory"),
        (RecursionError("maximum"), "nested too deep"),
        (OverflowError("too large"), "too large"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "invalid"),
    ],
)
def test_what_a_library_raises_is_told_with_the_file_and_the_reason(error, words):
    with pytest.raises(InputFileError) as caught, guard.reading("b.gpkg", form="a GeoPackage"):
        raise error
    assert "b.gpkg" in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.__cause__ is error


def test_a_built_in_exception_from_inside_a_library_is_the_files_fault():
    with pytest.raises(InputFileError, match="Expecting"), guard.reading("a.json", form="JSON"):
        json.loads("[1,")


def raised_by(module: str):
    """A call of a function that stands in a module and meets a missing key there."""
    program = compile("def call():\n    return {}['missing']\n", "<made>", "exec")
    names = {"__name__": module}
    exec(program, names)
    return names["call"]


def test_our_own_fault_keeps_its_traceback():
    with pytest.raises(KeyError), guard.reading("a", form="a file"):
        raised_by("grannskap.sources.boundaries.repair")()
    with pytest.raises(InputFileError), guard.reading("a", form="a file"):
        raised_by("pandas.core.frame")()


def test_an_error_of_ours_passes_as_it_is():
    ours = GrannskapError("no event")
    with pytest.raises(GrannskapError) as caught, guard.reading("a", form="a file"):
        raise ours
    assert caught.value is ours


def test_warnings_are_kept_from_the_user_and_noted():
    with guard.reading("a", form="a file") as heard:
        warnings.warn("ring\nnot closed", RuntimeWarning, stacklevel=1)
        warnings.warn("ring not closed", RuntimeWarning, stacklevel=1)
        warnings.warn("use something else", DeprecationWarning, stacklevel=1)
    (note,) = guard.warned(heard)
    assert note.text.en == "The file's reader warned: ring not closed."
    assert guard.warned([]) == ()


def test_every_error_is_one_line_that_any_stream_can_take():
    hostile = "\x1b[2J\ud800\u202eevil\x00\r\n" + "x" * 10**7
    error = GrannskapError(
        "values that cannot be", {"expected": hostile, "count": 1, "cells": hostile, "remedy": "å"}
    )
    text = str(error)
    assert text.isprintable()
    assert len(text) < 3500
    text.encode("utf-8")
    assert text.endswith(": å")
