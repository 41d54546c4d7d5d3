"""The reports about people: counts by province and by satker, and lists of persons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.accounts.enums import Role
from latsar.accounts.models import User
from latsar.dashboard.national import Line
from latsar.reports.registry import Content, Field, MapPicture, report
from latsar.reports.writers import Column
from latsar.ui import words
from participants import people_reports
from participants.enums import ENDED
from participants.groups import STAGE_GROUPS, stage_q
from participants.levels import late_q
from participants.models import Participant
from participants.national import counted_lines
from participants.reachable import earliest_ends
from participants.report_forms import BatchReportForm, ProvinceReportForm, RiskReportForm, SatkerReportForm

LEADERS = (Role.PKSDM, Role.PIMPINAN)
SHARE_STEPS = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 100))
COUNTED = gettext_lazy("Jumlah dihitung ulang dari baris, tidak diketik.")


@report(
    "nasional",
    *LEADERS,
    title=gettext_lazy("Rekap nasional per provinsi"),
    text=gettext_lazy("Terdaftar, belum dapat kursi, sedang Latsar, lulus, dan yang kritis di 38 provinsi, dengan peta."),
)
def national_report(user: User, params: dict[str, Any], today: date) -> Content:
    """Count people per province by stage and by the clock."""
    lines = counted_lines(user, None, today)
    lines = [*(line for line in lines if not line.is_setjen), *(line for line in lines if line.is_setjen)]
    head = [Field(Column(_("Kode"), 8)), Field(Column(_("Provinsi"), 34)), Field(Column(_("Satker"), 9, "int"))]
    return _counts(
        lines,
        head,
        title=_("Rekap Latsar CPNS menurut provinsi"),
        filter_text=_("semua CPNS"),
        table_title=_("Rincian 38 provinsi"),
        note=_("%(counted)s Sekretariat Jenderal KPU RI ada di baris terakhir dan tidak ada pada peta.") % {"counted": COUNTED},
        picture=_map(lines),
    )


@report(
    "provinsi",
    *LEADERS,
    Role.ADMIN_PROVINSI,
    title=gettext_lazy("Rekap provinsi per satker"),
    text=gettext_lazy("Ukuran yang sama untuk setiap satker di satu provinsi."),
    form=ProvinceReportForm,
)
def province_report(user: User, params: dict[str, Any], today: date) -> Content:
    """Count the people of one province per satker."""
    province = params["province"]
    head = [Field(Column(_("Kode"), 8)), Field(Column(_("Satker"), 40))]
    return _counts(
        counted_lines(user, province, today),
        head,
        title=_("Rekap Latsar CPNS %(name)s") % {"name": province.name},
        filter_text=province.name,
        table_title=_("Rincian satker"),
        note=str(COUNTED),
    )


@report(
    "satker",
    *LEADERS,
    Role.ADMIN_PROVINSI,
    Role.ADMIN_SATKER,
    title=gettext_lazy("Rekap satker"),
    text=gettext_lazy("Daftar CPNS satu satker dengan tahap, batas masa percobaan, dan kursinya."),
    form=SatkerReportForm,
)
def satker_report(user: User, params: dict[str, Any], today: date) -> Content:
    """List the people of one satker with where they stand."""
    unit, stage = params["satker"], params["stage"]
    people = Participant.objects.visible_to(user).filter(satker=unit).order_by("full_name", "pk")
    if stage:
        people = people.filter(stage_q(stage))
    label = next((str(group.label) for group in STAGE_GROUPS if group.key == stage), _("semua tahap"))
    return people_reports.person_list(
        user, people, today, title=_("Rekap CPNS %(name)s") % {"name": unit.name}, filter_text=f"{unit.name}, {label}"
    )


@report(
    "angkatan",
    *LEADERS,
    Role.ADMIN_PROVINSI,
    Role.ADMIN_SATKER,
    Role.LEMBAGA,
    title=gettext_lazy("Roster angkatan"),
    text=gettext_lazy("Peserta satu angkatan menurut kelompok. Satker dan provinsi mendapat pesertanya sendiri."),
    form=BatchReportForm,
)
def batch_report(user: User, params: dict[str, Any], today: date) -> Content:
    """List the roster of one angkatan in the columns institutes ask for."""
    return people_reports.roster(user, params["batch"], today)


@report(
    "risiko",
    *LEADERS,
    Role.ADMIN_PROVINSI,
    Role.ADMIN_SATKER,
    title=gettext_lazy("Risiko masa percobaan"),
    text=gettext_lazy("Yang batasnya sudah lewat, yang belum dapat kursi, dan yang kursinya selesai sesudah batas."),
    form=RiskReportForm,
)
def risk_report(user: User, params: dict[str, Any], today: date) -> Content:
    """List who may miss the end of probation, the nearest deadline first."""
    province, within = params.get("province"), params["within"]
    people = at_risk(user, today, within).order_by("deadline", "pk")
    where = _("semua yang dapat Anda lihat")
    if province is not None:
        people, where = people.filter(province=province), province.name
    text = _(
        "%(where)s, batas lewat, belum dapat kursi dalam %(days)d hari, atau kursinya (yang tercepat, bila belum ada) selesai sesudah batas"
    ) % {
        "where": where,
        "days": within,
    }
    return people_reports.person_list(user, people, today, title=_("Risiko masa percobaan CPNS"), filter_text=text, with_risk=True)


def at_risk(user: User, today: date, within: int) -> Any:
    """Return the people whose probation year is over or may end before their Latsar does; `within` in days."""
    unseated = Q(batch=None, deadline__lte=today + timedelta(days=within))
    risky = Q(deadline__lt=today) | late_q(today, earliest_ends(today)) | unseated
    return Participant.objects.visible_to(user).exclude(stage__in=ENDED).filter(risky)


def _counts(lines: Sequence[Line], head: list[Field], **words_of: Any) -> Content:
    numbers = (_("Terdaftar"), _("Belum dapat kursi"), _("Ditempatkan"), _("Sedang Latsar"), _("Lulus"), _("Kritis"))
    fields = [*head, *(Field(Column(title, 12, "int")) for title in numbers), Field(Column(_("Lulus (%)"), 10, "number"))]
    with_units = len(head) > 2
    rows = [[line.code, line.name, *([line.units] if with_units else []), *_numbers([line])] for line in lines]
    totals = ["", _("Jumlah"), *([sum(line.units for line in lines)] if with_units else []), *_numbers(lines)]
    return Content(fields=fields, rows=rows, count=len(rows), totals=totals, figures=_figures(lines), **words_of)


def _numbers(lines: Sequence[Line]) -> list[int | Decimal]:
    everybody, unseated, placed, training, graduated, critical = (
        sum(line.counts[key] for line in lines) for key in ("", "belum", "ditempatkan", "latsar", "lulus", "kritis")
    )
    return [everybody, unseated, placed, training, graduated, critical, _share(graduated, everybody)]


def _share(part: int, whole: int) -> Decimal:
    return words.round_half_up(Decimal(part * 100) / whole, 1) if whole else Decimal(0)


def _figures(lines: Sequence[Line]) -> list[tuple[str, str, str]]:
    everybody, unseated, _placed, training, graduated, _critical, _percent = _numbers(lines)
    units = words.thousands(sum(line.units for line in lines))
    shown = ((_("Lulus"), graduated), (_("Sedang Latsar"), training), (_("Belum dapat kursi"), unseated))
    return [
        (_("CPNS terdaftar"), words.thousands(everybody), _("di %(count)s satker") % {"count": units}),
        *((label, words.thousands(count), words.percent(count, everybody)) for label, count in shown),
    ]


def _map(lines: Sequence[Line]) -> MapPicture:
    values = {}
    for line in lines:
        share = int(words.round_half_up(_share(line.counts["lulus"], line.total)))
        values[line.code] = (str(share), next(step for step, (_low, high) in enumerate(SHARE_STEPS, 1) if share <= high))
    legend = [(step, _("%(low)d sampai %(high)d") % {"low": low, "high": high}) for step, (low, high) in enumerate(SHARE_STEPS, 1)]
    return MapPicture(
        _("Lulus dari CPNS terdaftar, persen"),
        _("Peta ubin 38 provinsi, persentase lulus. Angka yang sama ada pada tabel di bawah."),
        values,
        legend,
    )
