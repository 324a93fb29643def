"""Ask the command line of a project, here or in a process of its own that is bounded."""

import contextlib
import io
import os
import resource
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from grannskap import cli

SECONDS = 20
BYTES = 1 << 30
WAITED = 300
"""The 20 seconds are of the processor's time; a machine that does much else takes longer."""


@dataclass(frozen=True)
class Answer:
    """What the command line said."""

    code: int
    out: str
    err: str

    @property
    def refused(self) -> bool:
        """Whether it is one printable line of ours and exit code 2."""
        line = self.err.removesuffix("\n")
        return self.code == 2 and line.startswith("grannskap: ") and line.isprintable()

    @property
    def done(self) -> bool:
        """Whether it is done, and said nothing on stderr."""
        return self.code == 0 and not self.err


def here(command: str, project: Path, *options: str) -> Answer:
    """Ask in this process; whatever is no error of ours comes out as it is."""
    out, err = io.StringIO(), io.StringIO()
    arguments = ["grannskap", command, str(project), *options]
    with (
        mock.patch.object(sys, "argv", arguments),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


def alone(command: str, project: Path, *options: str) -> Answer:
    """Ask in a process of its own: 1 GiB and 20 s of the processor."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    done = subprocess.run(
        [sys.executable, "-m", "grannskap", command, str(project), *options],
        capture_output=True,
        env={
            **os.environ,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONIOENCODING": "utf-8",
        },
        preexec_fn=bound,
        timeout=WAITED,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Answer(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
