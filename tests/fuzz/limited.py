"""Run a reading under a limit of memory and time: what hangs or eats is stopped, not waited for.

One fresh process imports what is read with, and forks for each case, so that a case costs
milliseconds and its limit counts from a small process.
"""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
SECONDS = 20


Answer = dict[str, Any]


def outcomes(module: str, cases: Sequence[object]) -> list[Answer]:
    """Call ``module.outcome(module.prepare(case))`` for each case (plain data).

    Each is called in a child of its own; only the outcome is under the limit.
    """
    source = Path(__file__).parents[2] / "src"
    paths = [str(Path(__file__).parent), str(source), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", __file__, module],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[Answer] = json.loads(done.stdout)
    return answers


def in_child(call: Callable[[Any], Answer], case: object, *, memory: int, seconds: int) -> Answer:
    """What a call returns in a child with these limits, or what became of it."""
    import resource

    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(6 * seconds)  # what waits, and does not work, on a busy machine
        try:
            answer = call(case)
        except BaseException:  # noqa: BLE001 - whatever it is, it is told
            answer = {"kind": "traceback", "text": traceback.format_exc()[-2000:]}
        with os.fdopen(send, "wb") as stream:
            stream.write(json.dumps(answer).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        stopped = number in (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL)
        return {"kind": "hang" if stopped else "crash", "text": f"signal {number}"}
    return json.loads(told) if told else {"kind": "crash", "text": "no answer"}


def main() -> None:
    """Read cases from the standard input, and write their outcomes."""
    import importlib

    module = importlib.import_module(sys.argv[1])
    answers = []
    for case in json.loads(sys.stdin.read()):
        ready = in_child(module.prepare, case, memory=0, seconds=10 * SECONDS)
        started = time.monotonic()
        answer = in_child(module.outcome, ready, memory=MEMORY, seconds=SECONDS)
        answers.append({**answer, "seconds": time.monotonic() - started})
        module.clear(case)
    print(json.dumps(answers))


if __name__ == "__main__":
    main()
