"""Plain factories, one per model; related rows are made or given, never inherited."""

from __future__ import annotations

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from aktualisasi.models import Paper, Rancangan
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import BatchStage, Method, PhaseKind
from latsar.training.models import Batch, BatchPhase, Curriculum, DossierRequirement, Institute, RegulationScheme, Seat
from mentoring.models import Mentor
from participants.models import DossierDocument, Participant, Placement

PASSWORD = "empat-kuda-melompat-pagar"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"akun{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@contoh.go.id")
    full_name = factory.Sequence(lambda n: f"Orang Contoh {n}, S.H.")
    password = factory.django.Password(PASSWORD)


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    valid_from = date(2020, 1, 1)  # before any day that a test travels to


class SatkerFactory(DjangoModelFactory):
    class Meta:
        model = Satker

    code = factory.Sequence(lambda n: f"{n % 90 + 10}.{n:02d}"[:8])
    name = factory.LazyAttribute(lambda o: f"KPU Kota {o.code}")
    kind = SatkerKind.REGENCY
    province = factory.LazyAttribute(lambda o: o.parent)


class InstituteFactory(DjangoModelFactory):
    class Meta:
        model = Institute

    code = factory.Sequence(lambda n: f"lembaga-{n}")
    name = factory.Sequence(lambda n: f"BPSDM Contoh {n}")
    city = "Kupang"


class SchemeFactory(DjangoModelFactory):
    class Meta:
        model = RegulationScheme

    code = factory.Sequence(lambda n: f"skema-{n}")
    name = "Skema contoh"
    regulation = "PerLAN contoh"
    effective_from = date(2021, 1, 1)
    hours = 647
    published_at = factory.LazyFunction(timezone.now)


class CurriculumFactory(DjangoModelFactory):
    class Meta:
        model = Curriculum

    code = factory.Sequence(lambda n: f"kurikulum-{n}")
    name = "BerAKHLAK"
    effective_from = date(2022, 1, 1)
    published_at = factory.LazyFunction(timezone.now)


class BatchFactory(DjangoModelFactory):
    """A batch with its seats and three phases."""

    class Meta:
        model = Batch
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: n % 500 + 1)
    year = factory.LazyAttribute(lambda o: o.starts_on.year)
    institute = factory.SubFactory(InstituteFactory)
    scheme = factory.SubFactory(SchemeFactory)
    curriculum = factory.SubFactory(CurriculumFactory)
    method = Method.BLENDED
    capacity = 4
    stage = BatchStage.OPEN
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))
    ends_on = factory.LazyAttribute(lambda o: o.starts_on + timedelta(days=80))
    opened_at = factory.LazyFunction(timezone.now)
    opened_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def layout(obj, create, extracted, **kwargs):  # noqa: N805
        Seat.objects.bulk_create([Seat(batch=obj, number=n) for n in range(1, obj.capacity + 1)])
        kinds = [PhaseKind.MOOC, PhaseKind.PROPOSAL_SEMINAR, PhaseKind.RESULT_SEMINAR]
        BatchPhase.objects.bulk_create(
            [
                BatchPhase(
                    batch=obj,
                    order=n,
                    kind=kind,
                    name=kind.label,
                    starts_on=obj.starts_on + timedelta(days=20 * n),
                    ends_on=obj.starts_on + timedelta(days=20 * n + 5),
                )
                for n, kind in enumerate(kinds, 1)
            ]
        )


def nip_of(birth: date, tmt: date, *, female: bool, serial: int) -> str:
    return f"{birth:%Y%m%d}{tmt:%Y%m}{2 if female else 1}{serial:03d}"


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    class Params:
        serial = factory.Sequence(lambda n: n)

    birth_date = factory.LazyAttribute(lambda o: date(1995, 1, 1) + timedelta(days=o.serial % 2000))
    tmt_cpns = factory.LazyFunction(lambda: timezone.localdate().replace(day=1))
    deadline = factory.LazyAttribute(lambda o: o.tmt_cpns.replace(year=o.tmt_cpns.year + 1))
    nip = factory.LazyAttribute(lambda o: nip_of(o.birth_date, o.tmt_cpns, female=o.sex == "P", serial=900 + o.serial % 100))
    full_name = factory.Sequence(lambda n: f"Peserta Contoh {n}, S.Kom.")
    satker = factory.SubFactory(SatkerFactory)
    province = factory.LazyAttribute(lambda o: o.satker.province or o.satker)
    golongan = "III/a"
    jabatan = "Pranata Komputer Ahli Pertama"
    birth_place = "Kupang"
    sex = "P"
    email = factory.Sequence(lambda n: f"peserta{n}@contoh.go.id")


class PlacementFactory(DjangoModelFactory):
    class Meta:
        model = Placement

    placed_by = factory.SubFactory(UserFactory)


class MentorFactory(DjangoModelFactory):
    class Meta:
        model = Mentor

    user = factory.SubFactory(UserFactory)
    nip = factory.Sequence(lambda n: f"19800101200501{n % 2 + 1}{n % 1000:03d}")
    satker = factory.SubFactory(SatkerFactory)
    jabatan = "Kepala Subbagian Teknis"


class RancanganFactory(DjangoModelFactory):
    class Meta:
        model = Rancangan

    participant = factory.SubFactory(ParticipantFactory)


class PaperFactory(DjangoModelFactory):
    """A paper of a rancangan; beyond the draft it was handed in."""

    class Meta:
        model = Paper

    rancangan = factory.SubFactory(RancanganFactory)
    kind = "rancangan"
    first_submitted_at = factory.LazyAttribute(lambda o: None if getattr(o, "stage", "draft") == "draft" else timezone.now())


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = DossierRequirement

    code = factory.Sequence(lambda n: f"syarat-{n}")
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").capitalize())
    order = factory.Sequence(lambda n: n)


class DocumentFactory(DjangoModelFactory):
    """A current document that nobody has judged; it has no file on the disk unless one is given."""

    class Meta:
        model = DossierDocument

    code = "sk-cpns"
    number = 1
    file = "berkas/tidak-ada.pdf"
    name = "SK CPNS.pdf"
    kind = "pdf"
    size = 1000
    pages = 1
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    source_sha256 = factory.LazyAttribute(lambda o: o.sha256)
    uploaded_by = factory.SubFactory(UserFactory)
