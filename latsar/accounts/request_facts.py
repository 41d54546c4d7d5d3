"""Facts of the request under way, for audit rows and logs."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

TRUSTED_KEY = "sso_second_factor"
"""In the session: the account whose second factor the provider of the single sign-on has asked for."""


@dataclass(frozen=True)
class RequestFacts:
    request_id: str = ""
    client_ip: str | None = None


current: ContextVar[RequestFacts] = ContextVar("request_facts", default=RequestFacts())  # noqa: B039
