"""Institutes with accreditation, contacts and seats; requests for seats at every step; a scheme that is being rewritten."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from aktualisasi.demo import accounts
from aktualisasi.demo.batches import Rules
from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage, GolonganGroup, Method, RequestState
from latsar.training.models import Batch, InstituteContact, SeatOffer, SeatRequest, SeatRequestFile
from latsar.training.rule_lines import lines_of_scheme
from latsar.training.services import rules as rule_services

LEVELS = ("A", "A", "B")
UNTIL = {"bpsdm-ntt": 75, "bpsdm-maluku": -20, "bpsdm-papua": 150}
"""Days from today to the end of an accreditation worth a warning; the others have one to three years."""
MONTHS_AHEAD = 6


def record(rules: Rules, cast: accounts.Cast) -> None:
    """Fill in every institute, then the requests of NTT, Bali and PKSDM."""
    for number, institute in enumerate(sorted(rules.institutes.values(), key=lambda one: one.code)):
        institute.accreditation = LEVELS[number % len(LEVELS)]
        institute.accreditation_number = f"{100 + number}/K.1/PDP.09/{rules.today.year - 2}"
        institute.accredited_until = rules.today + timedelta(days=UNTIL.get(institute.code, 400 + 37 * number))
        institute.phone, institute.email = f"(0000) 000 9{number:02d}", f"{institute.code}@contoh.go.id"
        institute.address = f"Jalan Contoh Nomor {number + 1}, {institute.city}"
        institute.save()
        InstituteContact.objects.bulk_create(
            InstituteContact(institute=institute, order=n, name=name, duty=duty, phone=f"0812000009{number:02d}", email="")
            for n, (name, duty) in enumerate((("Bidang Penyelenggaraan", "Jadwal dan kelas"), ("Sekretariat", "Surat dan PKS")), 1)
        )
        method = Method.DISTANCE if institute.code == "bdk-surabaya" else Method.BLENDED
        _offer(rules, institute.pk, -1, method, 120 if institute.code == "bpsdm-ntt" else 80)
        _offer(rules, institute.pk, 3, method, 40 + 40 * (number % 3))
    _requests(rules, cast)
    draft = rule_services.copy_scheme(scheme_id=rules.schemes["perlan-1-2021"].pk, by=rules.by)
    facts = {"effective_from": date(rules.today.year + 1, 1, 1), "max_absence_sessions": 2, "score_tolerance": 3}
    rule_services.save_scheme(scheme_id=draft.pk, version=1, facts=facts, lines=lines_of_scheme(draft), by=rules.by)


def _offer(rules: Rules, institute_id: int, ahead: int, method: str, seats: int) -> None:
    first, last = _months(rules.today, ahead)
    SeatOffer.objects.create(
        institute_id=institute_id, starts_on=first, ends_on=last, method=method, golongan=GolonganGroup.MIXED, seats=seats
    )


def _months(today: date, ahead: int) -> tuple[date, date]:
    """Return a span of three months that begins `ahead` months from now."""
    first, last = _month(today, ahead), _month(today, ahead + 2)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def _month(today: date, ahead: int) -> date:
    number = today.year * 12 + today.month - 1 + ahead
    return date(number // 12, number % 12 + 1, 1)


def _requests(rules: Rules, cast: accounts.Cast) -> None:
    ntt, bali = Satker.objects.get(code="53"), Satker.objects.get(code="51")
    by = cast.users["provinsi.ntt"]
    mixed, year = GolonganGroup.MIXED, rules.today.year
    agreed = _request(
        rules, "bpsdm-ntt", province=ntt, by=by, days=95, seats_asked=120, seats_granted=120, state=RequestState.AGREED, golongan=mixed, ahead=-1,
        letter_number=f"218/SDM.05-SD/53/{year}", answer_number=f"800/112/BPSDM/{year}", agreement_number=f"12/PKS/BPSDM/{year}",
    )  # fmt: skip
    Batch.objects.filter(
        institute=agreed.institute, stage__in=[BatchStage.OPEN, BatchStage.RUNNING], number__lte=3, method=Method.BLENDED
    ).update(seat_request=agreed)
    paper = SeatRequestFile(request=agreed, kind="surat", name="Surat permohonan kursi.pdf", pages=3, sha256="0" * 64, uploaded_by=by)
    paper.size = len(sample_rancangan())
    paper.file.save("demo-surat-permohonan.pdf", ContentFile(sample_rancangan()))
    _request(rules, "bpsdm-ntt", province=ntt, by=by, days=24, seats_asked=36, state=RequestState.SENT, golongan=mixed, ahead=3, letter_number=f"301/SDM.05-SD/53/{year}")  # fmt: skip
    _request(
        rules, "bdk-surabaya", province=None, by=rules.by, days=20, seats_asked=80, seats_granted=60, state=RequestState.GRANTED, golongan=mixed,
        ahead=3, method=Method.DISTANCE, letter_number=f"77/SDM.05-SD/06/{year}", answer_number=f"B-19/BDK/{year}",
    )  # fmt: skip
    _request(
        rules, "bpsdm-bali", province=bali, by=rules.by, days=30, seats_asked=40, state=RequestState.REFUSED, ahead=3,
        letter_number=f"55/SDM.05-SD/51/{year}", answer_number=f"090/BPSDM-BALI/{year}", refusal="Kelas sampai akhir semester sudah terisi.",
    )  # fmt: skip
    _request(rules, "bpsdm-ntb", province=ntt, by=by, days=2, seats_asked=20, state=RequestState.DRAFT, ahead=MONTHS_AHEAD)


def _request(rules: Rules, code: str, *, days: int, ahead: int, state: str, refusal: str = "", **facts: object) -> SeatRequest:
    """Write a request as it stands after `days` days, with the story that led there."""
    first, last = _months(rules.today, ahead)
    by: Any = facts.pop("by")
    sent = timezone.make_aware(datetime.combine(rules.today - timedelta(days=days), time(9)))
    answered = sent + timedelta(days=8)
    is_sent, is_answered = state != RequestState.DRAFT, state not in (RequestState.DRAFT, RequestState.SENT)
    request = SeatRequest.objects.create(
        institute=rules.institutes[code], starts_on=first, ends_on=last, state=state, created_by=by, created_at=sent - timedelta(days=3),
        sent_at=sent if is_sent else None, letter_date=timezone.localdate(sent) if is_sent else None,
        answered_at=answered if is_answered else None, answer_date=timezone.localdate(answered) if is_answered else None,
        agreement_date=timezone.localdate(answered) + timedelta(days=12) if state == RequestState.AGREED else None,
        **{"method": Method.BLENDED, **facts},
    )  # fmt: skip
    steps = [("create", "", RequestState.DRAFT, sent - timedelta(days=3))]
    if is_sent:
        steps.append(("send", RequestState.DRAFT, RequestState.SENT, sent))
    if is_answered:
        refused = state == RequestState.REFUSED
        answer = RequestState.REFUSED if refused else RequestState.GRANTED
        steps.append(("refuse" if refused else "grant", RequestState.SENT, answer, answered))
    if state == RequestState.AGREED:
        steps.append(("agree", RequestState.GRANTED, RequestState.AGREED, answered + timedelta(days=12)))
    for action, old, new, at in steps:
        request.stage_changes.create(action=action, old=old, new=new, at=at, by=by, note=refusal if action == "refuse" else "")
    return request
