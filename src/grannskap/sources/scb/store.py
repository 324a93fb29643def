"""The store: every raw answer that was fetched, with what it answers, shared by all projects."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grannskap.language import Language
from grannskap.wording import say

__all__ = ["FOLDER", "Held", "Kept", "Store", "home", "write_whole"]

FOLDER = "GRANNSKAP_CACHE"
"""The environment variable that moves the store."""

_UNSAFE = re.compile(r"[^\w.-]+")
_ANSWER, _RECORD = ".answer", ".json"
_OURS = (_ANSWER, _RECORD, ".part")

Record = dict[str, Any]


def home() -> Path:
    """Return the folder of the store: of this user, or where the environment says."""
    told = os.environ.get(FOLDER)
    if told:
        return Path(told) / "answers"
    import platformdirs

    return platformdirs.user_cache_path("grannskap", appauthor=False) / "answers"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whenever one is interrupted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Kept:
    """One answer that is kept, and its record."""

    path: Path
    record: Record

    def content(self) -> bytes | None:
        """Return the answer; None where it is not what was kept."""
        try:
            content = self.path.read_bytes()
        except OSError:
            return None
        whole = hashlib.sha256(content).hexdigest() == self.record.get("sha256")
        return content if whole else None


@dataclass(frozen=True)
class Held:
    """What the store holds of one table or layer.

    Attributes
    ----------
    name : str
        The table or layer.
    answers, bytes : int
        How many, and how large they are together.
    updated : tuple of str
        When what is kept was published, in order.
    fetched : str
        When the last of it was fetched.
    """

    name: str
    answers: int
    bytes: int
    updated: tuple[str, ...]
    fetched: str


@dataclass(frozen=True)
class Store:
    """A folder of answers, each beside its record."""

    folder: Path

    def keep(self, name: str, key: str, content: bytes, record: Record) -> Kept:
        """Keep an answer; the record is written last, and without it the answer counts for naught.

        Parameters
        ----------
        name : str
            The table or layer.
        key : str
            What was asked: the same for the same question.
        content : bytes
            The answer.
        record : dict
            What it answers, as plain data; its checksum and size are added.

        Returns
        -------
        Kept
            As it can be found again.
        """
        path = self._path(name, key)
        whole = {
            **record,
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        write_whole(path, content)
        text = json.dumps(whole, ensure_ascii=False, indent=1)
        write_whole(path.with_suffix(_RECORD), text.encode())
        return Kept(path, whole)

    def find(self, name: str, key: str) -> Kept | None:
        """Return the answer to a question, where it is kept."""
        path = self._path(name, key)
        record = _record(path.with_suffix(_RECORD))
        return None if record is None else Kept(path, record)

    def all_of(self, name: str) -> list[Kept]:
        """Return every answer of a table or layer, the last fetched first."""
        folder = self.folder / _safe(name)
        found = [
            Kept(path.with_suffix(_ANSWER), record)
            for path in sorted(folder.glob(f"*{_RECORD}"))
            if (record := _record(path)) is not None
        ]
        return sorted(found, key=lambda kept: str(kept.record.get("fetched")), reverse=True)

    def held(self) -> Iterator[Held]:
        """Say of each table and layer what is kept of it, by name."""
        for folder in sorted(self.folder.glob("*")):
            kept = self.all_of(folder.name) if folder.is_dir() else []
            if kept:
                records = [one.record for one in kept]
                yield Held(
                    str(records[0].get("name", folder.name)),
                    len(kept),
                    sum(int(one.get("bytes", 0)) for one in records),
                    tuple(sorted({str(one["updated"]) for one in records if one.get("updated")})),
                    str(records[0].get("fetched", "")),
                )

    def lines(self, language: Language) -> Iterator[str]:
        """Say what is kept, a line for each table and layer."""
        held = list(self.held())
        if not held:
            yield say("program.kept.nothing", language, {"folder": str(self.folder)})
        for one in held:
            values = {
                "name": one.name,
                "answers": one.answers,
                "size": f"{one.bytes / 1e6:.1f} MB".replace(".", "," if language == "sv" else "."),
                "fetched": one.fetched[:10],
            }
            yield say("program.kept.line", language, values)

    def clear(self, name: str | None = None) -> int:
        """Remove what is kept of a table or layer, or all of it; return how many answers."""
        folders = [path for path in self.folder.glob("*") if path.is_dir()]
        removed = 0
        for folder in folders:
            if name is not None and folder.name != _safe(name):
                continue
            # What lies there and is not ours stays, whatever folder the environment names.
            ours = [path for path in folder.iterdir() if path.suffix in _OURS and path.is_file()]
            removed += sum(path.suffix == _RECORD for path in ours)
            for path in ours:
                path.unlink()
            if not any(folder.iterdir()):
                folder.rmdir()
        return removed

    def _path(self, name: str, key: str) -> Path:
        short = hashlib.sha256(key.encode()).hexdigest()[:24]
        return self.folder / _safe(name) / f"{short}{_ANSWER}"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).strip(".") or "_"


def _record(path: Path) -> Record | None:
    try:
        record = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None
