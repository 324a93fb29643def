"""Changed at random, a file is refused in one line or read, and never ends the program.

A small number of seeds by default. `GRANNSKAP_FUZZ=600 python -m pytest tests/fuzz` tries new
seeds for 600 seconds a form.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mutating import FORMS

SECONDS = float(os.environ.get("GRANNSKAP_FUZZ", "0"))
FEW = 60


@pytest.mark.parametrize("form", FORMS)
def test_a_file_changed_at_random_never_ends_the_program(form):
    first = int(time.time()) % 1_000_000 * 1000 if SECONDS else 0
    count, seconds = (10**9, SECONDS) if SECONDS else (FEW, 600.0)
    script = Path(__file__).with_name("mutating.py")
    done = subprocess.run(
        [sys.executable, script, form, str(first), str(count), str(seconds)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        timeout=seconds + 600,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    told = done.stdout.split("\n")
    assert done.returncode == 0, (told[-3:], done.stderr[-3000:])
    assert "refused" in told
    assert SECONDS or told.count("refused") + told.count("taken") == FEW
