"""Seminars of the story: announced for Angkatan I of NTT, one being held today elsewhere, and the finished ones of 2019 with their marks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from aktualisasi.demo.accounts import IN_OFFICE, Cast
from aktualisasi.demo.batches import Rules
from aktualisasi.models import Seminar, SeminarExaminer, SeminarMark, SeminarMarkScore, SeminarPresence, SeminarRevision, SeminarTurn
from aktualisasi.seminar_enums import MarkState, Presence, SeminarState, TurnOutcome
from aktualisasi.seminar_scoring import components_of
from aktualisasi.services.marks import NOTE, Typed, keep_marks, send_marks
from aktualisasi.services.seminar_results import ToRepair, attendees_of, record_result
from aktualisasi.services.seminars import SeminarFacts, move_seminar, plan_seminars, waiting_people
from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.accounts.zones import ZONES
from latsar.training.enums import BatchStage, Rater, SeminarKind
from latsar.training.models import Batch, BatchPhase
from latsar.training.services.sessions import zone_of
from participants.models import Participant
from participants.scoring.scores import Score

ROOMS = ("Ruang Lontar", "Ruang Sasando", "Ruang Cendana", "Ruang Komodo")
LINK = "https://rapat.contoh.go.id/seminar"
MARKS = ((88, 90), (82, 85), (91, None))
"""What the two examiners of today gave the first three people; the second has not scored the third."""
REPAIRS = (
    ToRepair(None, "Output kegiatan 2 dibuat terukur, disertai bukti yang akan dikumpulkan.", "Matriks"),
    ToRepair(None, "Kaitan dengan Smart ASN dijelaskan pada kegiatan 4.", "BAB IV"),
)


def record(rules: Rules, cast: Cast) -> None:
    """Plan, announce and hold the seminars of the story."""
    second = _second_examiner(cast)
    examiners = (cast.users["penguji"], second)
    coming = BatchPhase.objects.filter(kind=SeminarKind.PROPOSAL, starts_on__gte=rules.today)
    running = Batch.objects.filter(institute__code="bpsdm-ntt", stage=BatchStage.RUNNING, pk__in=coming.values("batch_id"))
    ntt = running.order_by("starts_on").first()
    if ntt is not None:
        _announce(ntt, examiners, rules.by)
    today = _batch_of_today(rules.today)
    if today is not None:
        _hold(today, examiners, rules)
    for batch in Batch.objects.filter(institute__code="kkp-sukamandi", stage=BatchStage.CLOSED):
        _remember(batch, examiners[0], rules.by)


def _second_examiner(cast: Cast) -> User:
    """An examiner beside the demo's own, whom nobody signs in as."""
    user = User.objects.create_user("penguji.kedua", "", full_name="Dr. Theresia Mau Loe, M.Si.")
    grant = RoleGrant(user=user, role=Role.PENGUJI, granted_by=cast.users["pksdm"], valid_from=timezone.localdate() - IN_OFFICE)
    grant.save()
    return user


def _facts(batch: Batch, day: date, examiners: tuple[User, ...], n: int = 0) -> SeminarFacts:
    zone = zone_of(batch)
    at = datetime.combine(day, time(8), ZONES[zone])
    return SeminarFacts(at, 45, zone, ROOMS[n % len(ROOMS)], LINK, examiner_ids=tuple(user.pk for user in examiners))


def _announce(batch: Batch, examiners: tuple[User, ...], by: User) -> None:
    """Give every group of the batch its seminar rancangan on the first days of the phase: two drafts, two announced."""
    phase = BatchPhase.objects.filter(batch=batch, kind=SeminarKind.PROPOSAL).first()
    if phase is None:
        return
    for n, group in enumerate(sorted(filter(None, waiting_people(batch, SeminarKind.PROPOSAL)))):
        day = phase.starts_on if n % 2 == 0 else phase.ends_on
        named = examiners if n < 2 else ()
        seminar = plan_seminars(batch_id=batch.pk, kind=SeminarKind.PROPOSAL, plans={group: _facts(batch, day, named, n)}, by=by)[0]
        if n < 2:
            move_seminar(seminar_id=seminar.pk, action="announce", by=by)


def _batch_of_today(today: date) -> Batch | None:
    """Return the running batch whose seminar rancangan is nearest to today, outside of NTT."""
    phases = BatchPhase.objects.filter(kind=SeminarKind.PROPOSAL, batch__stage=BatchStage.RUNNING, batch__participants__isnull=False)
    rows = list(phases.exclude(batch__institute__code="bpsdm-ntt").select_related("batch__institute__province", "batch__scheme").distinct())
    nearest = min(rows, key=lambda phase: (abs((phase.starts_on - today).days), phase.pk), default=None)
    return nearest.batch if nearest else None


def _hold(batch: Batch, examiners: tuple[User, ...], rules: Rules) -> None:
    """Hold the seminar of the first group today: three people scored, one decided on, the rest waits."""
    group = min(filter(None, waiting_people(batch, SeminarKind.PROPOSAL)), default=None)
    if group is None:
        return
    facts = _facts(batch, rules.today, examiners)
    seminar = plan_seminars(
        batch_id=batch.pk, kind=SeminarKind.PROPOSAL, plans={group: facts}, by=rules.by, break_every=4, break_minutes=30
    )[0]
    move_seminar(seminar_id=seminar.pk, action="announce", by=rules.by)
    component = components_of(batch, SeminarKind.PROPOSAL)[0]
    turns = list(seminar.turns.select_related("participant", "seminar").order_by("order"))
    for turn, values in zip(turns, MARKS, strict=False):
        for rater, (user, value) in enumerate(zip(examiners, values, strict=True), 1):
            if value is not None:
                fields = {str(component.pk): Typed(Decimal(value), 0), NOTE: Typed("Pertajam cara mengukur hasilnya.", 0)}
                send_marks(turn_id=turn.pk, rated_by=Rater.EXAMINER, rater=rater, fields=fields, by=user)
    if len(turns) > len(MARKS):
        fields = {str(component.pk): Typed(Decimal(84), 0)}
        keep_marks(turn_id=turns[len(MARKS)].pk, rated_by=Rater.EXAMINER, rater=1, fields=fields, by=examiners[0])
    if turns:
        first = turns[0]
        record_result(
            turn_id=first.pk,
            version=1,
            outcome=TurnOutcome.REVISE,
            revision_due_on=rules.today + timedelta(days=4),
            note="",
            number=f"BA-001/LATSAR/{rules.today.year}",
            revisions=REPAIRS,
            presences={one.key: Presence.ONSITE for one in attendees_of(first)},
            by=examiners[0],
        )


def _remember(batch: Batch, examiner: User, by: User) -> None:
    """Write the seminar hasil of one group of a finished batch beside the scores that stand in its sheet."""
    components = components_of(batch, SeminarKind.RESULT)
    people = list(Participant.objects.filter(batch=batch, placements__group=1, placements__released_at=None).order_by("full_name")[:10])
    phase = BatchPhase.objects.filter(batch=batch, kind=SeminarKind.RESULT).first()
    if phase is None or not components or not people:
        return
    at = datetime.combine(phase.starts_on, time(8), ZONES["WIB"])
    end = at + timedelta(minutes=45 * len(people))
    seminar = Seminar.objects.create(
        batch=batch, kind=SeminarKind.RESULT, group=1, starts_at=at, ends_at=end, room="Aula Sukamandi", state=SeminarState.DONE,
        state_at=end, changed_at=end, created_by=by,
    )  # fmt: skip
    SeminarExaminer.objects.create(seminar=seminar, number=1, user=examiner)
    cells = {(row.participant_id, row.component_id): row for row in Score.objects.filter(batch=batch, rater=1, is_remedial=False)}
    for n, person in enumerate(people):
        start = at + timedelta(minutes=45 * n)
        outcome = TurnOutcome.REVISE if n % 4 == 1 else TurnOutcome.ACCEPTED
        turn = SeminarTurn.objects.create(
            seminar=seminar, participant=person, order=n + 1, starts_at=start, ends_at=start + timedelta(minutes=45), outcome=outcome,
            outcome_at=end, outcome_by=by, number=f"BA-{n + 1:03d}/SKM/{at.year}",
            revision_due_on=phase.ends_on + timedelta(days=3) if outcome == TurnOutcome.REVISE else None,
        )  # fmt: skip
        SeminarPresence.objects.create(turn=turn, role="penguji", name=str(examiner), presence=Presence.ONSITE)
        SeminarPresence.objects.create(turn=turn, role="peserta", name=person.full_name, nip=person.nip, presence=Presence.ONSITE)
        if outcome == TurnOutcome.REVISE:
            SeminarRevision.objects.create(
                turn=turn, number=1, text="Lengkapi data waktu telusur sesudah penataan.", part="BAB IV", done_at=end, done_by=by,
                confirmed_at=end, confirmed_by=by,
            )  # fmt: skip
        found = [(one, cells[person.pk, one.pk]) for one in components if (person.pk, one.pk) in cells]
        if found:
            mark = SeminarMark.objects.create(
                turn=turn, rated_by=Rater.EXAMINER, rater=1, scorer=examiner, typed_by=examiner, state=MarkState.SENT, sent_at=end
            )
            SeminarMarkScore.objects.bulk_create(
                SeminarMarkScore(mark=mark, component=one, value=cell.value, cell_version=cell.version) for one, cell in found
            )
