from django.urls import path

from participants.views import people, person, registration, verification

urlpatterns = [
    path("peserta/", people.participant_list, name="participant_list"),
    path("peserta/unduh/", people.participant_export, name="participant_export"),
    path("peserta/sekaligus/", people.participant_bulk, name="participant_bulk"),
    path("peserta/tambah/", registration.participant_add, name="participant_add"),
    path("peserta/draf/", registration.participant_draft, name="participant_draft"),
    path("peserta/nip/", registration.nip_check, name="nip_check"),
    path("peserta/<int:participant_id>/", person.participant_detail, name="participant_detail"),
    path("peserta/<int:participant_id>/riwayat/", person.participant_history, name="participant_history"),
    path("peserta/<int:participant_id>/akses/", person.participant_views, name="participant_views"),
    path("peserta/<int:participant_id>/ubah/", registration.participant_edit, name="participant_edit"),
    path("peserta/<int:participant_id>/langkah/", person.participant_move, name="participant_move"),
    path("peserta/<int:participant_id>/undang/", person.participant_invite, name="participant_invite"),
    path("verifikasi-berkas/", verification.verification_queue, name="verification_queue"),
]
