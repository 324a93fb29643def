"""Fixtures that several test files share."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared real data are not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; tests that need it are skipped where there is none, except in CI."""
    from shutil import which

    found = os.environ.get("GRANNSKAP_CHROMIUM") or which("chromium") or which("google-chrome")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs a Chromium, and none was found")
        pytest.skip("no Chromium on this machine (set GRANNSKAP_CHROMIUM to its path)")
    return found
