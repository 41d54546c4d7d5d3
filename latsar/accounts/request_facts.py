"""Facts of the request under way, for audit rows and logs."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestFacts:
    request_id: str = ""
    client_ip: str | None = None


current: ContextVar[RequestFacts] = ContextVar("request_facts", default=RequestFacts())  # noqa: B039
