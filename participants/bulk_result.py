"""What the last order for several people did, kept in the session so that its page can be opened again."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from latsar.accounts.models import User
from participants.bulk import ACTIONS, BulkAction, BulkOrder
from participants.models import Participant
from participants.services.verification import Outcome

SESSION_KEY = "bulk_result"


@dataclass(frozen=True, slots=True)
class BulkResult:
    action: BulkAction
    is_from_queue: bool
    outcomes: list[Outcome]


def keep_result(session: MutableMapping[str, Any], order: BulkOrder, outcomes: Iterable[Outcome]) -> None:
    people = [[one.participant.pk, one.problem] for one in outcomes]
    session[SESSION_KEY] = {"action": order.action.name, "is_from_queue": order.is_from_queue, "people": people}


def kept_result(session: MutableMapping[str, Any], user: User) -> BulkResult | None:
    """Return the last result with the people whom the user still sees; None when nothing was done in this session."""
    kept: dict[str, Any] = session.get(SESSION_KEY, {})
    action = next((one for one in ACTIONS if one.name == kept.get("action")), None)
    if action is None:
        return None
    problems: dict[int, str] = dict(kept["people"])
    people = Participant.objects.visible_to(user).select_related("satker").in_bulk(problems)
    outcomes = [Outcome(people[pk], problem) for pk, problem in problems.items() if pk in people]
    return BulkResult(action, kept["is_from_queue"], outcomes)
