from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from latsar.accounts.enums import Role
from latsar.adminsite.acting import ActingAdmin, act_on_each
from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin, ScopedAdmin, user_of
from latsar.notices import services
from latsar.notices.models import EmailBounce, Notice, OutboxMail, ReminderRule
from latsar.notices.reminders import audiences_of, source_choices, source_label

TEXT, MADE = titled("text", _("pesan")), titled("created_at", _("dibuat"))
MAIL = [
    titled("subject", _("judul")), titled("to", _("kepada")), titled("state", _("keadaan")), titled("attempts", _("percobaan")), MADE,
    titled("send_after", _("dikirim paling cepat")), titled("sent_at", _("terkirim")),
]  # fmt: skip


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = [TEXT, "kind", MADE, titled("read_at", _("dibaca"))]
    list_filter = ["kind"]
    search_fields = ["text"]
    search_help_text = _("Isi pesan")
    date_hierarchy = "created_at"
    fields = [TEXT, "kind", titled("due_on", _("tanggal")), MADE, titled("read_at", _("dibaca"))]


@admin.register(OutboxMail)
class OutboxMailAdmin(ActingAdmin):
    """Whether mail goes out. Never its text: invitations carry a link that opens somebody's account."""

    is_master_data = True
    readers = frozenset({Role.PKSDM})
    acts = {"retry_chosen": readers}
    actions = ["retry_chosen"]
    list_display = MAIL
    list_filter = ["state", "kind", "failure"]
    search_fields = ["to", "subject"]
    search_help_text = _("Alamat atau judul")
    date_hierarchy = "created_at"
    fields = [*MAIL, "kind", "is_security", "failure", titled("error", _("galat")), "expires_at"]

    @admin.action(description=_("Kirim ulang"))
    def retry_chosen(self, request: HttpRequest, queryset: QuerySet[OutboxMail]) -> None:
        by = user_of(request)
        done = act_on_each(request, queryset, lambda mail: services.retry_mail(mail_id=mail.pk, by=by))
        if done:
            messages.success(request, ngettext("%(n)d e-mail dikirim ulang.", "%(n)d e-mail dikirim ulang.", done) % {"n": done})


@admin.register(EmailBounce)
class EmailBounceAdmin(ReadOnlyAdmin):
    """Addresses that take no mail; the action says that one is right again."""

    is_master_data = True
    readers = frozenset({Role.PKSDM})
    list_display = ["address", "reason", "count", "last_at", "cleared_at"]
    list_filter = [("cleared_at", admin.EmptyFieldListFilter)]
    search_fields = ["address"]
    search_help_text = _("Alamat")
    fields = ["address", "reason", "count", "first_at", "last_at", "cleared_at"]
    actions = ["clear"]

    @admin.action(description=_("Nyatakan alamatnya benar"))
    def clear(self, request: HttpRequest, queryset: QuerySet[EmailBounce]) -> None:
        count = len([services.clear_bounce(bounce_id=pk, by=user_of(request)) for pk in queryset.values_list("pk", flat=True)])
        text = ngettext("%(n)s alamat dinyatakan benar.", "%(n)s alamat dinyatakan benar.", count) % {"n": count}
        self.message_user(request, text, messages.SUCCESS)


class ReminderRuleForm(forms.ModelForm):
    source = forms.ChoiceField(label=_("tentang"))

    class Meta:
        model = ReminderRule
        fields = ["code", "source", "audience", "offset", "kind", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "source" in self.fields:
            self.fields["source"].choices = source_choices(self.instance.source)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        source, audience = data.get("source"), data.get("audience")
        if source and audience and audience not in audiences_of(source):
            self.add_error("audience", _("Hal ini tidak punya penerima seperti itu. Pilih penerima lain."))
        return data


@admin.register(ReminderRule)
class ReminderRuleAdmin(ScopedAdmin):
    """Who is reminded of what, and when. A rule is switched off, not deleted: else the next load of reference data brings it back."""

    is_master_data = True
    form = ReminderRuleForm
    list_display = ["code", "about", "audience", "offset", "kind", "is_active", "ran_on"]
    list_filter = ["source", "audience", "is_active"]
    search_fields = ["code"]
    search_help_text = _("Kode")

    @admin.display(description=_("tentang"), ordering="source")
    def about(self, rule: ReminderRule) -> str:
        return source_label(rule.source)
