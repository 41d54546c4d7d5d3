"""Release to the library: first the author, then the satker; each takes the own consent back whenever it wants."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import habituasi_policies as policies
from aktualisasi.gates import is_finished
from aktualisasi.habituasi_enums import ConsentSide
from aktualisasi.laporan import Laporan
from aktualisasi.library import LibraryConsent, LibraryEntry, Theme
from aktualisasi.rancangan import Rancangan
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused
from latsar.accounts.models import User
from participants.models import Participant

SCHEMA = 1
CONTACTS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?:\+?\d[\s.-]?){9,}\d")
"""What reads as an e-mail address, a telephone number or a NIP."""


@transaction.atomic
def release_entry(*, participant_id: int, theme_id: int, show_name: bool, by: User) -> LibraryEntry:
    """Give the author's consent and freeze what will be shown: title, issue, gagasan, matrix, results. No contact data.

    A release that changes what is shown asks the satker again. Raises NotAllowed, Refused.
    """
    person = Participant.objects.select_for_update(of=("self",)).select_related("satker", "batch").filter(pk=participant_id).first()
    if person is None or not policies.can_release(by, person):
        raise NotAllowed
    theme = Theme.objects.filter(pk=theme_id, is_active=True).first()
    if theme is None:
        raise Refused({"theme": _("Pilih tema aktualisasi Anda.")})
    rancangan = Rancangan.objects.select_related("chosen_issue").filter(participant=person).first()
    title = (rancangan.title if rancangan else "") or person.aktualisasi_title
    if not title:
        raise Refused(_("Aktualisasi ini belum berjudul, jadi belum dapat dirilis."))
    fresh = {
        "theme_id": theme.pk,
        "title": title,
        "year": person.graduated_on.year if person.graduated_on else timezone.localdate().year,
        "jabatan": person.jabatan,
        "show_name": show_name,
        "content": content_of(rancangan),
    }
    entry = LibraryEntry.objects.select_for_update(of=("self",)).filter(participant=person).first()
    if entry is None:
        entry = LibraryEntry(participant=person)
    elif any(getattr(entry, name) != value for name, value in fresh.items()):
        entry.satker_at = None
    for name, value in fresh.items():
        setattr(entry, name, value)
    entry.words, entry.author_at = _words(entry, person, theme), timezone.now()
    entry.save()
    LibraryConsent.objects.create(entry=entry, side=ConsentSide.AUTHOR, is_given=True, with_name=show_name, by=by)
    audit.record(verb="release_library", obj=person, by=by, note=entry.title)
    return entry


@transaction.atomic
def take_back_entry(*, participant_id: int, by: User) -> LibraryEntry:
    """Take the author's consent back: the entry is gone from the library at once, the satker's consent with it."""
    entry = _locked(by, participant_id=participant_id)
    if not policies.is_author(by, entry.participant):
        raise NotAllowed
    if entry.author_at is None:
        return entry
    entry.author_at, entry.satker_at = None, None
    entry.save(update_fields=["author_at", "satker_at", "updated_at"])
    LibraryConsent.objects.create(entry=entry, side=ConsentSide.AUTHOR, is_given=False, by=by)
    audit.record(verb="unrelease_library", obj=entry.participant, by=by, note=entry.title)
    return entry


@transaction.atomic
def answer_for_satker(*, entry_id: int, given: bool, by: User) -> LibraryEntry:
    """Give the satker's consent or take it back. Raises NotAllowed, Refused while the author has not released it."""
    entry = _locked(by, pk=entry_id)
    if not policies.can_release_for_satker(by, entry):
        raise NotAllowed
    if given and (entry.author_at is None or not is_finished(entry.participant)):
        raise Refused(_("Penulisnya belum merilis aktualisasi ini, atau menariknya kembali."))
    if given == (entry.satker_at is not None):
        return entry
    entry.satker_at = timezone.now() if given else None
    entry.save(update_fields=["satker_at", "updated_at"])
    LibraryConsent.objects.create(entry=entry, side=ConsentSide.SATKER, is_given=given, with_name=entry.show_name, by=by)
    verb = "release_library_satker" if given else "unrelease_library_satker"
    audit.record(verb=verb, obj=entry.participant, by=by, note=entry.title)
    return entry


def content_of(rancangan: Rancangan | None) -> dict[str, Any]:
    """Return what the library shows of a plan and its laporan; names of people stay out."""
    if rancangan is None:
        return {"schema": SCHEMA, "issue": {}, "idea": "", "matrix": [], "results": {}, "measures": []}
    laporan = Laporan.objects.filter(rancangan=rancangan).first()
    issue = rancangan.chosen_issue
    shown = {
        "schema": SCHEMA,
        "issue": {"statement": issue.statement, "current": issue.current, "expected": issue.expected} if issue else {},
        "summary": rancangan.summary,
        "idea": rancangan.idea,
        "matrix": [
            {
                "number": kegiatan.order,
                "title": kegiatan.title,
                "tahapan": [{"text": tahapan.text, "output": tahapan.output} for tahapan in kegiatan.tahapan.all()],
            }
            for kegiatan in rancangan.kegiatan.prefetch_related("tahapan")
        ],
        "results": {
            name: getattr(laporan, name)
            for name in ("outcome", "benefit_unit", "benefit_public", "follow_up")
            if getattr(laporan, name, "")
        },
        "measures": [{"indicator": m.indicator, "before": m.before, "after": m.after} for m in laporan.measures.all()] if laporan else [],
    }
    return _without_contacts(shown)


def _without_contacts(value: Any) -> Any:
    """Blank what somebody typed of addresses and numbers of people: it belongs to them, not into the library."""
    if isinstance(value, str):
        return CONTACTS.sub("…", value)
    if isinstance(value, list):
        return [_without_contacts(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_contacts(one) for name, one in value.items()}
    return value


def _words(entry: LibraryEntry, person: Participant, theme: Theme) -> str:
    issue, content = entry.content.get("issue", {}), entry.content
    parts = [entry.title, issue.get("statement", ""), content.get("summary", ""), content.get("idea", ""), person.satker.name]
    return " ".join([*parts, entry.jabatan, theme.name, str(entry.year), *(row["title"] for row in content["matrix"])]).lower()


def _locked(by: User, **which: int) -> LibraryEntry:
    entry = LibraryEntry.objects.visible_to(by).filter(**which).values_list("pk", flat=True).first()
    if entry is None:
        raise NotAllowed
    rows = LibraryEntry.objects.select_for_update(of=("self",)).select_related("participant__satker", "theme")
    return rows.get(pk=entry)
