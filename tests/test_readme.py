"""The README's Python runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def blocks(text):
    """The Python of a Markdown text, block by block."""
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_python_of_the_readme_runs(tmp_path):
    """One block after the other in one process, in an empty folder, with warnings as errors."""
    found = blocks((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found
    (tmp_path / "readme.py").write_text("\n".join(found), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error:::__main__", "readme.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]


def test_every_file_that_the_readme_links_to_is_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert links
    for link in links:
        if not link.startswith("http"):
            assert (ROOT / link).exists(), link
