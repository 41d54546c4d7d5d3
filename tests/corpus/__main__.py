"""Write the corpus of bad workbooks into a folder, to be opened by hand: python -m tests.corpus FOLDER."""

import re
import sys
from pathlib import Path

from tests.corpus import workbook_archives, workbook_layouts
from tests.corpus.workbook_cells import WRONG_CELLS
from tests.corpus.workbook_rows import ACCEPTED, WRONG_ROWS
from tests.corpus.workbooks import book, with_cell


def main(folder: Path) -> None:
    files = {case.name: (case.filename, case.build) for case in [*workbook_archives.REFUSED, *workbook_layouts.REFUSED]}
    files |= {case.name: ("cpns.xlsx", lambda case=case: book([with_cell(case.heading, case.value)])) for case in WRONG_CELLS}
    files |= {case.name: ("cpns.xlsx", case.build) for case in WRONG_ROWS}
    files |= {f"accepted {name}": ("cpns.xlsx", build) for name, build in ACCEPTED}
    for name, (filename, build) in files.items():
        place = folder / re.sub(r"[^a-z0-9]+", "-", name.lower())
        place.mkdir(parents=True, exist_ok=True)
        (place / filename).write_bytes(build())
    sys.stdout.write(f"{len(files)} files in {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
