"""What the aktualisasi leaves on the person: the title that a certificate prints."""

from __future__ import annotations

from django.db import transaction

from latsar.accounts import audit
from latsar.accounts.models import User
from participants.people import Participant


@transaction.atomic
def record_aktualisasi_title(*, participant_id: int, title: str, by: User) -> Participant:
    """Keep the title of the rancangan that `by` has just approved; the caller has judged whether they may.

    Locks the person. A rancangan opened again keeps its former title here until the next approval.
    """
    person = Participant.objects.select_for_update(of=("self",)).get(pk=participant_id)
    if person.aktualisasi_title != title:
        audit.record(verb="title_aktualisasi", obj=person, by=by, changes={"aktualisasi_title": [person.aktualisasi_title, title]})
        person.aktualisasi_title = title
        person.save(update_fields=["aktualisasi_title", "updated_at"])
    return person
