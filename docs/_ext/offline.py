"""The site reads without a network: a page that asks for anything elsewhere fails the build."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ASKS = re.compile(r"<(?:script|img|link|iframe)\b[^>]*\b(?:src|href)=\"(?:https?:)?//[^\"]+\"")


def setup(app: Sphinx) -> dict[str, bool]:
    """Look at every page once it is written, and pack them all."""
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True}


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    made = Path(app.outdir)
    for page in sorted(made.rglob("*.html")):
        found = _ASKS.search(page.read_text(encoding="utf-8"))
        if found:
            raise ExtensionError(f"{page.name} asks for something elsewhere: {found[0]}")
    packed = made.with_name(f"{made.name}-offline")
    shutil.make_archive(str(packed), "zip", made)
