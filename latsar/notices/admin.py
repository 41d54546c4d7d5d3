from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from latsar.accounts.enums import Role
from latsar.adminsite.columns import titled
from latsar.adminsite.scoped import ReadOnlyAdmin
from latsar.notices.models import Notice, OutboxMail

TEXT, MADE = titled("text", _("pesan")), titled("created_at", _("dibuat"))
MAIL = [
    titled("subject", _("judul")), titled("to", _("kepada")), titled("state", _("keadaan")), titled("attempts", _("percobaan")), MADE,
    titled("sent_at", _("terkirim")),
]  # fmt: skip


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = [TEXT, MADE, titled("read_at", _("dibaca"))]
    search_fields = ["text"]
    search_help_text = _("Isi pesan")
    date_hierarchy = "created_at"
    fields = [TEXT, MADE, titled("read_at", _("dibaca"))]


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnlyAdmin):
    """Whether mail goes out. Never its text: invitations carry a link that opens somebody's account."""

    is_master_data = True
    readers = frozenset({Role.PKSDM})
    list_display = MAIL
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    search_help_text = _("Alamat atau judul")
    date_hierarchy = "created_at"
    fields = [*MAIL, titled("error", _("galat"))]
