"""Which process runs which tests: a file stays together, and what takes longest begins first.

A file that stays together makes its module's fixtures once, a browser above all. pytest-xdist's own `loadgroup` marks a
group in a place where pytest 9.2 no longer looks, so its groups fell apart without a word.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

JOURNEYS = "tests/journeys/"
SECONDS = {
    JOURNEYS: 450.0,  # one after the other: two browsers and two portals on two cores only wait for each other
    "tests/test_access.py": 100.0,
    "tests/test_workflow.py": 25.0,
    "tests/test_demo.py": 20.0,
    "tests/participants/test_import_corpus.py": 15.0,
    "tests/test_admin.py": 40.0,
}
"""CPU seconds of what takes much longer than its number of tests says."""
SECONDS_PER_TEST = 0.1


class LongestFirst(LoadScopeScheduling):
    """Hands out files, the longest first, so that the short ones even out the end."""

    is_ordered = False

    def _split_scope(self, nodeid: str) -> str:
        return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid.split("::", 1)[0]

    def _assign_work_unit(self, node) -> None:
        if not self.is_ordered:
            self.is_ordered = True
            for scope in sorted(self.workqueue, key=self._seconds):
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)

    def _seconds(self, scope: str) -> float:
        return SECONDS.get(scope) or SECONDS_PER_TEST * len(self.workqueue[scope])
