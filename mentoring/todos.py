"""What sessions and handovers ask of somebody, as lines of the home page; one query for sessions, one for handovers."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from latsar.accounts.models import User
from latsar.dashboard.registry import Todo
from latsar.ui import words
from mentoring import session_tables
from mentoring.enums import SessionStage
from mentoring.home import own_handovers
from mentoring.session_tables import SessionRow, session_rows

AHEAD = timedelta(days=7)
SHOWN = 3
MOST = 100


def session_todos(user: User, kind: str = "") -> list[Todo]:
    """Answers and parafs one by one, sessions without notes together, and the sessions of the coming week."""
    rows = session_rows(session_tables.open_of(user, kind, timezone.now() + AHEAD)[:MOST], user)
    asked = [row for row in rows if row.session.stage != SessionStage.AGREED]
    agreed = [row for row in rows if row.session.stage == SessionStage.AGREED]
    unwritten = [row for row in agreed if row.session.is_over]
    coming = [row for row in agreed if not row.session.is_over]
    found = [_asked(row) for row in asked[:SHOWN]]
    if len(asked) > SHOWN:
        left = len(asked) - SHOWN
        title = ngettext("Jawab %(n)s sesi lagi", "Jawab %(n)s sesi lagi", left) % {"n": words.thousands(left)}
        found.append(Todo(title, _("Usulan waktu dan catatan yang menunggu paraf Anda."), _waiting_url(), _("Buka")))
    if unwritten:
        found.append(_unwritten(unwritten))
    return found + [_coming(row) for row in coming[:SHOWN]]


def handover_todos(user: User) -> list[Todo]:
    """Handovers to write or to receive."""
    found = []
    for handover in own_handovers(user):
        facts = {"name": handover.before.participant.full_name}
        if handover.before.mentor.user_id == user.pk:
            title, text = _("Tulis serah terima %(name)s") % facts, _("Apa yang sudah disepakati, untuk mentor berikutnya.")
            found.append(Todo(title, text, handover.get_absolute_url(), _("Tulis")))
        else:
            title, text = _("Terima serah terima %(name)s") % facts, _("Baca yang ditinggalkan mentor sebelumnya.")
            found.append(Todo(title, text, handover.get_absolute_url(), _("Baca")))
    return found


def _asked(row: SessionRow) -> Todo:
    facts = {"name": row.with_whom, "when": row.when}
    if row.session.stage == SessionStage.PROPOSED:
        title, due = _("Jawab usulan sesi dengan %(name)s") % facts, row.session.local_start.date()
        return Todo(
            title, _("%(when)s, %(agenda)s") % {**facts, "agenda": row.session.agenda}, row.session.get_absolute_url(), _("Jawab"), due
        )
    title = _("Beri paraf catatan sesi dengan %(name)s") % facts
    text = _("%(when)s. Sesi dihitung setelah kedua pihak memberi paraf.") % facts
    return Todo(title, text, row.session.get_absolute_url(), _("Periksa"))


def _unwritten(rows: list[SessionRow]) -> Todo:
    count = len(rows)
    title = ngettext("Tulis catatan %(n)s sesi", "Tulis catatan %(n)s sesi", count) % {"n": words.thousands(count)}
    text = _("Sejak %(day)s: %(name)s") % {"day": words.day_and_month(rows[0].session.local_start), "name": rows[0].with_whom}
    url = rows[0].session.get_absolute_url() if count == 1 else _waiting_url()
    return Todo(title, text, url, _("Lengkapi"))


def _coming(row: SessionRow) -> Todo:
    title = _("Sesi bimbingan dengan %(name)s") % {"name": row.with_whom}
    text = _("%(hours)s, %(where)s. %(agenda)s") % {"hours": row.session.hours_text, "where": row.where, "agenda": row.session.agenda}
    return Todo(title, text, row.session.get_absolute_url(), _("Buka"), row.session.local_start.date())


def _waiting_url() -> str:
    return f"{reverse('guidance_sessions')}?keadaan=menunggu"
