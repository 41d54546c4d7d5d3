"""Numbers as they come in an address or a form: anything but a plain small one is none."""

MOST_DIGITS = 18
"""What every database column for a key can hold."""


def only_digits(text: str) -> bool:
    """Tell whether a text is the ASCII digits and nothing else; str.isdigit also takes "²", which int() refuses."""
    return text.isascii() and text.isdecimal()


def whole_number(text: str | None) -> int | None:
    """Read a key, a page or a place in a list; None for what is not one."""
    return int(text) if text and len(text) <= MOST_DIGITS and only_digits(text) else None
