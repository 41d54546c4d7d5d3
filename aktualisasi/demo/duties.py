"""Tahapan pemilu, surat tugas and calls to duty of the story: synthetic, and said to be unverified."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from aktualisasi.demo.accounts import Cast
from aktualisasi.demo.batches import Rules, make_batch
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage, PhaseKind, StageScope
from latsar.training.models import Batch, BatchPhase, ElectionStage
from latsar.training.services import next_number
from participants.models import Participant
from participants.services import duties, duty_letters
from participants.services.duty_letters import LetterFacts

SOURCE = "Contoh untuk peragaan, belum dicocokkan"
LETTERS = 24
LEAD = 45  # days until the angkatan that is still being prepared begins


def record(rules: Rules, cast: Cast) -> None:
    """Put letters, duties and tahapan around the three angkatan of NTT, and one angkatan that is still being prepared."""
    batches = list(Batch.objects.filter(institute__code="bpsdm-ntt", year__gte=rules.today.year - 1).order_by("starts_on"))
    if not batches:
        return
    _stages(rules, batches)
    _letters(rules, cast, batches[0])
    _duties(cast, batches[0])
    institute = rules.institutes["bpsdm-bali"]
    start = rules.today + timedelta(days=LEAD)
    draft = make_batch(
        rules,
        institute=institute,
        number=next_number(institute_id=institute.pk, year=start.year),
        starts_on=start,
        stage=BatchStage.DRAFT,
        place="Denpasar",
    )
    Batch.objects.filter(pk=draft.pk).update(opened_at=None, opened_by=None)


def _stages(rules: Rules, batches: list[Batch]) -> None:
    ntt, kupang = Satker.objects.get(code="53"), Satker.objects.get(code="53.71")
    meeting = BatchPhase.objects.filter(batch=batches[-1], kind=PhaseKind.CLASSICAL).first()
    own = BatchPhase.objects.filter(batch=batches[0], kind=PhaseKind.CLASSICAL).first()
    today = rules.today
    rows: list[tuple[str, str, Satker | None, date, date, bool]] = []
    rows.append(
        ("Pemutakhiran data pemilih berkelanjutan", StageScope.NATION, None, today - timedelta(days=20), today + timedelta(days=70), False)
    )
    if meeting:
        rows.append(("Rekapitulasi pemutakhiran tingkat provinsi", StageScope.PROVINCE, ntt, meeting.starts_on, meeting.starts_on, True))
    if own:
        rows.append(("Pleno pemutakhiran Kota Kupang", StageScope.SATKER, kupang, own.starts_on, own.starts_on + timedelta(days=1), True))
    rows.append(
        ("Verifikasi faktual partai politik", StageScope.NATION, None, today - timedelta(days=120), today - timedelta(days=90), True)
    )
    ElectionStage.objects.bulk_create(
        ElectionStage(
            name=name, scope=scope, satker=unit, province=unit.province if unit else None, starts_on=first, ends_on=last,
            is_blocking=blocks, source=SOURCE, created_by=rules.by,
        )
        for name, scope, unit, first, last, blocks in rows
    )  # fmt: skip


def _letters(rules: Rules, cast: Cast, batch: Batch) -> None:
    """Most of Angkatan I have their letter; one was replaced. Those of the angkatan to come still wait."""
    people = list(Participant.objects.filter(batch=batch).order_by("satker__code", "full_name").values_list("pk", flat=True)[:LETTERS])
    if not people:
        return
    facts = LetterFacts(
        letter_date=min(timezone.localdate(), batch.starts_on),
        city="Kupang",
        basis=duty_letters.BASIS,
        signer_name="Drs. Alfons Ledo Watun, M.Si.",
        signer_title="Sekretaris KPU Provinsi Nusa Tenggara Timur",
        signer_nip="196808171993031903",
    )
    by, pattern = cast.users["provinsi.ntt"], "{n:03d}/SDM.05-ST/53/{year}"
    letters = duty_letters.issue_letters(participant_ids=people, pattern=pattern, first=1, facts=facts, by=by)
    number = duty_letters.write_number(pattern, n=len(letters) + 1, day=facts.letter_date)
    duty_letters.replace_letter(letter_id=letters[0].pk, number=number, reason="Tanggal klasikal berubah.", facts=facts, by=by)


def _duties(cast: Cast, batch: Batch) -> None:
    """One call that falls into the klasikal of the demo participant, one that was taken back."""
    person = Participant.objects.filter(user=cast.users["peserta"]).first()
    phase = BatchPhase.objects.filter(batch=batch, kind=PhaseKind.CLASSICAL).first()
    if person is None or phase is None:
        return
    by, first = cast.users["satker.kupang"], phase.starts_on
    duties.report_duty(participant_id=person.pk, what="Petugas pleno pemutakhiran data pemilih", starts_on=first, ends_on=first, by=by)
    back = duties.report_duty(participant_id=person.pk, what="Piket pelayanan", starts_on=batch.starts_on, ends_on=batch.starts_on, by=by)
    duties.withdraw_duty(duty_id=back.pk, note="Digantikan rekan satu subbagian.", by=by)
