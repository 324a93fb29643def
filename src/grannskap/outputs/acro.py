"""A record of every output in the form of ACRO, for those who check what leaves a secure room."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grannskap.analysis import Results

__all__ = ["NAME", "record"]

NAME = "results.json"

_FORM = "0.4.11"
_KINDS = {".csv": "table"}


def record(results: Results, files: Iterable[str]) -> bytes | None:
    """Return the record of the files; None unless the rules are those of ACRO.

    Everything is to be reviewed by a person: nothing is passed by the program that made it.
    There is no time in it, so that a rerun gives the same.

    Parameters
    ----------
    results : Results
        Of a protected dataset.
    files : iterable of str
        Relative paths of all that is written.

    Returns
    -------
    bytes or None
        JSON, as ACRO's ``results.json``.
    """
    rules = results.dataset.protection
    if rules is None or rules["profile"] != "acro":
        return None
    told = {
        f"output_{number}": _one(f"output_{number}", name, rules)
        for number, name in enumerate(files)
    }
    return (json.dumps({"version": _FORM, "results": told}, indent=4) + "\n").encode()


def _one(uid: str, name: str, rules: Mapping[str, Any]) -> dict[str, Any]:
    kind = _KINDS.get(PurePosixPath(name).suffix, "custom")
    hidden = int(rules["cells"])
    summary = f"review; threshold: {hidden} cells suppressed; " if hidden else "review"
    sdc = {
        "summary": {
            "suppressed": hidden > 0,
            "negative": 0,
            "missing": 0,
            "threshold": hidden,
            "p-ratio": 0,
            "nk-rule": 0,
            "all-values-are-same": 0,
        },
        "cells": {},
    }
    return {
        "uid": uid,
        "status": "review",
        "type": kind,
        "properties": {"method": "grannskap"} if kind == "table" else {},
        "files": [{"name": name, "sdc": sdc if kind == "table" else {}}],
        "outcome": {},
        "command": "grannskap run",
        "summary": summary if kind == "table" else "review",
        "timestamp": "",
        "comments": [],
        "exception": "",
    }
