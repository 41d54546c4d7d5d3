"""The filters that somebody is offered over the list of participants, and those in force."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.cache import cache
from django.db.models import Case, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from latsar.ui.numbers import whole_number
from participants import invitation_states
from participants.clock import BUCKETS
from participants.dossier.completeness import LABELS as DOSSIER_LABELS
from participants.enums import Golongan, Stage
from participants.groups import STAGE_GROUPS
from participants.levels import CLOCK_LEVELS
from participants.list_query import ListQuery
from participants.models import Participant

BATCH_CHOICES = 60
JABATAN_FROM = 2_000
"""People whose jabatan are offered; all of them would be read on every visit."""
KEPT_SECONDS = 300
"""How long a new jabatan may take until it is offered as a filter."""
SELECT_LIMIT = 60


def filter_choices(query: ListQuery, user: User) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of each filter that this person can use, as (value, label)."""
    units = Satker.objects.visible_to(user)
    provinces: list[tuple[str, str]] = []
    if user.scope.nation:
        provinces = list(units.filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).values_list("code", "name"))
        units = units.filter(province__code=query.provinsi) if query.provinsi else units.active()
    satker = list(units.values_list("code", "name"))
    batches = _batches(query, user)
    return {
        "provinsi": provinces,
        "satker": satker if len(satker) > 1 or query.satker else [],
        "tahap": [*((group.key, str(group.label)) for group in STAGE_GROUPS), *((value, str(label)) for value, label in Stage.choices)],
        "golongan": list(Golongan.choices),
        "batas": [(bucket.key, str(bucket.label)) for bucket in (*BUCKETS, *CLOCK_LEVELS)],
        "angkatan": [(str(batch.pk), f"{batch.label} {batch.year}, {batch.institute}") for batch in batches],
        "jabatan": [(name, name) for name in _jabatan(query, user)],
        "berkas": [(key, str(label)) for key, label in DOSSIER_LABELS.items()],
        "akun": [
            ("belum", _("Belum diundang")),
            ("diundang", _("Diundang, belum masuk")),
            *((state.value, str(label)) for state, label in invitation_states.LABELS.items()),
        ],
    }


def _batches(query: ListQuery, user: User) -> list[Batch]:
    """Return the chosen batch, those that are open or running, then the newest others; one more than are offered when there are more."""
    turn = Case(
        When(pk=whole_number(query.angkatan) or 0, then=0), When(stage__in=[BatchStage.OPEN, BatchStage.RUNNING], then=1), default=2
    )
    rows = Batch.objects.visible_to(user).exclude(stage=BatchStage.DRAFT).annotate(turn=turn).select_related("institute")
    return list(rows.order_by("turn", "-starts_on", "-pk").distinct()[: BATCH_CHOICES + 1])


def _jabatan(query: ListQuery, user: User) -> list[str]:
    """Return the jabatan of the people registered last, as many as a page may read, and the chosen one."""
    scope = user.scope
    units = sorted([*scope.satker_ids, *scope.province_ids, *scope.institute_ids])
    place = "-".join(map(str, ("jabatan", user.pk, scope.nation, *units)))
    found: set[str] | None = cache.get(place)
    if found is None:
        newest = Participant.objects.visible_to(user).order_by("-created_at", "-pk").values_list("jabatan", flat=True)
        found = set(newest[:JABATAN_FROM])
        cache.set(place, found, KEPT_SECONDS)
    return sorted(found | ({query.jabatan} if query.jabatan else set()))


def active_filters(query: ListQuery, choices: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return (label, address without it) for each filter in force."""
    chips = [(_('Cari "%(text)s"') % {"text": query.q}, query.address(q=""))] if query.q else []
    for name, options in choices.items():
        value = getattr(query, name)
        if value:
            code = value.split(" ")[0] if name == "satker" else value
            chips.append((dict(options).get(code, value), query.address(**{name: ""})))
    return chips


@dataclass(frozen=True, slots=True)
class FilterField:
    """One select of the filter menu; `typed` makes it a text field that completes, `note` stands below it."""

    name: str
    label: str
    every: str
    options: list[tuple[str, str]]
    value: str
    typed: bool = False
    note: str = ""


def filter_fields(query: ListQuery, choices: dict[str, list[tuple[str, str]]]) -> list[FilterField]:
    """Describe the selects that have something to choose."""
    labels = {
        "provinsi": (_("Provinsi"), _("Semua provinsi")),
        "satker": (_("Satker"), _("Semua satker")),
        "tahap": (_("Tahap"), _("Semua tahap")),
        "batas": (_("Batas masa percobaan"), _("Semua batas")),
        "golongan": (_("Golongan"), _("Semua golongan")),
        "angkatan": (_("Angkatan"), _("Semua angkatan")),
        "jabatan": (_("Jabatan"), _("Semua jabatan")),
        "akun": (_("Akun"), _("Semua akun")),
        "berkas": (pgettext("dossier", "Berkas"), _("Semua berkas")),
    }
    cut = _("Hanya %(count)d angkatan, yang terbaru. Yang lain dibuka dari halaman Angkatan.") % {"count": BATCH_CHOICES}
    return [
        FilterField(
            name,
            *labels[name],
            choices[name][:BATCH_CHOICES] if name == "angkatan" else choices[name],
            getattr(query, name),
            typed=len(choices[name]) > SELECT_LIMIT and name == "satker",
            note=cut if name == "angkatan" and len(choices[name]) > BATCH_CHOICES else "",
        )
        for name in labels
        if choices[name]
    ]


def orders() -> list[tuple[str, str]]:
    """Return the orders of the list, each with its word."""
    return [
        ("nama", _("Nama, A ke Z")),
        ("-nama", _("Nama, Z ke A")),
        ("batas", _("Batas masa percobaan, terdekat dahulu")),
        ("-batas", _("Batas masa percobaan, terjauh dahulu")),
        ("tahap", _("Tahap, dari awal")),
        ("-tahap", _("Tahap, dari akhir")),
        ("satker", _("Satker, menurut kode")),
        ("-satker", _("Satker, kode terbesar dahulu")),
        ("golongan", _("Golongan, dari II/a")),
        ("-golongan", _("Golongan, dari III/b")),
        ("-terdaftar", _("Terdaftar, terbaru dahulu")),
        ("terdaftar", _("Terdaftar, terlama dahulu")),
    ]


def quick_filters(query: ListQuery) -> list[tuple[str, str, str, bool]]:
    """Return the ready-made filters as (label, address, icon, whether in force)."""
    empty = ListQuery(urut=query.urut)
    offers = [
        (_("Semua"), empty, ""),
        (_("30 hari atau kurang"), replace(empty, batas="1-30", urut="batas"), "clock"),
        (_("Lewat batas"), replace(empty, batas="lewat", urut="batas"), "exclamation-triangle-fill"),
        (_("Dikembalikan"), replace(empty, tahap=Stage.RETURNED), "arrow-counterclockwise"),
        (_("Menunggu kursi"), replace(empty, tahap=Stage.APPROVED, urut="batas"), "calendar-plus"),
    ]
    return [(label, offer.address(), symbol, offer == query) for label, offer, symbol in offers]
