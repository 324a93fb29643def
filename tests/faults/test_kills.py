"""Killed anywhere, meddled with anywhere, three at once: nothing is lost."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("kills.py")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs os.fork")


@pytest.mark.parametrize(
    ("what", "at_least"),
    [
        ("points", 100),
        ("points two-steps", 100),
        ("meddle", 100),
        ("random 150", 150),
        ("writers 40", 120),
        ("runs 20", 12),
    ],
)
def test_nothing_is_lost(what, at_least):
    """The 1,000 kills: ``python tests/faults/kills.py random 1000``."""
    done = subprocess.run(
        [sys.executable, DRIVER, *what.split()], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(re.search(r": (\d+) times, nothing lost", done.stdout)[1]) >= at_least
