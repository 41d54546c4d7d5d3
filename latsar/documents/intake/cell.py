"""The cell: a small process of its own in which foreign bytes are parsed, limited and killed when slow.

The parent never parses. It hands the bytes over as a file, gives the child no environment (so no secrets), and takes
back an exit code and at most `output` bytes. The limits are set inside the child before it loads a parser, because
`preexec_fn` is not safe in a process with threads.
"""

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
REFUSED = 3
OUT_OF_MEMORY = 4


@dataclass(frozen=True)
class CellLimits:
    """What one child may use: CPU and wall seconds, bytes of memory, bytes of answer."""

    cpu: int = 10
    wall: int = 20
    memory: int = 512 * 1024 * 1024
    output: int = 64 * 1024


class CellRefused(Exception):
    """The child looked at the bytes and refused them; the argument is the reason's code."""


class CellStopped(Exception):
    """The child did not come to an end: `too_slow`, `too_heavy` or `crashed`."""


def run_cell(worker: str, data: bytes, *arguments: str, limits: CellLimits = CellLimits()) -> bytes:
    """Run one worker script on the bytes and return what it wrote.

    Raises CellRefused with the worker's code, CellStopped when it was stopped or fell over.
    """
    command = [sys.executable, "-I", str(FOLDER / "cell_start.py"), json.dumps(asdict(limits)), str(FOLDER / worker), *arguments]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(data)
        given.seek(0)
        try:
            done = subprocess.run(  # noqa: S603  our own script, no shell; the foreign bytes come on stdin
                command,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as slow:
            raise CellStopped("too_slow") from slow
        answer.seek(0)
        written = answer.read(limits.output)
    if done.returncode == 0:
        return written
    if done.returncode == REFUSED:
        raise CellRefused(written.decode("ascii", "replace"))
    if done.returncode == OUT_OF_MEMORY:
        raise CellStopped("too_heavy")
    raise CellStopped("too_slow" if done.returncode in {-signal.SIGXCPU, -signal.SIGKILL} else "crashed")
