"""The documentation runs as it stands, and its pages tell of all that there is."""

import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest

import grannskap

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def blocks(name, kind):
    text = (DOCS / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_python_of_the_indicators_page_prints_what_stands_there():
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks("indicators.md", "python"))],
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout == "".join(blocks("indicators.md", "text"))


def test_the_python_of_the_researchers_tutorial_runs(tmp_path):
    """One block after the other in one process, with warnings as errors; it finds clusters."""
    (tmp_path / "tutorial.py").write_text("\n".join(blocks("tutorials/clusters.md", "python")))
    done = subprocess.run(
        [sys.executable, "-W", "error:::__main__", "tutorial.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    said = done.stdout.decode()
    assert said.startswith(blocks("tutorials/clusters.md", "text")[0])
    assert "True" in said
    assert "False" not in said


def test_the_commands_of_the_planners_tutorial_run_and_make_what_it_names(tmp_path):
    lines = "".join(blocks("tutorials/town.md", "console")).splitlines()
    assert lines
    for line in lines:
        program, *arguments = line.split()
        assert program == "grannskap"
        done = subprocess.run(
            [sys.executable, "-m", "grannskap", *arguments],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()[-3000:]
    for name, folder in (("tutorials/town.md", "town"), ("start.md", "example")):
        text = (DOCS / name).read_text(encoding="utf-8")
        named = re.findall(rf"`{folder}/([\w./]+)`", text)
        assert named
        for one in named:
            assert (tmp_path / "town" / one).exists(), one
    assert (tmp_path / "town" / "made" / "report.html").exists()


def test_the_commands_of_the_first_report_run_and_the_template_that_it_names_is_taken(tmp_path):
    page = "tutorials/first-report.md"
    *before, last = "".join(blocks(page, "console")).splitlines()

    def grannskap_says(line):
        arguments = line.removeprefix("grannskap ").split()
        command = [sys.executable, "-m", "grannskap", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()[-3000:]

    for line in before:
        grannskap_says(line)
    project = tmp_path / "town" / "project.toml"
    (table,) = blocks(page, "toml")
    text = project.read_text(encoding="utf-8")
    project.write_text(f"{text}\n{table}", encoding="utf-8")
    template = docx.Document()
    template.sections[0].header.paragraphs[0].text = "Påhittköpings kommun"
    template.save(project.parent / "mall.docx")
    grannskap_says(last)
    named = re.findall(r"`(town/first/[\w./]+)`", (DOCS / page).read_text(encoding="utf-8"))
    assert named
    assert all((tmp_path / one).exists() for one in named)
    made = docx.Document(tmp_path / "town" / "first" / "report.docx")
    assert made.sections[0].header.paragraphs[0].text == "Påhittköpings kommun"


@pytest.mark.parametrize(
    "page",
    ["README.md", "docs/start.md", "docs/tutorials/first-report.md", "docs/tutorials/town.md"],
)
def test_no_command_for_beginners_is_one_that_windows_own_powershell_refuses(page):
    assert "&&" not in (ROOT / page).read_text(encoding="utf-8")


def test_every_page_stands_in_a_list_of_contents():
    listed = set()
    for path in DOCS.rglob("*.md"):
        for block in re.findall(r"```\{toctree\}\n(.*?)```", path.read_text(), flags=re.DOTALL):
            listed |= {line.strip() for line in block.splitlines() if not line.startswith(":")}
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    pages = {page for page in pages if not page.startswith("generated/")}
    assert pages - listed == {"index"}


def test_every_link_of_the_pages_leads_to_a_file_or_a_made_page():
    for path in DOCS.rglob("*.md"):
        if "generated" in path.relative_to(DOCS).parts:
            continue
        prose = re.sub(r"`[^`]*`", "", path.read_text(encoding="utf-8"))
        for link in re.findall(r"\]\(([^)#]+)\)", prose):
            if not link.startswith(("http", "mailto")) and "generated/" not in link:
                assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_the_version_is_told_once_and_the_citation_tells_the_same():
    """`CITATION.cff` is read by people and by services: it must name what was used."""
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", cited, flags=re.MULTILINE) == [grannskap.__version__]
    assert cited.startswith("cff-version: 1.2.0\n")
    assert "\nlicense: BSD-3-Clause\n" in cited
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dynamic = ["version"]' in told
    assert f'version = "{grannskap.__version__}"' not in told


def test_the_changelog_keeps_a_changelog():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert headings[0] == "Unreleased"
    released = [one.split()[0].strip("[]") for one in headings[1:]]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in released)
