"""Two complete sides, a (NTT) and b (Bali), so that every address has an object that is somebody's and somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import time

from django.core.files.base import ContentFile
from django.utils import timezone

from aktualisasi.demo.sample_pdf import sample_rancangan
from aktualisasi.enums import PaperStage
from aktualisasi.models import Paper, PaperVersion, Rancangan, ReviewNote
from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.documents.models import DocumentKind, DocumentState, IssuedDocument, UploadSession
from latsar.jobs.models import Job
from latsar.notices.models import Notice, OutboxMail
from latsar.satker.models import Satker
from latsar.training.enums import BatchStage
from latsar.training.models import Batch, DossierRequirement, Institute, Seat, SeatRequest, SeatRequestFile
from mentoring.models import GroupCoach, Mentor, MentorAssignment
from participants.enums import Stage
from participants.models import (
    ActivationSlip,
    Certificate,
    ContactRequest,
    DossierDocument,
    DossierZip,
    FieldNote,
    Movement,
    OrientationCertificate,
    OrientationMember,
    OrientationProgramme,
    OrientationSession,
    Participant,
    ParticipantImport,
    ParticipantStageChange,
    Placement,
    Plan,
)
from participants.planning.measures import Measures
from participants.planning.plans import DEFAULTS
from tests.access_builder import builder_arguments, write_plan
from tests.access_duties import DutySet, add_duties
from tests.access_habituasi import FORMS, HabituasiSet, add_habituasi
from tests.access_mentoring import GuidanceSet, add_guidance
from tests.access_scores import ScoreSet, add_components, add_scores
from tests.access_seminars import SeminarSet, add_seminars
from tests.access_training import Training, build_training
from tests.conftest import Cast
from tests.factories import (
    BatchFactory,
    CurriculumFactory,
    DocumentFactory,
    ParticipantFactory,
    RoleGrantFactory,
    SchemeFactory,
    UserFactory,
)


@dataclass
class Side:
    """Everything of one province; `canary` stands in every text a reader could be shown."""

    canary: str
    participant: Participant
    batch: Batch
    rancangan: Rancangan
    naskah: Paper
    file: PaperVersion
    note: ReviewNote
    certificate: Certificate
    assignment: MentorAssignment
    job: Job
    upload: ParticipantImport
    saved: ParticipantImport
    peserta: User
    movement: Movement
    orientation: OrientationCertificate
    document: DossierDocument
    piece: UploadSession
    archive: DossierZip
    contact: ContactRequest
    scores: ScoreSet
    asked: SeatRequest
    rules: dict[str, int]
    plan: Plan
    training: Training
    duties: DutySet
    guidance: GuidanceSet
    seminars: SeminarSet
    field: HabituasiSet

    def arguments(self, name: str) -> list[object]:
        """Return the address arguments of a URL name, by what stands in its place."""
        one: dict[str, list[object]] = {
            "participant": [self.participant.pk],
            "batch": [self.batch.pk],
            "job": [self.job.pk],
            "import": [self.upload.pk],
            "saved import": [self.saved.pk],
            "import trail": ["impor", self.saved.pk],
            "rancangan": [self.rancangan.pk],
            "naskah": [self.naskah.pk],
            "file": [self.file.pk],
            "page": [self.file.pk, 1],
            "note": [self.note.pk],
            "certificate": [self.certificate.pk],
            "assignment": [self.assignment.pk],
            "batch+participant": [self.batch.pk, self.participant.pk],
            "province": [self.participant.province.code],
            "token": [self.certificate.document.token],
            "reset": ["1", "abc-123"],
            "kind": ["rancangan"],
            "report": ["nasional"],
            "provider": ["kpu"],
            "trail": ["peserta", self.participant.pk],
            "movement": [self.movement.pk],
            "programme": [self.orientation.member.programme_id],
            "programme+member": [self.orientation.member.programme_id, self.orientation.member_id],
            "programme+session": [self.orientation.member.programme_id, self.orientation.member.programme.sessions.get().pk],
            "orientation": [self.orientation.pk],
            "check": ["nomor-hp"],
            "document": [self.document.pk],
            "document page": [self.document.pk, 1],
            "dossier line": [self.participant.pk, self.document.code],
            "zip": [self.archive.pk],
            "piece": [self.piece.token],
            "contact": [],
            "score": [self.batch.pk, self.participant.pk, self.scores.component.pk],
            "objection": [self.scores.objection.pk],
            "correction": [self.scores.correction.pk],
            "institute": [self.batch.institute_id],
            "seat request": [self.asked.pk],
            "seat request file": [self.asked.pk, self.asked.files.get().pk],
            "scheme": [self.batch.scheme_id],
            "curriculum": [self.batch.curriculum_id],
            "draft scheme": [self.rules["scheme"]],
            "draft curriculum": [self.rules["curriculum"]],
            "plan": [self.plan.pk],
            "plan+offer": [self.plan.pk, self.plan.offers.get().pk],
            "letter": [self.duties.letter.pk],
            "duty": [self.duties.duty.pk],
            "stage": [self.duties.stage.pk],
            "wave": [self.duties.shift.wave_id],
            "shift": [self.duties.shift.pk],
            "": [],
            **builder_arguments(self.rancangan, self.batch.institute_id),
            **self.training.arguments(self.batch, self.participant),
            **self.guidance.arguments(self.batch, self.participant),
            **self.seminars.arguments(),
            **self.field.arguments(),
        }
        return one[name]

    def form(self, name: str) -> dict[str, object]:
        """Return what is posted to a URL name that takes its object in the form."""
        forms: dict[str, dict[str, object]] = {
            "contact": {"pilih": [self.contact.pk], "terima": "1"},
            "scheme": {"langkah": "salin", "angkatan": self.batch.pk},
            "curriculum": {"langkah": "salin"},
            "seat request": {"langkah": "withdraw", "withdraw-version": 1, "withdraw-note": "Uji"},
            "seminar": {"langkah": "start", "version": 1},
            "revision": {"aksi": "done"},
            **FORMS,
        }
        return forms.get(name, {})


def build_side(cast: Cast, letter: str, satker: Satker, institute: Institute, admin: User, mentor_user: User, coach: User) -> Side:
    canary = f"KENARI{letter.upper()}"
    peserta = UserFactory(username=f"peserta.{letter}", full_name=f"{canary} Akun")
    RoleGrantFactory(user=peserta, role=Role.PESERTA)
    scheme = SchemeFactory(published_at=None)
    add_components(scheme)
    scheme.published_at = timezone.now()
    scheme.save()
    batch = BatchFactory(
        scheme=scheme,
        institute=institute,
        province=satker.province,
        stage=BatchStage.RUNNING,
        place=f"{canary} Tempat",
        opened_by=cast.pksdm,
    )
    person = ParticipantFactory(
        satker=satker,
        full_name=f"{canary} Nama, S.Kom.",
        address=f"{canary} Alamat",
        special_needs=f"{canary} Khusus",
        stage=Stage.TRAINING,
        batch=batch,
        user=peserta,
    )
    ParticipantStageChange.objects.create(
        participant=person, action="start", old=Stage.PLACED, new=Stage.TRAINING, by=cast.pksdm, note=f"{canary} Catatan"
    )
    seat = Seat.objects.filter(batch=batch).order_by("number").first()
    Placement.objects.create(participant=person, seat=seat, group=1, placed_by=cast.pksdm)
    mentor = Mentor.objects.create(
        user=mentor_user, nip=f"19800101200501{'1' if letter == 'a' else '2'}901", satker=satker, jabatan="Kepala Subbagian"
    )
    assignment = MentorAssignment.objects.create(mentor=mentor, participant=person, slot=1, assigned_by=admin)
    GroupCoach.objects.create(batch=batch, group=1, coach=coach)
    content = sample_rancangan()
    rancangan = Rancangan.objects.create(participant=person, title=f"{canary} Judul", summary=f"{canary} Ringkasan")
    write_plan(rancangan, canary, peserta)
    naskah = Paper.objects.create(rancangan=rancangan, kind="rancangan", stage=PaperStage.SUBMITTED, first_submitted_at=timezone.now())
    file = PaperVersion(paper=naskah, number=1, name=f"{canary}.pdf", size=len(content), pages=3, sha256="0" * 64, uploaded_by=peserta)
    file.file.save(f"{letter}.pdf", ContentFile(content))
    note = ReviewNote.objects.create(version=file, page=1, text=f"{canary} Tinjauan", by=mentor_user)
    document = IssuedDocument(
        kind=DocumentKind.COMPLETION, number=f"{letter}/001", holder=peserta, holder_name=person.full_name, title="Surat keterangan menyelesaikan Latsar",
        satker=satker, province=satker.province, face={}, state=DocumentState.ISSUED, sha256="0" * 64, issued_at=timezone.now(), issued_by=cast.pksdm,
    )  # fmt: skip
    document.file.save(f"{letter}-sertifikat.pdf", ContentFile(content))
    certificate = Certificate.objects.create(participant=person, batch=batch, document=document)
    job = Job.objects.create(task="uji.tidak_ada", title=f"{canary} Pekerjaan", requested_by=admin, total=1)
    upload = ParticipantImport.objects.create(filename=f"{canary}.xlsx", sha256="0" * 64, uploaded_by=admin)
    saved = ParticipantImport.objects.create(
        filename=f"{canary}-simpan.xlsx",
        sha256="1" * 64,
        uploaded_by=admin,
        state="committed",
        satker=satker,
        province=satker.province,
        error_count=1,
    )
    saved.rows.create(number=2, outcome="error", raw=[f"{canary} Sel"], errors=[])
    Notice.objects.create(user=admin, text=f"{canary} Pemberitahuan", url="/")
    OutboxMail.objects.create(key=f"mail-{letter}", user=peserta, to=peserta.email, subject=f"{canary} Judul", body=f"{canary} Isi")
    movement = Movement(
        participant=person, kind="defer", reason="illness", note=f"{canary} Alasan", effective_on=batch.starts_on, proposed_by=admin
    )
    movement.evidence_name = f"{canary}-bukti.pdf"
    movement.evidence.save(f"{letter}-bukti.pdf", ContentFile(content))
    DossierRequirement.objects.get_or_create(code="sk-cpns", institute=None, defaults={"name": "SK CPNS"})
    paper = DocumentFactory.build(participant=person, name=f"{canary} SK.pdf", uploaded_by=admin)
    paper.file.save(f"{letter}-berkas.pdf", ContentFile(content))
    piece = UploadSession.objects.create(token=f"{letter}-potongan", user=admin, target="uji", name=f"{canary}.pdf", length=5, limit=9)
    archive = DossierZip.objects.create(filename=f"{canary}.zip", sha256="0" * 64, uploaded_by=admin)
    return Side(
        canary,
        person,
        batch,
        rancangan,
        naskah,
        file,
        note,
        certificate,
        assignment,
        job,
        upload,
        saved,
        peserta,
        movement,
        _orientation(person, letter, canary, cast.pksdm),
        paper,
        piece,
        archive,
        _waiting(person, letter, canary, admin),
        add_scores(batch, person, cast.pksdm, canary),
        _asked(batch, canary, letter, admin),
        {
            "scheme": SchemeFactory(name=f"{canary} Skema", published_at=None).pk,
            "curriculum": CurriculumFactory(name=f"{canary} Kurikulum", published_at=None).pk,
        },
        _plan(person, canary, institute, cast.pksdm),
        build_training(batch, person, canary, getattr(cast, f"lembaga_{letter}"), cast.pksdm),
        add_duties(person, batch, admin, canary),
        add_guidance(assignment, batch, coach, cast.pksdm, canary),
        add_seminars(person, batch, getattr(cast, f"penguji_{letter}"), cast.pksdm, canary),
        add_habituasi(person, rancangan, canary, peserta, cast.pksdm),
    )


def _asked(batch: Batch, canary: str, letter: str, by: User) -> SeatRequest:
    """Make a request for seats that was sent, with its letter."""
    asked = SeatRequest.objects.create(
        institute=batch.institute, province=batch.province, starts_on=batch.starts_on, ends_on=batch.ends_on, method=batch.method,
        seats_asked=40, note=f"{canary} Minta", state="sent", letter_number=f"{canary}/1", letter_date=batch.starts_on,
        sent_at=timezone.now(), created_by=by,
    )  # fmt: skip
    asked.stage_changes.create(action="send", old="draft", new="sent", by=by, note=f"{canary} Langkah")
    paper = SeatRequestFile(request=asked, kind="surat", name=f"{canary}.pdf", size=9, pages=1, sha256="0" * 64, uploaded_by=by)
    paper.file.save(f"{letter}-surat.pdf", ContentFile(sample_rancangan()))
    return asked


def _waiting(person: Participant, letter: str, canary: str, admin: User) -> ContactRequest:
    """Make what waits around a person: a request, a note beside a field, a printed slip."""
    FieldNote.objects.create(participant=person, field="address", text=f"{canary} Isian", by=admin)
    slip = {"participant": person, "code_hash": letter * 64, "printed_by": admin, "valid_until": timezone.localdate()}
    ActivationSlip.objects.create(**slip, voided_at=timezone.now(), voided_by=admin, void_reason="withdrawn")
    old = {"old_email": f"{canary.lower()}@contoh.go.id", "old_phone": "081200000900"}
    ContactRequest.objects.create(
        participant=person, phone="081200000998", state="refused", decided_by=admin, decided_at=timezone.now(), decision_note=f"{canary} Sebab", **old
    )  # fmt: skip
    return ContactRequest.objects.create(participant=person, phone="081200000999", **old)


def _plan(person: Participant, canary: str, institute: Institute, by: User) -> Plan:
    """Make a plan of PKSDM with seats that are thought up and somebody on one of them."""
    day = timezone.localdate()
    zeros = {field.name: 0 for field in fields(Measures)} | {"not_in_time": 0}
    figures = {**zeros, "not_ready": 0, "demand": 1, "satker": 1, "seats": 1, "batches": 1, "cost": 0, "cost_unknown": 0}
    plan = Plan.objects.create(
        name=f"{canary} Rencana", settings={**DEFAULTS, "allow_other_provinces": True, "allow_late": False}, figures=figures, greedy=zeros,
        bounds={"not_in_time": 0, "days_at_risk": 0, "splits": 0}, seconds=0.1, solved_at=timezone.now(), created_by=by,
    )  # fmt: skip
    offer = plan.offers.create(institute=institute, method="blended", golongan="II/III", starts_on=day, ends_on=day, seats=1)
    plan.assignments.create(participant=person, offer=offer)
    return plan


def _orientation(person: Participant, letter: str, canary: str, by: User) -> OrientationCertificate:
    day = timezone.localdate()
    programme = OrientationProgramme.objects.create(
        title=f"{canary} Orientasi", province=person.province, starts_on=day, ends_on=day, created_by=by
    )
    OrientationSession.objects.create(
        programme=programme, day=day, starts_at=time(8), ends_at=time(11), hours=4, title=f"{canary} Materi", speaker=f"{canary} Pemateri"
    )
    member = OrientationMember.objects.create(programme=programme, participant=person, added_by=by)
    document = IssuedDocument(
        kind=DocumentKind.ORIENTATION, number=f"{letter}/001", holder=person.user, holder_name=person.full_name, title="Orientasi tugas",
        satker=person.satker, province=person.province, face={}, state=DocumentState.ISSUED, sha256="0" * 64, issued_at=timezone.now(), issued_by=by,
    )  # fmt: skip
    document.file.save(f"{letter}-orientasi.pdf", ContentFile(sample_rancangan()))
    return OrientationCertificate.objects.create(member=member, document=document)


@dataclass
class World:
    a: Side
    b: Side
    visitors: dict[str, User | None]


def build_world(cast: Cast) -> World:
    a = build_side(cast, "a", cast.kupang, cast.institute_a, cast.admin_kupang, cast.mentor_a, cast.coach_a)
    b = build_side(cast, "b", cast.badung, cast.institute_b, cast.admin_badung, cast.mentor_b, cast.coach_b)
    visitors: dict[str, User | None] = {
        "anon": None,
        "stranger": cast.stranger,
        "satker": cast.admin_kupang,
        "sibling": cast.admin_ende,
        "satker_b": cast.admin_badung,
        "prov": cast.provinsi_a,
        "prov_b": cast.provinsi_b,
        "pksdm": cast.pksdm,
        "pimp": cast.pimpinan,
        "lemb": cast.lembaga_a,
        "lemb_b": cast.lembaga_b,
        "pes": a.peserta,
        "pes_b": b.peserta,
        "men": cast.mentor_a,
        "men_b": cast.mentor_b,
        "coach": cast.coach_a,
        "coach_b": cast.coach_b,
        "uji": cast.penguji_a,
    }
    return World(a, b, visitors)
