"""Who is in the pool: added, changed, not willing any more, prepared by a pembekalan."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker
from latsar.ui.numbers import only_digits
from mentoring import notifications, policies
from mentoring.models import Mentor, MentorTraining
from mentoring.services.keeping import Attached, stored
from participants.enums import ENDED
from participants.models import Participant

REASON_LIMIT = 300
FIELDS = ("satker", "jabatan", "bidang")


def is_nip(text: str) -> bool:
    """Say whether these are the 18 digits of a NIP; a mentor may be PNS or PPPK, so their meaning is not read."""
    return only_digits(text) and len(text) == 18


@transaction.atomic
def register_mentor(
    *,
    nip: str,
    full_name: str,
    email: str,
    satker: Satker,
    jabatan: str,
    by: User,
    bidang: str = "",
    trained_on: date | None = None,
    organiser: str = "",
) -> Mentor:
    """Add an ASN to the mentor pool, with the account that has this NIP or e-mail, else with a new one.

    A new account has no password: its owner sets one through the reset mail. Raises Refused for a NIP that is in the
    pool already or belongs to a participant.
    """
    if not policies.can_register(by):
        raise NotAllowed
    if not is_nip(nip):
        raise Refused(_("NIP mentor terdiri atas 18 angka. Periksa lagi angkanya."))
    if Mentor.objects.filter(nip=nip).exists():
        raise Refused(_("NIP ini sudah ada di daftar mentor."))
    if Participant.objects.filter(nip=nip).exclude(stage__in=ENDED).exists():
        raise Refused(_("NIP ini milik peserta Latsar. Mentor harus pegawai yang bukan peserta."))
    user = _account(nip=nip, full_name=full_name, email=email, by=by)
    _grant_mentor(user, by)
    mentor = Mentor.objects.create(user=user, nip=nip, satker=satker, jabatan=jabatan, bidang=bidang)
    audit.record(verb="register_mentor", obj=mentor, by=by, changes={"nip": [None, nip], "satker": [None, satker.name]})
    if trained_on is not None:
        with ExitStack() as files:
            _add_training(files, mentor, held_on=trained_on, organiser=organiser, by=by)
    notifications.mentor_registered(mentor)
    return mentor


def _account(*, nip: str, full_name: str, email: str, by: User) -> User:
    known = list(User.objects.get_queryset().filter(Q(username=nip) | Q(email__iexact=email, email__gt="")).select_related("mentor"))
    if len(known) > 1:
        raise Refused(_("NIP dan e-mail ini milik dua akun yang berbeda. Periksa e-mailnya."), code="email")
    if not known:
        made = User.objects.create_user(username=nip, email=email, full_name=full_name)
        audit.record(verb="add", obj=made, by=by)
        return made
    user = known[0]
    if is_nip(user.username) and user.username != nip:
        raise Refused(_("E-mail ini milik akun dengan NIP lain. Periksa NIP dan e-mailnya."), code="email")
    if hasattr(user, "mentor"):
        raise Refused(_("Akun dengan e-mail ini sudah menjadi mentor dengan NIP lain."), code="email")
    if Participant.objects.filter(user=user).exclude(stage__in=ENDED).exists():
        raise Refused(_("Akun dengan e-mail ini milik peserta Latsar. Mentor harus pegawai yang bukan peserta."), code="email")
    return user


def _grant_mentor(user: User, by: User) -> None:
    grant, created = RoleGrant.objects.get_or_create(user=user, role=Role.MENTOR, satker=None, institute=None, defaults={"granted_by": by})
    has_ended = grant.valid_to is not None
    if has_ended:
        grant.valid_to = None
        grant.save(update_fields=["valid_to"])
    if created or has_ended:
        audit.record(verb="grant", obj=user, by=by, changes={"role": ["", Role.MENTOR]})


@transaction.atomic
def update_mentor(*, mentor_id: int, version: int, satker: Satker, jabatan: str, bidang: str, by: User) -> Mentor:
    """Change where a mentor sits and what the mentor knows. Raises NotAllowed, StaleVersion, Refused for a satker out of scope."""
    mentor = locked_mentor(mentor_id, by)
    if mentor.version != version:
        raise StaleVersion(_("Data mentor ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))
    before = audit.snapshot(mentor, FIELDS)
    mentor.satker, mentor.jabatan, mentor.bidang = satker, jabatan, bidang
    changes = audit.difference(before, audit.snapshot(mentor, FIELDS))
    if not changes:
        return mentor
    if not policies.can_edit_mentor(by, mentor):
        raise Refused({"satker": _("Satker ini di luar wewenang Anda. Minta PKSDM memindahkan mentornya.")})
    mentor.version += 1
    mentor.save(update_fields=[*FIELDS, "version"])
    audit.record(verb="update_mentor", obj=mentor, by=by, changes=changes)
    return mentor


@transaction.atomic
def deactivate_mentor(*, mentor_id: int, reason: str, by: User) -> Mentor:
    """Note that a mentor takes no new mentees, and why. The present ones stay until their units change the mentor."""
    mentor = locked_mentor(mentor_id, by)
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise Refused({"reason": _("Tulis alasannya, misalnya cuti panjang atau pindah tugas.")})
    if not mentor.is_active:
        return mentor
    mentor.is_active, mentor.inactive_reason, mentor.inactive_at = False, reason, timezone.now()
    mentor.version += 1
    mentor.save(update_fields=["is_active", "inactive_reason", "inactive_at", "version"])
    audit.record(verb="deactivate_mentor", obj=mentor, by=by, changes={"is_active": [True, False]}, note=reason)
    notifications.deactivated(mentor, by)
    return mentor


@transaction.atomic
def activate_mentor(*, mentor_id: int, by: User) -> Mentor:
    """Note that a mentor is willing again."""
    mentor = locked_mentor(mentor_id, by)
    if mentor.is_active:
        return mentor
    mentor.is_active, mentor.inactive_reason, mentor.inactive_at = True, "", None
    mentor.version += 1
    mentor.save(update_fields=["is_active", "inactive_reason", "inactive_at", "version"])
    audit.record(verb="activate_mentor", obj=mentor, by=by, changes={"is_active": [False, True]})
    return mentor


def record_training(
    *, mentor_id: int, held_on: date, organiser: str, by: User, note: str = "", file: Attached | None = None
) -> MentorTraining:
    """Record one pembekalan of a mentor. Raises NotAllowed, Refused beside the field for a day to come or what is recorded."""
    return record_trainings(mentor_ids=[mentor_id], held_on=held_on, organiser=organiser, by=by, note=note, file=file)[0]


@transaction.atomic
def record_trainings(
    *, mentor_ids: list[int], held_on: date, organiser: str, by: User, note: str = "", file: Attached | None = None
) -> list[MentorTraining]:
    """Record the same pembekalan for several mentors, all or none; the evidence is kept once for each."""
    if held_on > timezone.localdate():
        raise Refused({"held_on": _("Tanggalnya belum tiba. Catat pembekalan sesudah dilaksanakan.")})
    if not organiser.strip():
        raise Refused({"organiser": _("Tulis penyelenggaranya.")})
    mentors = [locked_mentor(pk, by) for pk in sorted(set(mentor_ids))]
    with ExitStack() as files:
        return [_add_training(files, one, held_on=held_on, organiser=organiser.strip(), note=note, file=file, by=by) for one in mentors]


def _add_training(
    files: ExitStack, mentor: Mentor, *, held_on: date, organiser: str, by: User, note: str = "", file: Attached | None = None
) -> MentorTraining:
    row = MentorTraining(mentor=mentor, held_on=held_on, organiser=organiser or _("Tidak disebut"), note=note[:200], recorded_by=by)
    if file is not None:
        row.file_name, row.file_kind = file.name, file.judged.kind.value
    files.enter_context(stored(row.file, file))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        text = _("Pembekalan %(mentor)s oleh penyelenggara ini pada tanggal itu sudah tercatat.")
        raise Refused({"held_on": text % {"mentor": mentor}}) from None
    _take_latest(mentor)
    audit.record(verb="record_mentor_training", obj=mentor, by=by, changes={"trained_on": [None, held_on]}, note=row.organiser)
    return row


@transaction.atomic
def remove_training(*, training_id: int, by: User) -> Mentor:
    """Take away a pembekalan that was recorded by mistake. Raises NotAllowed."""
    row = MentorTraining.objects.visible_to(by).filter(pk=training_id).first()
    if row is None:
        raise NotAllowed
    mentor = locked_mentor(row.mentor_id, by)
    audit.record(verb="remove_mentor_training", obj=mentor, by=by, changes={"trained_on": [row.held_on, None]}, note=row.organiser)
    storage, name = row.file.storage, row.file.name
    row.delete()
    _take_latest(mentor)
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    return mentor


def _take_latest(mentor: Mentor) -> None:
    mentor.trained_on = mentor.trainings.aggregate(last=Max("held_on"))["last"]
    mentor.save(update_fields=["trained_on"])


def locked_mentor(mentor_id: int, by: User) -> Mentor:
    """Lock a mentor whose data the person may change. Raises NotAllowed."""
    rows = Mentor.objects.visible_to(by).select_related("user", "satker").select_for_update(of=("self",))
    mentor = rows.filter(pk=mentor_id).first()
    if mentor is None or not policies.can_edit_mentor(by, mentor):
        raise NotAllowed
    return mentor
