"""Ask this container's own web server how it is; exit 0 when it answers 200. Standard library only."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".")
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
    try:
        # The portal answers only to its own name and, in production, only to what came over TLS.
        connection.request("GET", f"/{sys.argv[1]}", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
