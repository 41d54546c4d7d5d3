"""Names that senders give their files: kept as text, never as a path."""

import re
import unicodedata
from urllib.parse import quote

MAX_NAME = 200
FALLBACK = "dokumen"

_PATH_MARKS = re.compile(r"[/\\:*?\"<>|]")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def display_name(raw: str) -> str:
    """Turn an uploaded file's name into one line of safe text.

    NFC, at most 200 characters with the extension kept; folders, control, format (bidi, zero width), private and
    surrogate characters are dropped. Never empty. The stored file has a random name of its own.
    """
    last = re.split(r"[/\\]", raw)[-1]
    kept = "".join(c for c in last if c.isspace() or not unicodedata.category(c).startswith("C"))
    name = _PATH_MARKS.sub("", unicodedata.normalize("NFC", kept))
    name = _SPACES.sub(" ", name).strip(" .")
    if not name:
        return FALLBACK
    if _DEVICE.match(name):
        name = f"_{name}"
    if len(name) <= MAX_NAME:
        return name
    ending = _EXTENSION.search(name)
    suffix = ending.group() if ending else ""
    return name[: MAX_NAME - len(suffix)].rstrip(" .") + suffix


def content_disposition(name: str, *, inline: bool = False) -> str:
    """Return the Content-Disposition value for a download, any name being safe in it.

    Carries an ASCII `filename` for old clients and the exact `filename*`. Ref: RFC 6266, RFC 8187.
    """
    safe = display_name(name)
    plain = unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode().replace("%", "_").replace("'", "_").strip(" .")
    disposition = "inline" if inline else "attachment"
    value = f'{disposition}; filename="{plain or FALLBACK}"'
    return value if plain == safe else f"{value}; filename*=UTF-8''{quote(safe, safe='')}"
