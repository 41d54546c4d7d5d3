"""First step inside the cell: put the limits on, then run the worker. Imports nothing of the project."""

import json
import os
import resource
import runpy
import sys

REFUSED = 3
OUT_OF_MEMORY = 4


def put_limits_on(limits: dict[str, int]) -> None:
    """Lower this process's own limits for good: CPU, memory, answer size, no core file, no children."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
        # Counts all processes of the user, so it cannot stop root; images run as an ordinary user.
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def main() -> None:
    put_limits_on(json.loads(sys.argv[1]))
    worker = sys.argv[2]
    sys.argv = sys.argv[2:]
    try:
        runpy.run_path(worker, run_name="__main__")
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
