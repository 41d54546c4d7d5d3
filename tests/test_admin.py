"""The admin is scoped like the views: what lies outside a person's units is nowhere in it, and nothing forged changes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from aktualisasi.models import (
    Evidence,
    Laporan,
    LibraryEntry,
    PaperVersion,
    PlanChange,
    ReviewNote,
    Seminar,
    SeminarTurn,
    TahapanWork,
    Theme,
    WeeklyReport,
)  # fmt: skip
from latsar.accounts import audit
from latsar.accounts.enums import Role
from latsar.accounts.models import AuditSeal, DataView, RoleGrant, User
from latsar.accounts.sealing import seal_audit
from latsar.adminsite.scoped import ScopedAdmin
from latsar.documents.models import DocumentKind, IssuedDocument, Issuer
from latsar.jobs.models import Job
from latsar.notices.models import EmailBounce, Notice, OutboxMail
from latsar.satker.models import Satker, SatkerChange
from latsar.training.enums import BatchStage
from latsar.training.models import ElectionStage, RegulationScheme, ScoreComponent, SeatRequest
from mentoring.models import GroupCoach, Handover, MentorAssignment, MentorCertificate, MentoringSession, MentorTraining
from participants.enums import Stage
from participants.models import (
    ActivationSlip,
    Certificate,
    ContactRequest,
    DossierZip,
    Duty,
    DutyLetter,
    Movement,
    Objection,
    OrientationCertificate,
    OrientationMember,
    OrientationProgramme,
    Participant,
    ParticipantImport,
    ParticipantStageChange,
    Result,
    ScoreCorrection,
    ScoreSheet,
    Sttp,
)
from tests import factories
from tests.admin_pages import address, person_of, text
from tests.aktualisasi.habituasi.factories import add_plan

CANARY = "KENARI"
UNIT_ROLES = ("admin_kupang", "provinsi_a")
PUBLIC = {
    "Institute",
    "Tariff",
    "SbmRate",
    "Holiday",
    "EntryGolongan",
    "DossierRequirement",
    "OrientationTemplate",
    "RegulationScheme",
    "Curriculum",
    "Wave",
    "Mentor",
    "MentorWaiver",
    "ReminderRule",
    "AnswerTime",
    "PlanningRule",
    "ProvincePoint",
    "PaperTemplate",
    "OriginalityStatement",
    "Theme",
}
"""Rules, places and the shared pool of mentors are nobody's secret."""
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@dataclass
class Foreign:
    """Rows of another province, each with the canary in its text, one per model of the admin."""

    rows: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, name: str):
        return self.rows[name]


@pytest.fixture
def foreign(cast) -> Foreign:
    """One row of every scoped model in Bali, with text that nobody of NTT may ever read."""
    satker = cast.denpasar
    Satker.objects.filter(pk=satker.pk).update(name=f"KPU {CANARY} Satker", address=f"{CANARY} alamat")
    satker.refresh_from_db()
    SatkerChange.objects.create(satker=satker, kind="rename", old_name=f"{CANARY} lama", effective_on=date(2020, 1, 1), basis=CANARY)
    account = factories.UserFactory(username="kenari.akun", full_name=f"{CANARY} Akun", email="kenari@contoh.go.id")
    grant = factories.RoleGrantFactory(user=account, role=Role.ADMIN_SATKER, satker=satker)
    batch = factories.BatchFactory(institute=cast.institute_b, province=cast.province_b, place=f"{CANARY} tempat", stage=BatchStage.RUNNING)
    person = person_of(satker, f"{CANARY} Peserta", stage=Stage.TRAINING, batch=batch, user=account, special_needs=CANARY)
    placement = factories.PlacementFactory(participant=person, seat=batch.seats.first())
    ParticipantStageChange.objects.create(participant=person, action="start", old="placed", new="training", by=account, note=CANARY)
    mentor = factories.MentorFactory(satker=cast.badung)
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=account)
    coach = GroupCoach.objects.create(batch=batch, group=1, coach=account)
    rancangan = factories.RancanganFactory(participant=person, title=f"{CANARY} judul", summary=CANARY)
    naskah = factories.PaperFactory(rancangan=rancangan)
    file = PaperVersion.objects.create(
        paper=naskah, number=1, name=f"{CANARY}.pdf", size=9, pages=1, sha256="0" * 64, uploaded_by=account, file="x.pdf"
    )
    note = ReviewNote.objects.create(version=file, text=f"{CANARY} catatan", by=account, sent_at=timezone.now())
    document = IssuedDocument.objects.create(
        kind=DocumentKind.COMPLETION, number=f"{CANARY}/1", holder=account, holder_name=f"{CANARY} Nama", title=CANARY, satker=satker,
        province=cast.province_b, face={}, state="issued", file="d.pdf", sha256="1" * 64, issued_at=timezone.now(), issued_by=account,
    )  # fmt: skip
    certificate = Certificate.objects.create(participant=person, batch=batch, document=document)
    movement = Movement.objects.create(
        participant=person, kind="defer", reason="illness", note=CANARY, effective_on=date(2026, 1, 5), proposed_by=account
    )
    asked = SeatRequest.objects.create(
        institute=cast.institute_b, province=cast.province_b, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31), method="blended",
        seats_asked=9, note=CANARY, letter_number=CANARY, created_by=account,
    )  # fmt: skip
    slip = ActivationSlip.objects.create(participant=person, code_hash="3" * 64, printed_by=account, valid_until=date(2026, 1, 5))
    contact = ContactRequest.objects.create(participant=person, phone="081200000999", decision_note=f"{CANARY} sebab")
    paper = factories.DocumentFactory(participant=person, name=f"{CANARY}.pdf", code="sk-cpns", uploaded_by=account)
    archive = DossierZip.objects.create(filename=f"{CANARY}.zip", sha256="3" * 64, uploaded_by=account)
    programme = OrientationProgramme.objects.create(
        title=f"{CANARY} orientasi", province=cast.province_b, starts_on=date(2026, 6, 2), ends_on=date(2026, 6, 5), created_by=account
    )
    member = OrientationMember.objects.create(programme=programme, participant=person, added_by=account)
    second = IssuedDocument.objects.create(
        kind=DocumentKind.ORIENTATION, number=f"{CANARY}/2", holder=account, holder_name=f"{CANARY} Nama", title=CANARY, satker=satker,
        province=cast.province_b, face={}, state="issued", file="o.pdf", sha256="3" * 64, issued_at=timezone.now(), issued_by=account,
    )  # fmt: skip
    orientation = OrientationCertificate.objects.create(member=member, document=second)
    upload = ParticipantImport.objects.create(
        filename=f"{CANARY}.xlsx", sha256="2" * 64, uploaded_by=account, state="committed", satker=satker, province=cast.province_b
    )
    job = Job.objects.create(task="x", title=f"{CANARY} kerja", requested_by=account)
    notice = Notice.objects.create(user=account, text=f"{CANARY} kabar")
    outbox = OutboxMail.objects.create(key="k", to="kenari@contoh.go.id", subject=f"{CANARY} surel", body=f"{CANARY} tautan rahasia")
    bounce = EmailBounce.objects.create(address="kenari@contoh.go.id", reason=f"550 {CANARY}")
    issuer = Issuer.objects.create(name=f"{CANARY} penerbit", line_1="x", city="x", signer_title="x", signer_name="x", legal_basis="x")
    trail = audit.record(verb="ubah", obj=person, by=account, changes={"full_name": ["A", CANARY]}, note=CANARY)
    seal_audit()
    look = DataView.objects.create(
        viewer=account, model="participants.participant", object_id=str(person.pk), kind="page", day=date(2026, 2, 9), unit=f"KPU {CANARY}", note=CANARY
    )  # fmt: skip
    LogEntry.objects.create(
        user=account, content_type=ContentType.objects.get_for_model(Participant), object_id=str(person.pk), object_repr=CANARY,
        action_flag=CHANGE, change_message=CANARY,
    )  # fmt: skip
    leaf = ScoreComponent.objects.create(scheme=factories.SchemeFactory(published_at=None), order=1, code="sikap", name="Sikap", weight=100)
    scored = {"batch": batch, "participant": person}
    sheet = ScoreSheet.objects.create(batch=batch)
    result = Result.objects.create(**scored, total=80, qualification=CANARY, outcome="passed", breakdown={}, computed_by=account)
    objection = Objection.objects.create(**scored, component=leaf, text=CANARY)
    correction = ScoreCorrection.objects.create(**scored, component=leaf, kind="mistake", new=81, reason=CANARY, proposed_by=account)
    sttp = Sttp.objects.create(**scored, number=f"{CANARY}/3", issued_on=date(2026, 1, 5), recorded_by=account)
    span = {"starts_on": batch.starts_on, "ends_on": batch.ends_on}
    letter = DutyLetter.objects.create(
        participant=person, batch=batch, satker=satker, number=f"{CANARY}/ST", letter_date=batch.starts_on, city=CANARY, basis=CANARY,
        signer_name=CANARY, signer_title="Sekretaris", phases=[], issued_by=account,
    )  # fmt: skip
    duty = Duty.objects.create(participant=person, what=f"{CANARY} tugas", source="satker", reported_by=account, **span)
    stage = ElectionStage.objects.create(name=f"{CANARY} tahapan", scope="satker", satker=satker, province=cast.province_b, **span)
    step = add_plan(rancangan, canary=CANARY)[0]
    field = [
        TahapanWork.objects.create(tahapan=step, note=CANARY, version=2),
        Evidence.objects.create(
            participant=person, tahapan=step, file="b.pdf", name=f"{CANARY}.pdf", kind="pdf", size=9, pages=1, sha256="4" * 64,
            source_sha256="4" * 64, caption=CANARY, shown_on=date(2026, 1, 5), uploaded_by=account,
        ),
        WeeklyReport.objects.create(participant=person, week=1, done=CANARY, stage="sent"),
        PlanChange.objects.create(rancangan=rancangan, kind="drop", tahapan=step, old={"text": CANARY}, reason=CANARY, asked_by=account),
        Laporan.objects.create(rancangan=rancangan, background=CANARY),
        LibraryEntry.objects.create(
            participant=person, title=f"{CANARY} pustaka", year=2026, theme=Theme.objects.first(), author_at=timezone.now(), content={}
        ),
    ]  # fmt: skip
    seminar = Seminar.objects.create(
        batch=batch, kind="seminar_rancangan", starts_at=timezone.now(), ends_at=timezone.now(), room=f"{CANARY} ruang", created_by=account
    )
    turn = SeminarTurn.objects.create(
        seminar=seminar, participant=person, order=1, starts_at=timezone.now(), ends_at=timezone.now() + timedelta(minutes=5), note=CANARY
    )
    old = MentorAssignment.objects.create(
        mentor=factories.MentorFactory(satker=cast.badung), participant=person, slot=1, assigned_by=account, ended_at=timezone.now(), ended_by=account
    )  # fmt: skip
    handover = Handover.objects.create(before=old, after=assignment, notes=f"{CANARY} serah terima")
    training = MentorTraining.objects.create(mentor=mentor, held_on=date(2026, 1, 5), organiser=CANARY, recorded_by=account)
    guidance = MentoringSession.objects.create(
        participant=person, kind="mentor", guide=mentor.user, assignment=assignment, starts_at=timezone.now(), last_side="guide",
        ends_at=timezone.now() + timedelta(hours=1), agenda=CANARY, created_by=account,
    )  # fmt: skip
    third = IssuedDocument.objects.create(
        kind=DocumentKind.MENTOR, number=f"{CANARY}/4", holder=account, holder_name=f"{CANARY} Nama", title=CANARY, satker=satker,
        province=cast.province_b, face={}, state="issued", file="m.pdf", sha256="4" * 64, issued_at=timezone.now(), issued_by=account,
    )  # fmt: skip
    charter = MentorCertificate.objects.create(mentor=mentor, batch=batch, document=third)
    rows = [
        *field, handover, training, guidance, charter, seminar, turn,
        sheet, result, objection, correction, sttp, asked, satker, account, grant, batch, person, placement, assignment, coach, rancangan, naskah, note, document, certificate, paper, archive, upload, job,
        notice, outbox, bounce, issuer, trail, movement, AuditSeal.objects.head(), look, slip, contact, programme, member, orientation,
        letter, duty, stage,
    ]  # fmt: skip
    return Foreign({type(row).__name__: row for row in rows})


def test_admin_every_scoped_model_has_a_foreign_row(foreign):
    covered = set(foreign.rows) | PUBLIC | {"NumberSeries"}
    assert sorted(model.__name__ for model in MODELS) == sorted(covered)


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_admin_pages_of_a_unit_show_no_foreign_text(role, cast, foreign, sign_in):
    client = sign_in(getattr(cast, role))
    for model in MODELS:
        row = foreign.rows.get(model.__name__)
        key = row.pk if row else 1
        for query in ("", "?q=kenari", f"?id__in={key}", f"?id__exact={key}", "?_facets=True", "?all="):
            answer = client.get(address(model, "changelist") + query, follow=True)
            assert answer.status_code in (200, 404), f"{model.__name__} {query}"
            assert CANARY not in text(answer).replace("?q=kenari", "").replace('value="KENARI"', ""), f"{model.__name__} {query}"
        for kind in ("change", "history", "delete") if row else ():
            answer = client.get(address(model, kind, key))
            assert (answer.status_code, CANARY in text(answer)) == (404, False), f"{model.__name__} {kind}"


@pytest.mark.parametrize("role", UNIT_ROLES)
def test_admin_forms_of_a_unit_offer_no_foreign_row(role, cast, foreign, sign_in):
    client = sign_in(getattr(cast, role))
    _own_rows(cast)
    for model in MODELS:
        model_admin = admin.site._registry[model]
        for kind in ("add", "changelist"):
            assert CANARY not in text(client.get(address(model, kind))), f"{model.__name__} {kind}"
        for number, row in enumerate(model_admin.get_queryset(_request_of(cast, role))):
            for kind in ("change", "history")[: 1 if number else 2]:
                assert CANARY not in text(client.get(address(model, kind, row.pk))), f"{model.__name__} {kind}"
        inlines = [(inline.model, inline.autocomplete_fields) for inline in model_admin.inlines]
        for owner, names in [(model, model_admin.autocomplete_fields), *inlines]:
            for name in names:
                asked = {"app_label": owner._meta.app_label, "model_name": owner._meta.model_name, "field_name": name}
                for term in ("", "kenari", "19"):
                    found = text(client.get(reverse("admin:autocomplete"), {**asked, "term": term}))
                    assert CANARY not in found, f"{owner.__name__} {name} {term}"


@pytest.mark.parametrize("role", [*UNIT_ROLES, "pksdm"])
def test_admin_history_links_only_to_a_trail_that_opens(role, cast, sign_in):
    factories.SchemeFactory()
    client, own = sign_in(getattr(cast, role)), person_of(cast.kupang, "Orang Kupang")
    linked = {}
    for row in (own, RegulationScheme.objects.get()):
        page = text(client.get(address(type(row), "history", row.pk)))
        link = re.search(r'href="(/jejak/[^"]+)"', page)
        linked[type(row)] = link is not None
        assert link is None or client.get(link[1]).status_code == 200
    assert linked == {Participant: True, RegulationScheme: role == "pksdm"}


def _own_rows(cast) -> Participant:
    """A person of NTT, guided by a mentor of the shared pool who also guides somebody in Bali."""
    own = person_of(cast.kupang, "Orang Kupang")
    shared = MentorAssignment.objects.active().get().mentor
    MentorAssignment.objects.create(mentor=shared, participant=own, slot=2, assigned_by=cast.pksdm)
    return own


def _request_of(cast, role):
    from django.test import RequestFactory

    request = RequestFactory().get("/admin/")
    request.user = getattr(cast, role)
    return request


def test_admin_without_its_scope_would_show_foreign_text(cast, foreign, sign_in, monkeypatch):
    """The control: the canaries do sing when the guard is off."""
    monkeypatch.setattr(ScopedAdmin, "get_queryset", admin.ModelAdmin.get_queryset)
    client = sign_in(cast.admin_kupang)
    for model in (Participant, Satker, User, Certificate, IssuedDocument):
        assert CANARY in text(client.get(address(model, "changelist")))


def test_site_takes_in_scoped_pages_only():
    assert [model.__name__ for model, page in admin.site._registry.items() if not isinstance(page, ScopedAdmin)] == []


def test_form_css_is_djangos_without_its_import():
    """The relative import cannot be followed by a page checker; the base page links that file itself."""
    stock = Path(admin.__file__).parent / "static" / "admin" / "css" / "forms.css"
    own = Path(__file__).parents[1] / "static" / "admin" / "css" / "forms.css"
    assert own.read_text() == stock.read_text().removeprefix("@import url('widgets.css');\n\n")


@pytest.mark.parametrize(
    "query",
    [
        "participant/?satker__name__startswith=KPU",
        "participant/?special_needs__icontains=a",
        "participant/?user__password__startswith=p",
        "user/?password__startswith=p",
        "user/?grants__role=pksdm",
        "batch/?participants__nip__startswith=1",
        "mentor/?assignments__participant__full_name__icontains=a",
        "satker/?participants__nip__startswith=1",
        "auditentry/?changes__icontains=a",
    ],
)
def test_changelist_lookups_that_no_page_offers_are_refused(query, cast, foreign, sign_in):
    name, _slash, asked = query.partition("/")
    model = next(model for model in MODELS if model._meta.model_name == name)
    assert sign_in(cast.provinsi_a).get(address(model, "changelist") + asked).status_code == 400


def test_view_on_site_redirect_is_not_there(cast, foreign, sign_in):
    kind = ContentType.objects.get_for_model(IssuedDocument)
    assert sign_in(cast.admin_kupang).get(f"/admin/r/{kind.pk}/{foreign['IssuedDocument'].pk}/").status_code == 404


def test_index_lists_only_what_the_role_reads(cast, sign_in):
    page = text(sign_in(cast.admin_kupang).get("/admin/"))
    assert "Peserta" in page
    assert "E-mail keluar" not in page
    assert "Seri nomor" not in page
    assert "E-mail keluar" in text(sign_in(cast.pksdm).get("/admin/"))


@pytest.mark.parametrize("person", ["lembaga_a", "mentor_a", "coach_a", "penguji_a", "stranger"])
def test_admin_is_closed_to_other_roles(person, cast, sign_in):
    client = sign_in(getattr(cast, person))
    assert [client.get(path).status_code for path in ("/admin/", "/admin/participants/participant/", "/admin/jsi18n/")] == [404] * 3


def test_admin_sends_strangers_to_the_one_sign_in(client, db):
    assert client.get("/admin/participants/participant/").url.startswith("/masuk/")
    assert client.get("/admin/login/").url.startswith("/masuk/")


def test_admin_doors_for_password_and_leaving_are_the_portals(cast, sign_in):
    client = sign_in(cast.pksdm)
    assert client.post("/admin/password_change/", {"old_password": "x"}).url == reverse("account_change_password")
    assert client.post("/admin/logout/").url == reverse("account_logout")
    assert f'action="{reverse("account_logout")}"' in text(client.get("/admin/"))


def test_outbox_text_is_shown_to_nobody(cast, foreign, sign_in):
    page = text(sign_in(cast.pksdm).get(address(OutboxMail, "change", foreign["OutboxMail"].pk)))
    assert f"{CANARY} surel" in page
    assert "tautan rahasia" not in page


def test_pimpinan_reads_and_never_writes(cast, foreign, sign_in):
    client = sign_in(cast.pimpinan)
    page = text(client.get(address(Participant, "change", foreign["Participant"].pk)))
    assert f"{CANARY} Peserta" in page
    assert "Kebutuhan khusus" not in page
    for model in MODELS:
        assert client.get(address(model, "add")).status_code in (403, 404)
    answer = client.post(address(Satker, "change", cast.kupang.pk), {"name": "Diubah"})
    assert answer.status_code in (403, 404)
    assert Satker.objects.get(pk=cast.kupang.pk).name == "KPU Kota Kupang"
    assert client.get(address(RoleGrant, "delete", foreign["RoleGrant"].pk)).status_code in (403, 404)
