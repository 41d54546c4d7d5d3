"""Every date and every kind of phase has a reminder, or a stated reason why not."""

from __future__ import annotations

from django.apps import apps
from django.db.models import DateField

from latsar.notices.enums import Audience
from latsar.notices.reminders import audiences_of, source_choices
from latsar.training.enums import PhaseKind

ROOMS = ("latsar", "participants", "mentoring", "aktualisasi")

REMINDED = {
    "accounts.rolegrant.valid_to": "grant_end",
    "training.batch.starts_on": "batch_start",
    "training.batch.ends_on": "phase_end",  # the last day of a batch is the last day of its last phase
    "training.batchphase.starts_on": "phase_start",
    "training.batchphase.ends_on": "phase_end",
    "participants.participant.deadline": "probation",
    "participants.participant.extended_until": "probation",  # it moves the deadline
    "participants.participant.deferred_until": "deferral_end",
    "participants.dossierdocument.expires_on": "dossier_expiry",
    "participants.activationslip.valid_until": "slip_expiry",
    "participants.orientationprogramme.starts_on": "orientation_start",
    "aktualisasi.paper.due_on": "rancangan_due",
    "training.institute.accredited_until": "accreditation_end",
    "training.electionstage.starts_on": "stage_clash",
    "participants.scoresheet.due_on": "score_due",
    "aktualisasi.seminarturn.revision_due_on": "seminar_revision",
    "aktualisasi.weeklyreport.due_on": "weekly_report",
    "aktualisasi.tahapanwork.planned_on": "weekly_report",  # what is late stands on every page of the habituasi; the week's report asks for it
}
SILENT = {
    "happened": {
        "satker.satker.closed_on",
        "aktualisasi.issuecorrection.corrected_on",
        "satker.satkerchange.effective_on",
        "accounts.dataview.day",
        "notices.dailydigest.day",
        "notices.reminderrule.ran_on",
        "participants.participant.birth_date",
        "participants.participant.pregnancy_on",
        "participants.participant.tmt_cpns",
        "participants.participant.graduated_on",
        "participants.dossierdocument.issued_on",
        "participants.dossierziprow.issued_on",
        "participants.movement.basis_date",
        "participants.pktbtactivity.done_on",
        "participants.movement.from_deadline",
        "mentoring.mentor.trained_on",
        "mentoring.mentortraining.held_on",
        "mentoring.mentorwaiver.decided_on",
        "training.seatrequest.letter_date",
        "training.seatrequest.answer_date",
        "training.seatrequest.agreement_date",
        "participants.dutyletter.letter_date",
        "participants.graduationrecord.held_on",
        "participants.sttp.issued_on",
        "aktualisasi.evidence.shown_on",
        "aktualisasi.tahapanwork.started_on",
        "aktualisasi.tahapanwork.finished_on",
    },
    "begins by itself and asks nothing of anybody": {
        "accounts.rolegrant.valid_from",
        "training.regulationscheme.effective_from",
        "training.curriculum.effective_from",
        "aktualisasi.originalitystatement.effective_from",
        "participants.movement.effective_on",
    },
    "ends by itself: a batch keeps what it opened with": {
        "training.regulationscheme.effective_to",
        "training.curriculum.effective_to",
    },
    "ends by itself: who is guided by then stays": {"mentoring.mentorwaiver.valid_until"},
    "is part of the calendar that moves the others": {"training.holiday.date"},
    "is told by another date of the same thing": {
        "notices.notice.due_on",
        "participants.movement.until",  # deferral_end and probation, once it is applied
        "participants.orientationprogramme.ends_on",  # the first day is told, the timetable shows the rest
        "participants.orientationsession.day",
        "participants.pktbtactivity.starts_on",  # phase_end of PKTBT, to the satker that plans it
        "participants.pktbtactivity.ends_on",
        "training.electionstage.ends_on",  # the first day is told
        "training.seatrequest.starts_on",  # what waits is the answer: seat_answer
        "training.seatrequest.ends_on",
        "training.seatoffer.starts_on",  # an offer becomes a request or a batch
        "training.seatoffer.ends_on",
        "participants.planoffer.starts_on",  # a plan is a copy of batches
        "participants.planoffer.ends_on",
        "participants.planoffer.face_on",
        "participants.duty.starts_on",  # told at once, when it is recorded
        "participants.duty.ends_on",
        "participants.scoresheet.objections_until",  # the notice of the publication carries it
    },
}
WITHOUT_DATE = {
    "verification": "four working days, counted",
    "review_due": "three working days, counted",
    "habituasi_answer": "three working days, counted",
    "returned": "no rule fixes a day, so the text says since when it waits",
    "unsubmitted": "no rule fixes a day",
    "invitation": "the link can be sent anew, so no day is the last",
    "draft": "a draft is kept until its owner drops it",
    "import_preview": "a week, counted",
    "contact_waiting": "no rule fixes a day",
    "movement_waiting": "no rule fixes a day",
    "guided_phase_start": "training.batchphase.starts_on, to who guides",
    "laporan_due": "aktualisasi.paper.due_on, of the laporan",
    "seminar": "aktualisasi.seminar.starts_at, a moment",
    "seminar_scores": "aktualisasi.seminar.ends_at, a moment",
    "guidance_session": "mentoring.mentoringsession.starts_at, a moment",
    "guidance_notes": "mentoring.mentoringsession.ends_at, a moment",
    "seat_answer": "working days since the letter, counted",
    "duty_letter": "training.batch.starts_on, to the office whose people lack a letter",
}


def _dates() -> set[str]:
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in ROOMS]
    return {
        f"{model._meta.label_lower}.{field.name}" for model in models for field in model._meta.concrete_fields if type(field) is DateField
    }


def test_every_date_has_a_reminder_or_a_reason():
    told = [name for names in SILENT.values() for name in names] + list(REMINDED)
    assert sorted(told) == sorted(_dates())


def test_every_source_stands_in_the_map():
    assert {name for name, _label in source_choices()} == set(REMINDED.values()) | set(WITHOUT_DATE)


def test_every_kind_of_phase_is_told_at_its_begin_and_end_to_who_takes_part_and_who_guides():
    """Both sources ask for phases of every kind, so there is no list of kinds that could miss one."""
    assert len(PhaseKind) == 7
    assert set(audiences_of("phase_start")) == {Audience.PERSON, Audience.INSTITUTE}
    assert set(audiences_of("phase_end")) == {Audience.PERSON, Audience.INSTITUTE, Audience.SATKER}  # the satker of PKTBT alone
    assert {Audience.MENTOR, Audience.COACH} == set(audiences_of("guided_phase_start"))
    assert set(Audience) == {audience for name, _label in source_choices() for audience in audiences_of(name)}
    assert "penguji" not in Audience.values  # nobody is examiner of a batch in the data yet
