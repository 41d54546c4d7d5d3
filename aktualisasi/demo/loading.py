"""The whole demo in one transaction-by-transaction run; deterministic for a seed and a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from random import Random

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from aktualisasi.demo import (
    accounts,
    dossiers,
    duties,
    field_work,
    flaws,
    guiding,
    invitations,
    mentoring,
    movements,
    news,
    orientation,
    people,
    plans,
    rancangan_examples,
    scores,
    seats,
    seminars,
    story,
    timetable,
    trail,
)
from aktualisasi.demo.batches import Rules, make_batch
from aktualisasi.enums import PaperStage
from aktualisasi.models import Rancangan, ReviewNote
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.jobs.run import run_job
from latsar.satker.models import Satker
from latsar.training.calendar import around
from latsar.training.enums import BatchStage, Method
from latsar.training.models import Batch
from mentoring.models import Mentor, MentorAssignment
from participants.enums import Stage
from participants.models import Certificate, Participant
from participants.services import certificates

CERTIFICATES = 10
GUIDED_LIMIT = 4000
"""Mentors and rancangan are made for this many people; beyond it the load is about lists and counts."""


def load(*, participants: int, seed: int, today: date, say: Callable[[str], object]) -> int:
    """Load the story into a database with reference data and no people; return how many people were made."""
    rng = Random(seed)  # noqa: S311
    cast = accounts.Cast()
    with transaction.atomic():
        accounts.staff(cast)
    rules = Rules.read(cast.users["pksdm"], today, around(today.replace(year=today.year - 1), today.replace(year=today.year + 1)))
    made = _nation(rng, rules, participants, say)
    with transaction.atomic():
        made += _sukamandi(rng, rules)
        _kupang(rules, cast)
        made += field_work.record(rng, rules, cast)
        trail.write_trail(cast.users)
        news.tell(cast, min(timezone.make_aware(datetime.combine(today, time(11))), timezone.now()))
        say(f"Berkas: {dossiers.fill(rules, limit=GUIDED_LIMIT)}")
        cast.write(settings.DEMO_ACCOUNTS_FILE)
    _certificates(rules)
    movements.record(rules, cast)
    invitations.record(cast)
    orientation.record(rules, cast)
    scores.record(cast)
    seats.record(rules, cast)
    timetable.record(rules, cast.users["lembaga.ntt"])
    duties.record(rules, cast)
    flaws.record()
    plans.record(rules, cast)
    rancangan_examples.record(rules, cast.users["peserta"])
    mentoring.record(cast)
    seminars.record(rules, cast)
    return made


def _nation(rng: Random, rules: Rules, total: int, say: Callable[[str], object]) -> int:
    units = list(Satker.objects.select_related("province"))
    counts = people.head_counts(rng, units, total)
    months, weights = zip(*people.MONTHS_SINCE_TMT, strict=True)
    taken: set[str] = set()
    by_province: dict[int, list[Satker]] = {}
    for unit in units:
        by_province.setdefault(unit.province_id or unit.pk, []).append(unit)
    pool = story.Pool(rules)
    made = guided = 0
    for province_id, members in by_province.items():
        province = next(u for u in members if u.pk == province_id)
        crowd = [
            people.person(rng, unit, people.month_back(rules.today, rng.choices(months, weights)[0]), taken)
            for unit in members
            for _ in range(counts[unit.pk])
        ]
        with transaction.atomic():
            seated = deal_ntt(rules, crowd) if province.code == people.NTT else story.deal_province(rng, pool, province, crowd)
            story.save(rules, crowd, seated)
            if guided < GUIDED_LIMIT:
                guided += _guide(rng, rules, members, seated)
        made += len(crowd)
        say(f"{province.name}: {len(crowd)}")
    return made


def deal_ntt(rules: Rules, crowd: list[Participant]) -> list[story.Seated]:
    """NTT as in 2026: three angkatan at BPSDM NTT, blended; I before its seminar rancangan, II in MOOC, III about to start."""
    institute = rules.institutes["bpsdm-ntt"]
    ordered = sorted(crowd, key=lambda p: (p.deadline, p.nip))
    forgotten, queue = ordered[:2], ordered[2:]
    third = min(28, max(0, len(queue) - 80))
    sizes = (
        (BatchStage.RUNNING, Stage.TRAINING, 30, 40),
        (BatchStage.RUNNING, Stage.TRAINING, 8, 40),
        (BatchStage.OPEN, Stage.PLACED, -14, third),
    )
    seated = []
    for number, (batch_stage, stage, back, size) in enumerate(sizes, 1):
        batch = make_batch(
            rules, institute=institute, number=number, starts_on=_days_before(rules.today, back), stage=batch_stage, place="Kupang"
        )
        group, queue = queue[:size], queue[size:]
        for person in group:
            person.stage, person.batch = stage, batch
        seated.append(story.Seated(batch, group))
    waiting = [Stage.APPROVED, Stage.VERIFIED, Stage.SUBMITTED, Stage.RETURNED, Stage.REGISTERED]
    for n, person in enumerate(forgotten + queue):
        person.stage = waiting[n % len(waiting)]
        if person.stage == Stage.RETURNED:
            person.return_note = dossiers.return_note(person)
    return seated


def _days_before(today: date, days: int) -> date:
    return date.fromordinal(today.toordinal() - days)


def _guide(rng: Random, rules: Rules, units: list[Satker], seated: list[story.Seated]) -> int:
    """Give everyone in training a mentor; the running batches' people get their rancangan."""
    training = [p for group in seated for p in group.people if group.batch.stage == BatchStage.RUNNING]
    if not training:
        return 0
    guiding.assign(rules, guiding.make_mentors(rng, rules, units, len(training) // 4 + 2), training)
    late = [p for p in training if p.batch and (rules.today - p.batch.starts_on).days >= 20]
    stages = [
        rng.choices(
            (PaperStage.APPROVED, PaperStage.AT_COACH, PaperStage.SUBMITTED, PaperStage.RETURNED, PaperStage.DRAFT), (4, 1, 2, 1, 2)
        )[0]
        for _ in late
    ]
    guiding.write_rancangan(rules, late, stages, rules.by)
    return len(training)


def _sukamandi(rng: Random, rules: Rules) -> int:
    """The 2019 on/off-campus batch of 80 at Sukamandi, graduated under its own regulation and curriculum."""
    batch = make_batch(
        rules,
        institute=rules.institutes["kkp-sukamandi"],
        number=1,
        starts_on=date(2019, 8, 12),
        stage=BatchStage.CLOSED,
        capacity=80,
        method=Method.ON_OFF_CAMPUS,
        scheme="perlan-12-2018",
        curriculum="aneka",
        place="Sukamandi",
    )
    units = list(Satker.objects.filter(code__startswith="32").select_related("province")) + list(
        Satker.objects.filter(code__startswith="33").select_related("province")
    )
    taken: set[str] = set()
    crowd = [people.person(rng, units[n % len(units)], date(2019, 3, 1), taken) for n in range(80)]
    for n, person in enumerate(crowd):
        person.stage, person.batch, person.graduated_on, person.qualification = Stage.GRADUATED, batch, batch.ends_on, "Memuaskan"
        person.aktualisasi_title = guiding.title_for(person, n)
    story.save(rules, crowd, [story.Seated(batch, crowd)])
    return len(crowd)


def _kupang(rules: Rules, cast: accounts.Cast) -> None:
    """Put the nine demo people into their places: a participant of Kupang, and a mentor of Ende with five mentees."""
    batch = Batch.objects.get(institute__code="bpsdm-ntt", number=1, stage=BatchStage.RUNNING)
    kupang, ende = Satker.objects.get(code="53.71"), Satker.objects.get(code="53.08")
    mates = list(Participant.objects.filter(batch=batch).order_by("satker__code", "pk"))
    chosen = next((p for p in mates if p.satker_id == kupang.pk), mates[0])
    account = cast.add("peserta", "Maria Yosefina Lado, S.Kom.", Role.PESERTA, satker=kupang)
    Participant.objects.filter(pk=chosen.pk).update(
        user=account, full_name="Maria Yosefina Lado, S.Kom.", satker=kupang, province=kupang.province, email=account.email
    )
    mentor = Mentor.objects.create(
        user=cast.add("mentor", "Bernadus Hala, S.T., M.Si.", Role.MENTOR, satker=ende),
        nip="198001012005011901",
        satker=ende,
        jabatan="Kepala Subbagian Teknis Penyelenggaraan",
        trained_on=rules.today.replace(day=1),
    )
    mentees = [chosen, *[p for p in mates if p.pk != chosen.pk][:4]]
    MentorAssignment.objects.filter(participant__in=mentees).delete()
    guiding.assign(rules, [mentor], mentees)
    running = Batch.objects.filter(institute__code="bpsdm-ntt", stage__in=[BatchStage.RUNNING, BatchStage.OPEN])
    guiding.coach_groups(list(running), cast.users["coach"], chosen)
    _rancangan_of_mentees(rules, account, mentees)


def _rancangan_of_mentees(rules: Rules, account: User, mentees: list[Participant]) -> None:
    """Show the mentor one of each: returned to the participant of the demo, two waiting, one approved, one in the making."""
    people_now = list(Participant.objects.filter(pk__in=[p.pk for p in mentees]).select_related("satker", "batch").order_by("pk"))
    people_now.sort(key=lambda p: p.user_id != account.pk)
    for old in Rancangan.objects.filter(participant__in=people_now):
        for paper in old.papers.all():
            ReviewNote.objects.filter(version__paper=paper).delete()
            paper.versions.all().delete()
        old.papers.all().delete()
        old.delete()
    stages = [PaperStage.RETURNED, PaperStage.SUBMITTED, PaperStage.SUBMITTED, PaperStage.AT_COACH, PaperStage.DRAFT]
    guiding.write_rancangan(rules, people_now, stages[: len(people_now)], rules.by)


def _certificates(rules: Rules) -> None:
    """Issue for ten graduates of the fullest closed batches and revoke one; every other graduate waits for `issue_certificates`."""
    batches = Batch.objects.filter(stage=BatchStage.CLOSED, year__gte=rules.today.year - 1).annotate(n=Count("participants"))
    left = CERTIFICATES
    for batch in batches.filter(n__gt=0).order_by("-n", "pk"):
        people_ids = list(Participant.objects.filter(batch=batch).order_by("full_name").values_list("pk", flat=True)[:left])
        job = certificates.issue_batch_certificates(batch_id=batch.pk, by=rules.by, participant_ids=people_ids)
        run_job(job.pk, certificates.issue_items)
        left -= len(people_ids)
        if not left:
            break
    first = Certificate.objects.order_by("pk").first()
    if first:
        certificates.revoke_certificate(certificate_id=first.pk, reason="Nama pada sertifikat tidak sama dengan SK CPNS.", by=rules.by)


def holds_real_people() -> bool:
    """Whether anybody here has a NIP outside the synthetic serials 900-999."""
    return Participant.objects.exclude(nip__regex=r"9[0-9]{2}$").exists()
