"""What a registrar can send a person by WhatsApp now, with the words ready; never a link that signs somebody in."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts.models import User
from latsar.dashboard.registry import Card
from latsar.notices import whatsapp
from latsar.ui import words
from participants import policies
from participants.enums import Stage
from participants.invitation_face import invite_state
from participants.invitation_states import InviteState
from participants.models import Participant


def reach_card(user: User, person: Participant) -> Card | None:
    """Offer the messages that fit the person's state, to who registers people; nothing when there is none."""
    if not policies.is_registrar(user, person) or person.user_id == user.pk:
        return None
    offers = [(label, whatsapp.link(person.phone, f"{_greeting(person)} {text}")) for label, text in _messages(person)]
    if not offers:
        return None
    if not whatsapp.international(person.phone):
        text = _("Nomor HP belum diisi atau tidak dapat dipakai.") if not person.phone else _("Nomor HP tidak dapat dipakai.")
        return Card(_("Kirim lewat WhatsApp"), [(_("Nomor HP"), text, "")], order=60)
    return Card(_("Kirim lewat WhatsApp"), [(label, _("Buka WhatsApp, teks sudah siap"), url) for label, url in offers], order=60)


def _greeting(person: Participant) -> str:
    return _("Yth. %(name)s, dari %(satker)s.") % {"name": person.full_name, "satker": person.satker}


def _messages(person: Participant) -> list[tuple[str, str]]:
    portal = settings.PUBLIC_URL
    found = []
    state = invite_state(person, timezone.now())
    if state == InviteState.SLIP:
        text = _(
            "Slip aktivasi akun portal Latsar Anda sudah dicetak, ambil di kantor. Buka %(address)s, lalu ketik NIP dan kode di slip itu."
        )
        found.append((_("Aktifkan akun"), text % {"address": f"{portal.rstrip('/')}{reverse('activate')}"}))
    if state in (InviteState.QUEUED, InviteState.SENT):
        text = _("Undangan portal Latsar sudah dikirim ke %(email)s. Buka e-mail itu dan buat kata sandi. Tidak ada? Kabari kami.")
        found.append((_("Aktifkan akun"), text % {"email": person.email}))
    if person.stage == Stage.RETURNED:
        text = _("Berkas Latsar Anda dikembalikan: %(note)s Mohon kirim perbaikannya kepada kami.")
        found.append((_("Lengkapi berkas"), text % {"note": person.return_note}))
    if person.stage == Stage.PLACED and person.batch is not None:
        text = _("Anda ditempatkan di %(batch)s, mulai %(day)s. Jadwal lengkap ada di %(portal)s.")
        facts = {"batch": person.batch, "day": words.long_date_with_weekday(person.batch.starts_on), "portal": portal}
        found.append((_("Kabarkan jadwal"), text % facts))
    if person.stage == Stage.TRAINING:
        text = _("Jangan lupa mengunggah rancangan aktualisasi sebelum seminar, di %(portal)s.")
        found.append((_("Ingatkan mengunggah"), text % {"portal": portal}))
    return found
