"""Changed at random, a register file is refused in one line or read as what it now holds.

A longer run: ``GRANNSKAP_FUZZ=5000 python -m pytest tests/fuzz/test_register_fuzz.py``.
"""

import os
import sys

import fuzz_register
import limited
import pytest

ROUNDS = int(os.environ.get("GRANNSKAP_FUZZ", "400"))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits are set as POSIX sets them")


@pytest.mark.parametrize("reader", list(fuzz_register.READERS))
def test_a_changed_file_is_refused_or_read_as_what_it_holds(reader, tmp_path):
    cases = list(fuzz_register.batches(reader, tmp_path, first=0, count=ROUNDS))
    answers = limited.outcomes("fuzz_register", cases)
    for case, answer in zip(cases, answers, strict=True):
        assert answer["kind"] == "done", (case, answer)
        assert answer["bad"] == []
