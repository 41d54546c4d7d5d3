"""Three people of Belu beyond their seminar: one in the fourth week of habituasi, one done with it, one in the library."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageDraw

from aktualisasi.demo import guiding, people, rancangan_examples, story
from aktualisasi.demo.accounts import Cast
from aktualisasi.demo.batches import Rules, make_batch
from aktualisasi.demo.field_plan import MEASURES, WEEKS_TOLD
from aktualisasi.demo.sample_pdf import sample_rancangan
from aktualisasi.enums import PaperKind, PaperStage
from aktualisasi.habituasi import Evidence, PlanChange, TahapanWork, WeeklyReport, WeeklyReportChange
from aktualisasi.laporan import Laporan, LaporanMeasure
from aktualisasi.library import Theme
from aktualisasi.models import Paper, Rancangan, Tahapan
from aktualisasi.report_weeks import Week, habituasi_of, weeks_of
from aktualisasi.services.library import answer_for_satker, release_entry
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage, PhaseKind
from latsar.training.models import BatchPhase, CurriculumValue
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.enums import Stage
from participants.models import Participant

BEGAN = 62
"""Days since the first day of this angkatan: MOOC and e-learning take 35, the seminar two, so the habituasi is in its fourth week."""
HABITUASI = 24
NAMES = ("Oktavianus Seran Klau, S.Kom.", "Maria Goreti Bere, S.H.", "Yohanes Taek, S.IP.")


@dataclass(frozen=True)
class Picture:
    stored: str
    size: int
    sha256: str


def record(rng: Random, rules: Rules, cast: Cast) -> int:
    """Make the three with their mentor; return how many people came."""
    belu = Satker.objects.get(code="53.04")
    batch = make_batch(
        rules,
        institute=rules.institutes["bpsdm-ntt"],
        number=4,
        starts_on=rules.today - timedelta(days=BEGAN),
        stage=BatchStage.RUNNING,
        place="Kupang",
    )
    _settle_phase(batch.pk, rules.today)
    crowd = [people.person(rng, belu, people.month_back(rules.today, 8), set()) for _ in NAMES]
    for person, name in zip(crowd, NAMES, strict=True):
        person.full_name, person.stage, person.batch = name, Stage.TRAINING, batch
    crowd[2].stage, crowd[2].graduated_on, crowd[2].qualification = Stage.GRADUATED, rules.today - timedelta(days=1), "Memuaskan"
    crowd[2].aktualisasi_title = guiding.title_for(crowd[2], 0)
    story.save(rules, crowd, [story.Seated(batch, crowd)])
    author = cast.add("peserta.habituasi", NAMES[0], Role.PESERTA, satker=belu)
    guide = cast.add("mentor.habituasi", "Katarina Bouk, S.H., M.H.", Role.MENTOR, satker=belu)
    mentor = Mentor.objects.create(
        user=guide, nip="197904122005012903", satker=belu, jabatan="Kepala Subbagian Hukum", trained_on=rules.today
    )
    GroupCoach.objects.get_or_create(batch=batch, group=1, defaults={"coach": cast.users["coach"]})
    for person, user in zip(crowd, (author, _account(NAMES[1], "peserta.belu2"), _account(NAMES[2], "peserta.belu3")), strict=True):
        Participant.objects.filter(pk=person.pk).update(user=user, email=user.email)
        person.user = user
    for slot, person in enumerate(crowd[:2], 1):
        MentorAssignment.objects.create(mentor=mentor, participant=person, slot=slot, assigned_by=rules.by)
    for number, person in enumerate(crowd):
        _tell(rules, person, guide, number)
    return len(crowd)


def _settle_phase(batch_id: int, today: date) -> None:
    """Put the habituasi where the story has it, whatever holidays lie before it."""
    phase = BatchPhase.objects.get(batch=batch_id, kind=PhaseKind.HABITUASI)
    start = today - timedelta(days=HABITUASI)
    phase.starts_on = start - timedelta(days=start.weekday())
    phase.ends_on = phase.starts_on + timedelta(days=32)
    phase.save(update_fields=["starts_on", "ends_on"])


def _account(name: str, username: str) -> User:
    """Make somebody who cannot sign in: a demo shows what they left behind."""
    user = User.objects.create_user(username, "", None, full_name=name)
    user.grants.create(role=Role.PESERTA, valid_from=timezone.localdate() - timedelta(days=400))
    return user


def _tell(rules: Rules, person: Participant, guide: User, number: int) -> None:
    rancangan = _plan(rules, person, guide)
    phase = habituasi_of(person)
    assert phase is not None
    weeks = weeks_of(phase)
    _work(rancangan, weeks, rules.today, finished=number > 0)
    _evidence(rancangan)
    _reports(rancangan, weeks, rules.today, guide, finished=number > 0)
    if number == 0:
        _change(rancangan, guide, is_open=True)
    if number == 1:
        _change(rancangan, guide, is_open=False)
    if number == 2:
        _laporan(rancangan)
        _release(person, rules)


def _plan(rules: Rules, person: Participant, guide: User) -> Rancangan:
    """Write the approved rancangan of the story with its matrix and its document."""
    at = timezone.now() - timedelta(days=HABITUASI + 8)
    rancangan = Rancangan.objects.create(participant=person)
    rancangan_examples.fill(rancangan, "berita-acara", by=_user(person))
    content = sample_rancangan()
    name = default_storage.save("rancangan/contoh/rancangan-belu.pdf", ContentFile(content))
    paper = Paper.objects.create(
        rancangan=rancangan, kind=PaperKind.RANCANGAN, stage=PaperStage.APPROVED, stage_at=at, first_submitted_at=at
    )
    guiding.add_version(paper, rules.by, name, hashlib.sha256(content).hexdigest(), len(content))
    return rancangan


def _steps(rancangan: Rancangan) -> list[Tahapan]:
    rows = Tahapan.objects.filter(kegiatan__rancangan=rancangan).select_related("kegiatan")
    return list(rows.order_by("kegiatan__order", "order"))


def _work(rancangan: Rancangan, weeks: list[Week], today: date, *, finished: bool) -> None:
    """Finish the tahapan of the weeks that are over, but one; begin the first of this week."""
    steps = _steps(rancangan)
    past = [step for step in steps if max(step.kegiatan.weeks) <= sum(week.due_on < today for week in weeks)]
    late = past[-1:] if not finished else []
    last = max(step.kegiatan.order for step in steps)
    rows = []
    for step in steps:
        due = max(step.kegiatan.weeks)
        row = TahapanWork(tahapan=step, due_week=due)
        day = weeks[due - 1].starts_on + timedelta(days=min(step.order, 4))
        if step in late:
            row.note, row.version = "Situs satker sedang dipindah.", 2
        elif (finished or step in past) and day <= today:
            row.state, row.started_on, row.finished_on, row.version = "done", day - timedelta(days=1), day, 2
        elif step.kegiatan.order == last and step.order == 1:
            row.state, row.started_on, row.version = "running", today, 2
        rows.append(row)
    TahapanWork.objects.bulk_create(rows)


def _evidence(rancangan: Rancangan) -> None:
    """Give the first tahapan of each kegiatan a photo and the last a PDF, where they are done."""
    person, content = rancangan.participant, sample_rancangan()
    document = Picture(
        default_storage.save("bukti/contoh/bukti.pdf", ContentFile(content)), len(content), hashlib.sha256(content).hexdigest()
    )
    done = TahapanWork.objects.filter(tahapan__kegiatan__rancangan=rancangan, state="done").select_related("tahapan__kegiatan")
    for number, work in enumerate(done.order_by("tahapan__kegiatan__order", "tahapan__order")):
        if work.tahapan.order not in (1, 3) or work.finished_on is None:
            continue
        is_photo = work.tahapan.order == 1
        kept = _photo(number + person.pk) if is_photo else document
        Evidence.objects.create(
            participant=person, tahapan=work.tahapan, file=kept.stored, kind="jpeg" if is_photo else "pdf", size=kept.size,
            name=f"IMG_{work.finished_on:%Y%m%d}_0931.jpg" if is_photo else "hasil.pdf", pages=1 if is_photo else 3, sha256=kept.sha256,
            source_sha256=hashlib.sha256(f"{work.pk}".encode()).hexdigest(), caption=f"{work.tahapan.text} bersama petugas", shown_on=work.finished_on,
            proves=work.tahapan.output, uploaded_by=_user(person), uploaded_at=_noon(work.finished_on),
        )  # fmt: skip


def _photo(seed: int) -> Picture:
    """Draw a stand-in for a photo: nobody's face, no place."""
    tones = ((222, 208, 186), (197, 214, 209), (214, 201, 190))
    picture = Image.new("RGB", (960, 720), tones[seed % 3])
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 520, 960, 720), fill=(154, 128, 98))
    pen.ellipse((300 + seed % 90, 170, 480 + seed % 90, 350), fill=(110, 74, 66))
    pen.rectangle((270 + seed % 90, 350, 510 + seed % 90, 560), fill=(122, 26, 43))
    pen.rectangle((580, 240, 780, 480), fill=(255, 255, 255))
    for line in range(5):
        pen.rectangle((610, 280 + line * 36, 740 - line * 12, 290 + line * 36), fill=(150, 140, 130))
    written = BytesIO()
    picture.save(written, "JPEG", quality=85)
    content = written.getvalue()
    name = default_storage.save("bukti/contoh/foto.jpg", ContentFile(content))
    return Picture(name, len(content), hashlib.sha256(content).hexdigest())


def _reports(rancangan: Rancangan, weeks: list[Week], today: date, guide: User, *, finished: bool) -> None:
    """Approve the weeks that are over; of somebody under way the last one waits for the mentor."""
    person = rancangan.participant
    values = list(CurriculumValue.objects.filter(curriculum=person.batch.curriculum_id)) if person.batch else []
    past = [week for week in weeks if week.due_on < today]
    for week, (done, obstacles) in zip(past, WEEKS_TOLD, strict=False):
        waits = not finished and week == past[-1]
        at = _noon(week.due_on)
        report = WeeklyReport.objects.create(
            participant=person, week=week.number, done=done, obstacles=obstacles, value=values[week.number % len(values)] if values else None,
            stage="sent" if waits else "approved", stage_at=at, due_on=week.due_on, version=2,
        )  # fmt: skip
        WeeklyReportChange.objects.create(report=report, action="send", old="draft", new="sent", by=_user(person), at=at)
        if not waits:
            WeeklyReportChange.objects.create(
                report=report, action="approve", old="sent", new="approved", by=guide, at=at + timedelta(hours=3)
            )
        shown = Evidence.objects.filter(participant=person, shown_on__range=(week.starts_on, week.ends_on))
        shown.update(report=report)


def _change(rancangan: Rancangan, guide: User, *, is_open: bool) -> None:
    step = next(one for one in reversed(_steps(rancangan)) if one.kegiatan.order == 3)
    old = {"text": step.text, "output": step.output, "weeks": list(step.kegiatan.weeks), "number": f"3.{step.order}"}
    new = {"text": "Memasang tautan di halaman PPID, yang tidak ikut dipindah", "output": step.output, "weeks": old["weeks"]}
    at = timezone.now() - timedelta(days=1 if is_open else 9)
    change = PlanChange(
        rancangan=rancangan, kind="change", kegiatan=step.kegiatan, tahapan=step, old=old, new=new,
        reason="Situs satker ditutup untuk dipindah sampai akhir bulan.", asked_by=rancangan.participant.user, asked_at=at,
    )  # fmt: skip
    if not is_open:
        change.stage, change.closed_by, change.closed_at, change.note = (
            "approved",
            guide,
            at + timedelta(days=1),
            "Setuju, catat di laporan.",
        )
        step.text = str(new["text"])
        step.save(update_fields=["text"])
    change.save()


def _laporan(rancangan: Rancangan) -> None:
    """Write the results of the one who is done."""
    laporan = Laporan.objects.create(
        rancangan=rancangan,
        background=rancangan.summary,
        situation=rancangan.chosen_issue.current if rancangan.chosen_issue else "",
        action=rancangan.idea,
        outcome="Berita acara ditemukan dalam dua menit. Tiga permintaan informasi dijawab pada hari yang sama.",
        benefit_unit="Petugas tidak lagi membuka lemari satu per satu; satu orang cukup untuk melayani permintaan.",
        benefit_public="Pemohon informasi menerima salinan berita acara pada hari permintaan.",
        follow_up="Daftar telusur diperluas ke keputusan sekretaris dan disegarkan setiap tiga bulan.",
        closing="Daftar yang disepakati bersama lebih sering dipakai daripada aplikasi baru.",
    )
    LaporanMeasure.objects.bulk_create(
        LaporanMeasure(laporan=laporan, order=n, indicator=what, before=before, after=after)
        for n, (what, before, after) in enumerate(MEASURES, 1)
    )


def _release(person: Participant, rules: Rules) -> None:
    author = User.objects.get(participant=person)
    theme = Theme.objects.get(name="Arsip dan dokumentasi hukum")
    entry = release_entry(participant_id=person.pk, theme_id=theme.pk, show_name=True, by=author)
    answer_for_satker(entry_id=entry.pk, given=True, by=rules.by)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _user(person: Participant) -> User:
    assert person.user is not None
    return person.user
