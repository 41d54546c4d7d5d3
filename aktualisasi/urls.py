from django.urls import path

from aktualisasi.views import author, guidance, reading, review

urlpatterns = [
    path("aktualisasi/", reading.aktualisasi_home, name="aktualisasi_home"),
    path("aktualisasi/simpan/", author.rancangan_edit, name="rancangan_edit"),
    path("aktualisasi/unggah/", author.rancangan_upload, name="rancangan_upload"),
    path("aktualisasi/<int:rancangan_id>/", reading.rancangan_detail, name="rancangan_detail"),
    path("aktualisasi/<int:rancangan_id>/langkah/", author.rancangan_move, name="rancangan_move"),
    path("aktualisasi/<int:rancangan_id>/tinjau/", review.rancangan_review, name="rancangan_review"),
    path("aktualisasi/catatan/<int:note_id>/hapus/", review.review_note_drop, name="review_note_drop"),
    path("aktualisasi/berkas/<int:file_id>/", reading.rancangan_file, name="rancangan_file"),
    path("aktualisasi/berkas/<int:file_id>/halaman/<int:page>/", reading.rancangan_page, name="rancangan_page"),
    path("bimbingan/", guidance.mentoring_home, name="mentoring_home"),
    path("bimbingan/<int:assignment_id>/", guidance.mentee_detail, name="mentee_detail"),
]
