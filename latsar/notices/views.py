from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from latsar.accounts.access import allow, signed_in
from latsar.accounts.errors import Refused
from latsar.accounts.models import AuthedRequest
from latsar.notices import services, tables
from latsar.notices.forms import MailSettingsForm, NoticeFilterForm, OutboxFilterForm, preview
from latsar.notices.models import Notice, OutboxMail
from latsar.notices.policies import OUTBOX_READERS
from latsar.notices.services.telling import reachable
from latsar.notices.wishes import wishes_of
from latsar.ui import words
from latsar.ui.numbers import whole_number

PER_PAGE = 30
MAILS_PER_PAGE = 50


@signed_in
@require_GET
def notices(request: AuthedRequest) -> HttpResponse:
    form = NoticeFilterForm(request.GET)
    mine, asked = Notice.objects.visible_to(request.user), form.asked()
    rows = mine.filter(kind=asked["jenis"]) if asked["jenis"] else mine
    page = Paginator(rows.unread() if asked["baca"] else rows, PER_PAGE).get_page(request.GET.get("halaman"))
    undo = _moment(request.GET.get("urung", ""))
    context = {
        "page": page,
        "days": tables.by_day(page.object_list, timezone.now()),
        "unread": mine.unread().count(),
        "form": form,
        "asked": asked,
        "undo": undo.isoformat() if undo and mine.filter(read_at=undo).exists() else "",
    }
    return render(request, "notices/notice_list.html", context)


@signed_in
@require_POST
def notices_read(request: AuthedRequest) -> HttpResponse:
    """Mark one notice as read and go where it leads, mark all of them, or take that back."""
    if undo := _moment(request.POST.get("urung", "")):
        count = services.unread_again(moment=undo, by=request.user)
        text = ngettext("%(n)s pemberitahuan belum dibaca lagi.", "%(n)s pemberitahuan belum dibaca lagi.", count)
        messages.success(request, text % {"n": words.thousands(count)}, extra_tags="toast")
        return redirect("notices")
    if "id" not in request.POST:
        moment = services.read_all(by=request.user)
        return redirect(reverse("notices") + (f"?{urlencode({'urung': moment.isoformat()})}" if moment else ""))
    chosen = request.POST["id"]
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=whole_number(chosen) or 0)
    services.read_notice(notice_id=notice.pk, by=request.user)
    if "tetap" not in request.POST and notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect(notice.url)
    return redirect("notices")


@signed_in
@require_http_methods(["GET", "POST"])
def notice_settings(request: AuthedRequest) -> HttpResponse:
    wishes = wishes_of(request.user)
    form = MailSettingsForm(request.POST or None, roles=request.user.scope.roles, wishes=wishes)
    if request.method == "POST" and form.is_valid():
        services.save_mail_settings(by=request.user, **form.settings())
        messages.success(request, _("Pengaturan pemberitahuan tersimpan."), extra_tags="toast")
        return redirect("notice_settings")
    context = {
        "form": form,
        "lines": preview(wishes, timezone.now()),
        "is_bouncing": not reachable([request.user]) and bool(request.user.email),
    }
    return render(request, "notices/settings.html", context)


@allow(*OUTBOX_READERS)
@require_GET
def outbox(request: AuthedRequest) -> HttpResponse:
    form, now = OutboxFilterForm(request.GET), timezone.now()
    asked = form.asked()
    rows = tables.filtered(OutboxMail.objects.visible_to(request.user), asked, now).select_related("user").defer("body", "html")
    page = Paginator(rows, MAILS_PER_PAGE).get_page(request.GET.get("halaman"))
    context = {
        "form": form,
        "page": page,
        "rows": tables.mail_rows(page.object_list, request.user, now),
        "figures": tables.mail_figures(request.user, asked["keadaan"], now),
        "is_filtered": any(asked.values()),
        "is_failed_list": asked["keadaan"] == "gagal",
        "bounces": tables.bounce_count(request.user),
    }
    return render(request, "notices/outbox.html", context)


@allow(*OUTBOX_READERS)
@require_POST
def outbox_retry(request: AuthedRequest) -> HttpResponse:
    """Send one mail again, or all that failed."""
    chosen = request.POST.get("id", "")
    try:
        count = _retry_one(request, chosen) if chosen else services.retry_failed(by=request.user)
    except Refused as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect("outbox")
    text = ngettext("%(n)s e-mail dikirim ulang.", "%(n)s e-mail dikirim ulang.", count) % {"n": words.thousands(count)}
    messages.success(request, text if count else _("Tidak ada e-mail gagal yang masih berguna untuk dikirim."), extra_tags="toast")
    return redirect("outbox")


def _retry_one(request: AuthedRequest, chosen: str) -> int:
    mail = get_object_or_404(OutboxMail.objects.visible_to(request.user), pk=whole_number(chosen) or 0)
    services.retry_mail(mail_id=mail.pk, by=request.user)
    return 1


def _moment(text: str) -> datetime | None:
    """Read the moment of a "mark all" from the address; nothing else counts."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
