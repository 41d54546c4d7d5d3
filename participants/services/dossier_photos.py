"""Several photos as one document of a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from latsar.accounts.errors import Refused
from latsar.accounts.models import User
from latsar.documents.intake.photos import MAX_PHOTOS, Photo, PhotosRefused, join_photos
from latsar.documents.intake.refusal import UploadRefused
from participants.dossier.documents import DossierDocument
from participants.services.dossier import attach_document, last_day, open_line


class BrokenPhotos(Refused):
    """Some photos cannot be used: `places` are theirs, the first being 1; the messages say why and what to do."""

    def __init__(self, said: Mapping[int, str]) -> None:
        self.places = frozenset(said)
        super().__init__({"file": list(said.values())})


def attach_photos(*, participant_id: int, code: str, photos: Sequence[Photo], by: User, issued_on: date | None = None) -> DossierDocument:
    """Join photos, in this order, into one PDF and keep it as `attach_document` keeps one that was uploaded.

    Nobody's photos are opened before it is clear that `by` may send them. Raises what `attach_document` raises,
    BrokenPhotos when some cannot be used, Refused for more than MAX_PHOTOS.
    """
    _person, requirement = open_line(participant_id=participant_id, code=code, by=by)
    last_day(requirement, issued_on)
    if len(photos) > MAX_PHOTOS:
        text = _("Paling banyak %(limit)d foto untuk satu dokumen. Buang yang tidak perlu, atau pindai dokumennya menjadi PDF.")
        raise Refused({"file": text % {"limit": MAX_PHOTOS}})
    try:
        content = join_photos(photos)
    except PhotosRefused as broken:
        raise BrokenPhotos({place: _named(place, photos[place - 1].name, why) for place, why in broken.faults.items()}) from broken
    except UploadRefused as slow:
        raise Refused({"file": str(slow.message)}) from slow
    name = f"{requirement.name.replace('/', '-')}.pdf"
    return attach_document(participant_id=participant_id, code=code, content=content, name=name, by=by, issued_on=issued_on)


def _named(place: int, name: str, why: UploadRefused) -> str:
    if why.code == "kind":
        text = _("Foto %(place)d, %(name)s: yang digabung hanya foto JPEG atau PNG. Ganti atau buang dari daftar, lalu unggah lagi.")
        return text % {"place": place, "name": name}
    return _("Foto %(place)d, %(name)s: %(why)s") % {"place": place, "name": name, "why": why.message}
