"""One field of the rancangan at a time: saved as typed, never over something that the typing tab has not seen. See ADR 0027."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aktualisasi import policies
from aktualisasi.enums import PaperKind
from aktualisasi.fields import FIELDS, RELATIONS, SCORES, BadValue, Key, digest, parse, value_text
from aktualisasi.models import Cause, Issue, Kegiatan, KegiatanAgenda, KegiatanValue, Rancangan
from aktualisasi.scoring import top_issues
from aktualisasi.services.writing import paper_of
from latsar.accounts import audit
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training.models import AgendaSubject, CurriculumValue
from participants.models import Participant


@dataclass(frozen=True)
class Saved:
    """What the server holds now: the text, its digest, and since when."""

    key: str
    text: str
    seen: str
    at: datetime
    choice: str | None = None
    """The chosen issue, when this save decided it anew."""


class FieldConflict(StaleVersion):
    """Another tab saved something else into this field; `stored` is what it holds now."""

    def __init__(self, key: str, stored: str) -> None:
        super().__init__(_("Isian ini sudah diubah di jendela lain. Ketikan Anda belum tersimpan."), code="conflict")
        self.key, self.stored = key, stored


@transaction.atomic
def open_plan(*, participant_id: int, by: User) -> Rancangan:
    """Return the participant's rancangan, locked for writing; made on the first call, also before a seat is found.

    Locks the participant only to make it, so that two first words make one row. Raises NotAllowed, Refused while it is with the mentor.
    """
    rancangan = _locked(participant_id)
    if rancangan is None:
        participant = Participant.objects.select_for_update(of=("self",)).filter(pk=participant_id).first()
        if participant is None or not policies.can_plan(by, participant):
            raise NotAllowed
        made, created = Rancangan.objects.get_or_create(participant=participant)
        if created:
            audit.record(verb="start_rancangan", obj=participant, by=by)
        paper_of(made, PaperKind.RANCANGAN)
        rancangan = _locked(participant_id)
    if rancangan is None or not policies.can_plan(by, rancangan.participant):
        raise NotAllowed
    if not rancangan.is_editable:
        raise Refused(
            _("Rancangan sedang di tangan mentor atau sudah disetujui. Tarik kembali dahulu bila ingin mengubahnya."), code="locked"
        )
    return rancangan


@transaction.atomic
def save_field(*, participant_id: int, key: str, text: str, seen: str, by: User) -> Saved:
    """Save one field if the typing tab has seen what is stored, or if the same is stored already.

    `seen` is the digest of the text that the tab saw last. A repeated save changes nothing, so a line that broke after the server had
    the words makes no conflict. Raises FieldConflict with the stored text, Refused for a value that does not fit, NotAllowed for a
    field that is not the person's own. Locks the rancangan.
    """
    rancangan = open_plan(participant_id=participant_id, by=by)
    place = parse(key)
    row = _row_of(rancangan, place) if place else None
    if place is None or (row is None and place.row not in RELATIONS):
        raise Refused(_("Isian ini sudah tidak ada, barisnya dihapus di jendela lain."), code="gone")
    stored = value_text(row, place)
    value = _read(place, text)
    after = value if place.row in RELATIONS else place.kind.write(value)
    if after == stored:
        return Saved(str(place), stored, digest(stored), rancangan.updated_at)
    if seen != digest(stored):
        raise FieldConflict(str(place), stored)
    _check_target(rancangan, place, value)
    _write(rancangan, place, row, value)
    changes: dict[str, list[Any]] = {str(place): [stored, after]}
    if place.row == "issue" and place.name in SCORES:
        changes |= settle_choice(rancangan)
    touch(rancangan, has_title=place.row == "rancangan" and place.name in ("title", "summary"))
    audit.record(verb="save_field", obj=rancangan, by=by, changes=changes)
    choice = str(rancangan.chosen_issue_id or "") if "rancangan.chosen_issue" in changes and place.row == "issue" else None
    return Saved(str(place), after, digest(after), rancangan.updated_at, choice)


def save_fields(*, participant_id: int, typed: Mapping[str, tuple[str, str]], by: User) -> dict[str, Refused]:
    """Save a whole page, each field on its own: `typed` maps a key to what was typed and the digest that the page had seen.

    What the page did not change is left alone, also when another tab changed it meanwhile. Returns what was refused; the rest is saved.
    """
    faults: dict[str, Refused] = {}
    for key, (text, seen) in typed.items():
        if digest(text) == seen:
            continue
        try:
            save_field(participant_id=participant_id, key=key, text=text, seen=seen, by=by)
        except Refused as refused:
            faults[key] = refused
    return faults


@transaction.atomic
def drop_typed(*, participant_id: int, key: str, text: str, by: User) -> Saved:
    """Let the stored text stand after a conflict; what was typed is kept in the trail beside it."""
    rancangan = open_plan(participant_id=participant_id, by=by)
    place = parse(key)
    if place is None:
        raise NotAllowed
    stored = value_text(_row_of(rancangan, place), place)
    audit.record(verb="drop_field", obj=rancangan, by=by, changes={str(place): [text[:5000], stored]})
    return Saved(str(place), stored, digest(stored), rancangan.updated_at)


def settle_choice(rancangan: Rancangan) -> dict[str, list[Any]]:
    """Make the highest issue the chosen one. Among tied ones a choice stays while it is one of them; call with the rancangan locked."""
    before = rancangan.chosen_issue_id
    top = [issue.pk for issue in top_issues(list(Issue.objects.filter(rancangan=rancangan)))]
    after = before if before in top else (top[0] if len(top) == 1 else None)
    if after == before:
        return {}
    rancangan.chosen_issue_id = after
    rancangan.save(update_fields=["chosen_issue"])
    return {"rancangan.chosen_issue": [before, after]}


def touch(rancangan: Rancangan, *, has_title: bool = False) -> None:
    """Mark the rancangan as saved now; title and summary also count up its version, which their form compares."""
    fields = ["updated_at"]
    if has_title:
        rancangan.version += 1
        fields.append("version")
    rancangan.updated_at = timezone.now()
    rancangan.save(update_fields=fields)


def _locked(participant_id: int) -> Rancangan | None:
    rows = Rancangan.objects.select_for_update(of=("self",)).select_related("participant__batch")
    return rows.filter(participant_id=participant_id).first()


def _row_of(rancangan: Rancangan, key: Key) -> models.Model | None:
    """Return the row of the field when it belongs to this rancangan."""
    if key.row == "rancangan":
        return rancangan
    if key.row == "nilai":
        return KegiatanValue.objects.filter(kegiatan__rancangan=rancangan, kegiatan=key.pk, value=int(key.name)).first()
    if key.row == "agenda":
        return KegiatanAgenda.objects.filter(kegiatan__rancangan=rancangan, kegiatan=key.pk, subject=int(key.name)).first()
    way = {"issue": "rancangan", "cause": "issue__rancangan", "kegiatan": "rancangan", "tahapan": "kegiatan__rancangan"}[key.row]
    return FIELDS[key.row][0]._default_manager.filter(pk=key.pk, **{way: rancangan}).first()


def _read(key: Key, text: str) -> Any:
    try:
        return key.kind.read(text)
    except BadValue as bad:
        raise Refused(str(bad), code="value") from bad


def _check_target(rancangan: Rancangan, key: Key, value: Any) -> None:
    """Refuse what the page cannot have offered: a foreign cause, an issue that is not on top, a value of another curriculum."""
    if key.row == "rancangan" and key.name == "chosen_issue" and value is not None:
        if value not in [issue.pk for issue in top_issues(list(Issue.objects.filter(rancangan=rancangan)))]:
            raise Refused(_("Isu terpilih harus isu dengan jumlah USG tertinggi. Muat ulang halaman ini."), code="value")
    elif key.row == "kegiatan" and key.name == "cause" and value is not None:
        if not Cause.objects.filter(pk=value, issue__rancangan=rancangan).exists():
            raise Refused(_("Penyebab itu sudah tidak ada. Muat ulang halaman ini, lalu pilih lagi."), code="value")
    elif key.row in RELATIONS:
        _check_relation(rancangan, key)


def _check_relation(rancangan: Rancangan, key: Key) -> None:
    batch = rancangan.participant.batch
    is_own = Kegiatan.objects.filter(pk=key.pk, rancangan=rancangan).exists()
    if not is_own:
        raise Refused(_("Isian ini sudah tidak ada, barisnya dihapus di jendela lain."), code="gone")
    rows: Any = CurriculumValue.objects if key.row == "nilai" else AgendaSubject.objects
    if batch is None or not rows.filter(pk=int(key.name), curriculum=batch.curriculum_id).exists():
        raise Refused(_("Kurikulum angkatan Anda berubah. Muat ulang halaman ini; kalimat Anda masih ada di sini."), code="value")


def _write(rancangan: Rancangan, key: Key, row: models.Model | None, value: Any) -> None:
    if key.row == "nilai":
        KegiatanValue.objects.update_or_create(kegiatan_id=key.pk, value_id=int(key.name), defaults={"text": value})
    elif key.row == "agenda":
        KegiatanAgenda.objects.update_or_create(kegiatan_id=key.pk, subject_id=int(key.name), defaults={"text": value})
    elif row is not None:
        owner = rancangan if row is rancangan else row
        setattr(owner, row._meta.get_field(key.name).attname, value)  # type: ignore[union-attr]
        owner.save(update_fields=[key.name])
