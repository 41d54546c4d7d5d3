from django.urls import path, register_converter

from aktualisasi.enums import PaperKind
from aktualisasi.views import author, comparing, guidance, reading, review


class KindConverter:
    regex = "|".join(PaperKind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindConverter, "naskah")

urlpatterns = [
    path("aktualisasi/", reading.aktualisasi_home, name="aktualisasi_home"),
    path("aktualisasi/laporan/naskah/", author.laporan_paper, name="laporan_paper"),
    path("aktualisasi/simpan/", author.rancangan_edit, name="rancangan_edit"),
    path("aktualisasi/<naskah:kind>/unggah/", author.paper_upload, name="paper_upload"),
    path("aktualisasi/<naskah:kind>/susun/", author.paper_compose, name="paper_compose"),
    path("aktualisasi/antrean/", review.review_queue, name="review_queue"),
    path("aktualisasi/<int:rancangan_id>/", reading.rancangan_detail, name="rancangan_detail"),
    path("aktualisasi/naskah/<int:paper_id>/", reading.paper_detail, name="paper_detail"),
    path("aktualisasi/naskah/<int:paper_id>/langkah/", author.paper_move, name="paper_move"),
    path("aktualisasi/naskah/<int:paper_id>/tinjau/", review.paper_review, name="paper_review"),
    path("aktualisasi/naskah/<int:paper_id>/banding/", comparing.paper_compare, name="paper_compare"),
    path("aktualisasi/catatan/<int:note_id>/hapus/", review.review_note_drop, name="review_note_drop"),
    path("aktualisasi/catatan/<int:note_id>/tanggapan/", author.note_reply, name="note_reply"),
    path("aktualisasi/berkas/<int:version_id>/", reading.paper_file, name="paper_file"),
    path("aktualisasi/berkas/<int:version_id>/keadaan/", reading.version_state, name="version_state"),
    path("aktualisasi/berkas/<int:version_id>/halaman/<int:page>/", reading.paper_image, name="paper_image"),
    path("bimbingan/", guidance.mentoring_home, name="mentoring_home"),
    path("bimbingan/<int:assignment_id>/", guidance.mentee_detail, name="mentee_detail"),
]
