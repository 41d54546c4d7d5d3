"""The dates of registration, verification, placement and phases of which people are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from latsar.accounts.models import AuditEntry
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, Reminder, source
from latsar.satker.models import SatkerKind
from latsar.training.enums import BatchStage
from latsar.ui import words
from participants import duty_reminders, phase_reminders, score_reminders, waiting_reminders  # noqa: F401 - importing them registers their sources
from participants.clock import BUCKETS
from participants.dossier.documents import DossierDocument
from participants.enums import ENDED, ImportState, Stage
from participants.groups import people_url
from participants.imports import PREVIEW_KEPT
from participants.models import Participant, ParticipantImport, RegistrationDraft
from participants.offices import day_of, facts, office_lines, on_day
from participants.people import ParticipantQuerySet
from participants.queue import AnswerClock
from participants.services.invitation import INVITE

UNITS = (Audience.SATKER, Audience.PROVINCE, Audience.PKSDM)


@source("probation", gettext_lazy("Batas masa percobaan tanpa kursi tepat waktu"), Audience.PERSON, *UNITS)
def probation(asked: Asked) -> Iterator[Reminder]:
    """People whose year ends that day and whose Latsar does not end before it. Ref: PP 11/2017 jo 17/2020 Pasal 34-36."""
    late = Q(batch=None) | Q(batch__ends_on__gt=F("deadline"))
    rows = Participant.objects.filter(late, deadline=asked.day).exclude(stage__in=ENDED)
    if asked.audience == Audience.PERSON:
        for person in with_account(rows):
            yield Reminder(
                person.user,
                "probation",
                lambda: (
                    _("Batas masa percobaan Anda %(day)s, dan Latsar belum pasti selesai sebelumnya. Hubungi admin satker Anda.")
                    % {"day": day_of(asked)}
                ),
                person.get_absolute_url(),
                lambda: _("Lihat keadaan saya"),
                asked.day,
            )
        return

    def say(n: int) -> str:
        text = ngettext(
            "Batas masa percobaan %(n)s CPNS %(day)s, tanpa Latsar yang selesai sebelumnya. Carikan kursi atau urus perpanjangan.",
            "Batas masa percobaan %(n)s CPNS %(day)s, tanpa Latsar yang selesai sebelumnya. Carikan kursi atau urus perpanjangan.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    url = people_url(tahap="berjalan", batas=_bucket((asked.day - asked.today).days), urut="batas")
    yield from office_lines(asked, rows, say=say, url=url, action=lambda: _("Lihat orangnya"), due_on=asked.day)


def _bucket(days: int) -> str:
    return next(one.key for one in BUCKETS if (one.low is None or days >= one.low) and (one.high is None or days <= one.high))


@source("verification", gettext_lazy("Jawaban atas berkas yang diajukan"), Audience.PROVINCE, Audience.PKSDM)
def verification(asked: Asked) -> Iterator[Reminder]:
    """Files whose answer is due that day, over working days and holidays."""
    clock = AnswerClock(asked.today)
    entered = {"stage_at__gte": clock.entered_before(asked.day), "stage_at__lt": clock.entered_before(asked.day + timedelta(days=1))}
    central = Q(province__kind=SatkerKind.SETJEN)
    mine = (
        Q(stage=Stage.SUBMITTED) & ~central
        if asked.audience == Audience.PROVINCE
        else Q(stage=Stage.VERIFIED) | Q(stage=Stage.SUBMITTED) & central
    )

    def say(n: int) -> str:
        if asked.day < asked.today:
            text = ngettext("%(n)s berkas lewat batas jawab %(day)s.", "%(n)s berkas lewat batas jawab %(day)s.", n)
            return text % facts(n, day=day_of(asked))
        text = ngettext("%(n)s berkas harus dijawab paling lambat %(day)s.", "%(n)s berkas harus dijawab paling lambat %(day)s.", n)
        return text % facts(n, day=day_of(asked))

    rows = Participant.objects.filter(mine, **entered)
    yield from office_lines(asked, rows, say=say, url=reverse("verification_queue"), action=lambda: _("Buka antrean"), due_on=asked.day)


@source("returned", gettext_lazy("Berkas dikembalikan dan belum diajukan lagi"), Audience.SATKER, Audience.PROVINCE)
def returned(asked: Asked) -> Iterator[Reminder]:
    rows = Participant.objects.filter(stage=Stage.RETURNED, **on_day("stage_at", asked.day))

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s berkas dikembalikan %(day)s dan belum diajukan lagi. Perbaiki menurut catatannya.",
            "%(n)s berkas dikembalikan %(day)s dan belum diajukan lagi. Perbaiki menurut catatannya.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=people_url(tahap=Stage.RETURNED.value), action=lambda: _("Lihat berkasnya"))


@source("unsubmitted", gettext_lazy("CPNS terdaftar yang belum diajukan"), Audience.SATKER)
def unsubmitted(asked: Asked) -> Iterator[Reminder]:
    rows = Participant.objects.filter(stage=Stage.REGISTERED, **on_day("stage_at", asked.day))

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s CPNS terdaftar sejak %(day)s dan belum diajukan. Tanpa pengajuan tidak ada kursi.",
            "%(n)s CPNS terdaftar sejak %(day)s dan belum diajukan. Tanpa pengajuan tidak ada kursi.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=people_url(tahap=Stage.REGISTERED.value), action=lambda: _("Pilih dan ajukan"))


@source("dossier_expiry", gettext_lazy("Berkas yang habis masa berlakunya"), Audience.PERSON, Audience.SATKER)
def dossier_expiry(asked: Asked) -> Iterator[Reminder]:
    """People with a document, such as the surat keterangan sehat, whose last day is that day."""
    ending = DossierDocument.objects.current().filter(expires_on=asked.day).values("participant")
    rows = Participant.objects.filter(pk__in=ending).exclude(stage__in=ENDED)
    if asked.audience == Audience.PERSON:
        for person in with_account(rows):
            yield Reminder(
                person.user,
                "dossier",
                lambda: _("Berkas Anda habis masa berlakunya %(day)s. Siapkan dan unggah yang baru.") % {"day": day_of(asked)},
                reverse("dossier", args=[person.pk]),
                lambda: _("Buka berkas"),
                asked.day,
            )
        return

    def say(n: int) -> str:
        text = ngettext(
            "Berkas %(n)s CPNS habis masa berlakunya %(day)s. Minta dan unggah yang baru.",
            "Berkas %(n)s CPNS habis masa berlakunya %(day)s. Minta dan unggah yang baru.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=reverse("dossier_overview"), action=lambda: _("Lihat berkasnya"), due_on=asked.day)


@source("invitation", gettext_lazy("Undangan yang belum dipakai"), Audience.SATKER, Audience.PROVINCE)
def invitation(asked: Asked) -> Iterator[Reminder]:
    """People whose newest invitation is of that day and who have set no password."""
    invites = AuditEntry.objects.filter(
        verb=INVITE, model=Participant._meta.label_lower, object_id=Cast(OuterRef("pk"), CharField(max_length=40))
    )
    that_day = on_day("at", asked.day)
    rows = Participant.objects.filter(user__password__startswith=UNUSABLE_PASSWORD_PREFIX, user__last_login=None).filter(
        Exists(invites.filter(**that_day)), ~Exists(invites.filter(at__gte=that_day["at__lt"]))
    )

    def say(n: int) -> str:
        text = ngettext(
            "%(n)s peserta diundang %(day)s dan belum membuat kata sandi. Ingatkan mereka, atau kirim ulang undangannya.",
            "%(n)s peserta diundang %(day)s dan belum membuat kata sandi. Ingatkan mereka, atau kirim ulang undangannya.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    yield from office_lines(asked, rows, say=say, url=people_url(tahap="sudah-diverifikasi"), action=lambda: _("Lihat peserta"))


@source("draft", gettext_lazy("Isian pendaftaran yang belum disimpan"), Audience.PERSON)
def draft(asked: Asked) -> Iterator[Reminder]:
    for kept in (
        RegistrationDraft.objects.registering().filter(user__is_active=True, **on_day("saved_at", asked.day)).select_related("user")
    ):
        yield Reminder(
            kept.user,
            "draft",
            lambda: _("Isian pendaftaran CPNS Anda dari %(day)s belum disimpan. Lanjutkan, atau kosongkan.") % {"day": day_of(asked)},
            f"{reverse('participant_add')}?draf={kept.key}",
            lambda: _("Lanjutkan"),
        )


@source("import_preview", gettext_lazy("Pratinjau impor yang belum diputuskan"), Audience.PERSON)
def import_preview(asked: Asked) -> Iterator[Reminder]:
    uploads = ParticipantImport.objects.filter(state=ImportState.PREVIEW, uploaded_by__is_active=True, **on_day("uploaded_at", asked.day))
    dropped = asked.day + PREVIEW_KEPT
    for upload in uploads.select_related("uploaded_by"):
        facts = {"file": upload.filename, "day": dropped}
        yield Reminder(
            upload.uploaded_by,
            f"import-{upload.pk}",
            lambda facts=facts: (
                _("Pratinjau impor %(file)s belum diputuskan dan dihapus %(day)s.")  # type: ignore[misc]  # bound now
                % {"file": facts["file"], "day": words.long_date(facts["day"])}
            ),
            reverse("participant_import_preview", args=[upload.pk]),
            lambda: _("Buka pratinjau"),
            dropped,
        )


@source("batch_start", gettext_lazy("Mulainya angkatan"), Audience.PERSON, *UNITS, Audience.INSTITUTE)
def batch_start(asked: Asked) -> Iterator[Reminder]:
    rows = Participant.objects.filter(stage=Stage.PLACED, batch__stage=BatchStage.OPEN, batch__starts_on=asked.day)
    if asked.audience == Audience.PERSON:
        for person in with_account(rows.select_related("batch__institute")):
            assert person.batch is not None
            yield Reminder(
                person.user,
                f"batch-{person.batch_id}",
                lambda batch=person.batch: (
                    _("%(batch)s mulai %(day)s di %(institute)s. Periksa jadwal dan surat tugas Anda.")  # type: ignore[misc]
                    % {"batch": batch.label, "day": day_of(asked), "institute": batch.institute}
                ),
                person.get_absolute_url(),
                lambda: _("Lihat jadwal"),
                asked.day,
            )
        return

    def say(n: int) -> str:
        if asked.audience == Audience.INSTITUTE:
            text = ngettext("%(n)s peserta mulai Latsar %(day)s.", "%(n)s peserta mulai Latsar %(day)s.", n)
            return text % facts(n, day=day_of(asked))
        text = ngettext(
            "%(n)s CPNS mulai Latsar %(day)s. Siapkan surat tugas dan bebas tugasnya.",
            "%(n)s CPNS mulai Latsar %(day)s. Siapkan surat tugas dan bebas tugasnya.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    is_institute = asked.audience == Audience.INSTITUTE
    url = reverse("batch_list") if is_institute else people_url(tahap=Stage.PLACED.value)
    yield from office_lines(asked, rows, say=say, url=url, action=lambda: _("Lihat pesertanya"), due_on=asked.day)


@source("deferral_end", gettext_lazy("Penundaan yang sampai perkiraan akhirnya"), *UNITS)
def deferral_end(asked: Asked) -> Iterator[Reminder]:
    rows = Participant.objects.filter(stage=Stage.DEFERRED, deferred_until=asked.day)

    def say(n: int) -> str:
        text = ngettext(
            "Penundaan %(n)s CPNS diperkirakan berakhir %(day)s. Lanjutkan bila sudah siap; jam percobaannya tetap berjalan.",
            "Penundaan %(n)s CPNS diperkirakan berakhir %(day)s. Lanjutkan bila sudah siap; jam percobaannya tetap berjalan.",
            n,
        )
        return text % facts(n, day=day_of(asked))

    url = people_url(tahap=Stage.DEFERRED.value)
    yield from office_lines(asked, rows, say=say, url=url, action=lambda: _("Lihat orangnya"), due_on=asked.day)


source("phase_end", gettext_lazy("Berakhirnya fase"), Audience.PERSON, Audience.SATKER, Audience.INSTITUTE)(phase_reminders.phase_end)
source("phase_start", gettext_lazy("Mulainya fase"), Audience.PERSON, Audience.INSTITUTE)(phase_reminders.phase_start)


def with_account(rows: ParticipantQuerySet) -> Iterator[Any]:
    """Return the people who have an account to be told in; `Any`, because their `user` is known to be there."""
    return rows.filter(user__is_active=True).select_related("user").order_by("pk").iterator(chunk_size=2000)
