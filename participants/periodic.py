from __future__ import annotations

from celery import shared_task

from participants import drafts
from participants.services import closing, dossier_zip, imports, table_uploads


@shared_task(name="participants.discard_stale_previews")
def discard_stale_previews() -> int:
    """Drop previews that nobody decided on, with the personal data in their rows; end imports whose job ended first; forget old typing."""
    closing.settle_stopped()
    drafts.forget_old()
    table_uploads.forget_old()
    return imports.discard_stale_previews()


@shared_task(name="participants.discard_stale_zips")
def discard_stale_zips() -> int:
    """Drop ZIPs of documents a week after they came, with the bytes in them."""
    return dossier_zip.discard_stale_zips()
