"""The filters that somebody is offered over the list of participants, and those in force."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from latsar.accounts.models import User
from latsar.satker.models import Satker, SatkerKind
from latsar.training.enums import BatchStage
from latsar.training.models import Batch
from participants import invitation_states
from participants.clock import BUCKETS
from participants.dossier.completeness import LABELS as DOSSIER_LABELS
from participants.enums import Golongan, Stage
from participants.groups import STAGE_GROUPS
from participants.levels import CLOCK_LEVELS
from participants.list_query import ListQuery
from participants.lookups import JABATAN

BATCH_CHOICES = 60


def filter_choices(query: ListQuery, user: User) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of each filter that this person can use, as (value, label)."""
    units = Satker.objects.visible_to(user)
    provinces: list[tuple[str, str]] = []
    if user.scope.nation:
        provinces = list(units.filter(kind__in=[SatkerKind.PROVINCE, SatkerKind.SETJEN]).values_list("code", "name"))
        units = units.filter(province__code=query.provinsi) if query.provinsi else units.filter(code=query.satker)
    satker = list(units.values_list("code", "name"))
    live = Q(stage__in=[BatchStage.OPEN, BatchStage.RUNNING])
    if query.angkatan.isdigit():
        live |= Q(pk=query.angkatan)
    batches = Batch.objects.visible_to(user).filter(live).select_related("institute").distinct()[:BATCH_CHOICES]
    return {
        "provinsi": provinces,
        "satker": satker if len(satker) > 1 or query.satker else [],
        "tahap": [*((group.key, str(group.label)) for group in STAGE_GROUPS), *((value, str(label)) for value, label in Stage.choices)],
        "golongan": list(Golongan.choices),
        "batas": [(bucket.key, str(bucket.label)) for bucket in (*BUCKETS, *CLOCK_LEVELS)],
        "angkatan": [(str(batch.pk), f"{batch.label} {batch.year}, {batch.institute}") for batch in batches],
        "jabatan": [(name, name) for name in JABATAN],
        "berkas": [(key, str(label)) for key, label in DOSSIER_LABELS.items()],
        "akun": [
            ("belum", _("Belum diundang")),
            ("diundang", _("Diundang, belum masuk")),
            *((state.value, str(label)) for state, label in invitation_states.LABELS.items()),
        ],
    }


def active_filters(query: ListQuery, choices: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return (label, address without it) for each filter in force."""
    chips = [(_('Cari "%(text)s"') % {"text": query.q}, query.address(q=""))] if query.q else []
    for name, options in choices.items():
        value = getattr(query, name)
        if value:
            chips.append((dict(options).get(value, value), query.address(**{name: ""})))
    return chips


@dataclass(frozen=True, slots=True)
class FilterField:
    """One select of the filter menu."""

    name: str
    label: str
    every: str
    options: list[tuple[str, str]]
    value: str


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
    return [FilterField(name, *labels[name], choices[name], getattr(query, name)) for name in labels if choices[name]]


def quick_filters(query: ListQuery) -> list[tuple[str, str, str, bool]]:
    """Return the ready-made filters as (label, address, icon, whether in force)."""
    empty = ListQuery(urut=query.urut)
    offers = [
        (_("Semua"), empty, ""),
        (_("30 hari atau kurang"), replace(empty, batas="1-30", urut="batas"), "clock"),
        (_("Lewat batas"), replace(empty, batas="lewat", urut="batas"), "exclamation-triangle-fill"),
        (_("Dikembalikan"), replace(empty, tahap=Stage.RETURNED), "arrow-counterclockwise"),
        (_("Belum ada kursi"), replace(empty, tahap=Stage.APPROVED, urut="batas"), "calendar-plus"),
    ]
    return [(label, offer.address(), symbol, offer == query) for label, offer, symbol in offers]
