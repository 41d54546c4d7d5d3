"""Why a whole workbook is turned away."""


class WorkbookRefused(Exception):
    """The file as a whole cannot be imported: `message` for the reader, `code` for the program.

    `problems` lists every finding of the same kind when there are several, such as wrong headings.
    """

    def __init__(self, message: str, code: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.problems = problems or (message,)
