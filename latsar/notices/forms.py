from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from latsar.notices import quiet
from latsar.notices.enums import Delivery, Language, NoticeKind
from latsar.notices.wishes import Wishes, kinds_for
from latsar.ui import words

PREFIX = "kirim_"


def _hours(first: int, last: int) -> list[tuple[str, str]]:
    return [(f"{hour:02d}:00", f"{hour:02d}.00") for hour in range(first, last + 1)]


def _hour(value: str) -> time:
    return time.fromisoformat(value)


class MailSettingsForm(forms.Form):
    """One choice per kind that concerns the person, then the hours. `initial` comes from their wishes."""

    quiet_from = forms.TypedChoiceField(label=gettext_lazy("Jam tenang mulai"), choices=_hours(0, 23), coerce=_hour)
    quiet_to = forms.TypedChoiceField(label=gettext_lazy("Jam tenang berakhir"), choices=_hours(0, 23), coerce=_hour)
    is_open_on_weekends = forms.BooleanField(
        label=gettext_lazy("Kirim juga pada Sabtu dan Minggu"),
        help_text=gettext_lazy("Ringkasan harian lalu datang juga pada hari libur nasional."),
        required=False,
    )
    digest_at = forms.TypedChoiceField(label=gettext_lazy("Jam ringkasan harian"), choices=_hours(4, 22), coerce=_hour)
    lists_todos = forms.BooleanField(label=gettext_lazy("Sertakan daftar yang menunggu saya dalam ringkasan"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Bahasa e-mail"), choices=Language.choices, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, roles: frozenset[str], wishes: Wishes) -> None:
        initial: dict[str, object] = {name: f"{getattr(wishes, name):%H:00}" for name in ("quiet_from", "quiet_to", "digest_at")}
        initial |= {name: getattr(wishes, name) for name in ("is_open_on_weekends", "lists_todos", "language")}
        super().__init__(data, initial=initial)
        for kind in kinds_for(roles):
            self.fields[PREFIX + kind] = forms.ChoiceField(
                label=kind.label,
                choices=Delivery.choices,
                widget=forms.RadioSelect,
                initial=wishes.delivery(kind),
                error_messages={"required": _("Pilih salah satu."), "invalid_choice": _("Pilih salah satu.")},
            )

    def kinds(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"quiet_from", "quiet_to", "digest_at"} <= data.keys() and quiet.is_quiet(
            data["digest_at"], data["quiet_from"], data["quiet_to"]
        ):
            self.add_error(
                "digest_at",
                _("Jam ini jatuh di jam tenang Anda. Pilih pukul %(hour)s atau sesudahnya.") % {"hour": f"{data['quiet_to']:%H.%M}"},
            )
        return data

    def settings(self) -> dict[str, Any]:
        """Return what `save_mail_settings` takes."""
        data = self.cleaned_data
        deliveries = {name.removeprefix(PREFIX): value for name, value in data.items() if name.startswith(PREFIX)}
        return {"deliveries": deliveries, **{name: value for name, value in data.items() if not name.startswith(PREFIX)}}


STATES = (
    ("", gettext_lazy("Semua keadaan")),
    ("menunggu", gettext_lazy("Menunggu")),
    ("ditahan", gettext_lazy("Ditahan sampai jam tenang berakhir")),
    ("dicoba-lagi", gettext_lazy("Dicoba lagi")),
    ("gagal", gettext_lazy("Gagal")),
    ("terkirim", gettext_lazy("Terkirim")),
)


class KindForm(forms.Form):
    """The kind in the address of a list; what cannot be read counts as not given."""

    jenis = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=[("", gettext_lazy("Semua jenis")), *NoticeKind.choices], required=False)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class NoticeFilterForm(KindForm):
    baca = forms.ChoiceField(
        label=gettext_lazy("Dibaca"), choices=[("", gettext_lazy("Semua")), ("baru", gettext_lazy("Belum dibaca"))], required=False
    )


class OutboxFilterForm(KindForm):
    q = forms.CharField(label=gettext_lazy("Cari alamat atau nama"), max_length=100, required=False)
    keadaan = forms.ChoiceField(label=gettext_lazy("Keadaan"), choices=STATES, required=False)


def preview(wishes: Wishes, now: Any) -> list[str]:
    """Say in sentences what these settings do, the next moment included."""
    zone = words.zone_name(now.astimezone(wishes.zone))
    days = _("setiap hari") if wishes.is_open_on_weekends else _("pada hari kerja")
    if wishes.quiet_from == wishes.quiet_to:
        lines = [_("E-mail langsung terkirim kapan saja %(days)s.") % {"days": days}]
    else:
        hours = {"from": f"{wishes.quiet_to:%H.%M}", "to": f"{wishes.quiet_from:%H.%M}", "zone": zone, "days": days}
        lines = [_("E-mail langsung terkirim antara %(from)s dan %(to)s %(zone)s %(days)s; di luar itu menunggu.") % hours]
    leaves = wishes.earliest(now)
    if leaves > now:
        lines.append(_("Kabar yang datang sekarang dikirim %(when)s.") % {"when": words.when(leaves, now, wishes.zone)})
    else:
        lines.append(_("Kabar yang datang sekarang dikirim saat ini juga."))
    if Delivery.DAILY in wishes.deliveries.values() or wishes.lists_todos:
        day = {"hour": f"{wishes.digest_at:%H.%M}", "zone": zone, "days": days}
        lines.append(_("Ringkasan datang pukul %(hour)s %(zone)s %(days)s, hanya bila ada isinya.") % day)
    else:
        lines.append(_("Tidak ada ringkasan harian."))
    return lines
