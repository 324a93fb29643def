"""Fixtures that several test files share."""

import os
from pathlib import Path

import pytest

# What may be missing where the tests run; in CI any other skipped test is a failure.
MAY_BE_SKIPPED = (
    *("shared real data", "QGIS", "no C compiler on Linux"),
    *("mounting a disk is not allowed", "only root gives files away"),
    *("limits are set as POSIX sets them", "no memory of a process is told here"),
    "GRANNSKAP_NETWORK is not set",
)

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


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory) -> Path:
    """The folder that the demo writes, made once for all tests that only read it."""
    from grannskap import demo

    folder = tmp_path_factory.mktemp("demo") / "påhittköping"
    demo.run(folder)
    return folder


@pytest.fixture(scope="session")
def demo_read(demo_folder):
    """The made-up town as it is read: its dataset, what is asked, and what is shown."""
    from grannskap import analysis, project

    return analysis.read(project.read(demo_folder / "project.toml"))


@pytest.fixture(scope="session")
def demo_results(demo_read):
    """What is measured in the made-up town."""
    from grannskap import analysis

    return analysis.run(*demo_read[:2])


@pytest.fixture(scope="session")
def demo_view(demo_read):
    """What is shown of the made-up town, and in which words."""
    return demo_read[2]


def pytest_sessionfinish(session, exitstatus):
    """In CI, a test that is skipped for another reason than those above fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None or exitstatus != 0:
        return
    reasons = [str(report.longrepr[-1]) for report in reporter.stats.get("skipped", [])]
    if any(not any(word in reason for word in MAY_BE_SKIPPED) for reason in reasons):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
