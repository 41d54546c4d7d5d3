"""The letter that asks an institute for seats: how many people of which unit wait, and who they are. Printed in Indonesian."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.utils.translation import override

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.documents.models import Issuer
from latsar.documents.render.pdf import render_pdf
from latsar.training.enums import GolonganGroup
from latsar.training.models import RegulationScheme, SeatRequest
from latsar.training.month_fields import month_range
from latsar.ui import words
from participants.candidates import waiting
from participants.documents import printed
from participants.people import Participant, ParticipantQuerySet

TEMPLATE = "documents/letter/permohonan_kursi.html"
MOST_PEOPLE = 1000
"""A list of names that still makes one letter; a whole nation asks province by province."""
NO_NUMBER = "…………………………"
OF_PKSDM = "PUSAT PENGEMBANGAN KOMPETENSI SDM APARATUR"


@dataclass(frozen=True)
class UnitLine:
    """How many people of a unit wait, by golongan."""

    name: str
    third: int
    second: int

    @property
    def total(self) -> int:
        return self.third + self.second


@dataclass(frozen=True)
class PersonLine:
    name: str
    nip: str
    golongan: str
    unit: str


@dataclass(frozen=True)
class SeatLetter:
    """Everything that is printed."""

    office: str
    head: str
    contact: str
    number: str
    place_and_date: str
    subject: str
    institute: str
    city: str
    regulation: str
    earliest: str
    seats: int
    seats_words: str
    period: str
    method: str
    golongan: str
    units: Sequence[UnitLine]
    sums: UnitLine
    people: Sequence[PersonLine]
    signer_title: str
    signer_name: str
    signer_nip: str
    copies: Sequence[str]
    year: int
    created: str
    foot: str


def people_of(request: SeatRequest, user: User) -> ParticipantQuerySet:
    """The people who wait for a seat of this request: of its province and golongan, the nearest deadline first."""
    rows = waiting(user)
    if request.province_id is not None:
        rows = rows.filter(province_id=request.province_id)
    if request.golongan != GolonganGroup.MIXED:
        rows = rows.filter(golongan__startswith=f"{request.golongan}/")
    return rows.select_related("satker")


def print_seat_letter(*, request: SeatRequest, user: User, today: date) -> tuple[bytes, list[int]]:
    """Return the letter as PDF/A, and the keys of the people in it. Raises Refused when nobody waits or too many do."""
    people = list(people_of(request, user)[: MOST_PEOPLE + 1])
    if not people:
        raise Refused(_("Belum ada CPNS yang menunggu kursi untuk permohonan ini, jadi suratnya belum dapat dicetak."))
    if len(people) > MOST_PEOPLE:
        text = _("Lebih dari %(n)d orang menunggu. Buat permohonan per provinsi, supaya daftarnya dapat dilampirkan.")
        raise Refused(text % {"n": MOST_PEOPLE})
    with override("id"):
        letter = letter_of(request, people, today)
        html = get_template(TEMPLATE).render({"letter": letter})
    return render_pdf(html, styles=("letter",), title=letter.subject), [person.pk for person in people]


def letter_of(request: SeatRequest, people: Sequence[Participant], today: date) -> SeatLetter:
    """Put the words of the letter together."""
    scheme = RegulationScheme.objects.in_force(today).first()
    issuer = Issuer.objects.order_by("pk").first()
    province, day = request.province, request.letter_date or today
    units = _units(people)
    city = (province.address.rpartition(",")[2].strip() if province else "") or (issuer.city if issuer and not province else "")
    subject = f"Permohonan kursi Pelatihan Dasar CPNS Tahun {request.starts_on.year}"
    return SeatLetter(
        office=province.name if province else "Komisi Pemilihan Umum",
        head=f"PROVINSI {province.province_name.upper()}" if province else OF_PKSDM,
        contact=" · ".join(filter(None, (province.address, province.phone, province.email))) if province else "",
        number=request.letter_number or NO_NUMBER,
        place_and_date=f"{city}, {printed(day)}" if city else printed(day),
        subject=subject,
        institute=request.institute.name,
        city=request.institute.city,
        regulation=scheme.regulation if scheme else "peraturan Lembaga Administrasi Negara tentang Pelatihan Dasar CPNS",
        earliest=printed(min(person.deadline for person in people)),
        seats=request.seats_asked,
        seats_words=words.spell_number(request.seats_asked),
        period=month_range(request.starts_on, request.ends_on),
        method=str(request.get_method_display()).lower(),
        golongan=str(request.get_golongan_display()),
        units=units,
        sums=UnitLine("", sum(line.third for line in units), sum(line.second for line in units)),
        people=[PersonLine(one.full_name, words.group_nip(one.nip), one.golongan, one.satker.name) for one in people],
        signer_title=f"Sekretaris {province.name}" if province else (issuer.signer_title if issuer else ""),
        signer_name="" if province or issuer is None else issuer.signer_name,
        signer_nip="" if province or issuer is None else words.group_nip(issuer.signer_nip),
        copies=(("Sekretaris Jenderal KPU RI, u.p. Kepala Pusat Pengembangan Kompetensi SDM Aparatur, di Jakarta",) if province else ()),
        year=request.starts_on.year,
        created=day.isoformat(),
        foot=f"{subject}, {request.institute.name}",
    )


def _units(people: Sequence[Participant]) -> list[UnitLine]:
    counts: dict[str, list[int]] = {}
    for person in sorted(people, key=lambda one: one.satker.code):
        count = counts.setdefault(person.satker.name, [0, 0])
        count[0 if person.golongan.startswith("III/") else 1] += 1
    return [UnitLine(name, third, second) for name, (third, second) in counts.items()]
