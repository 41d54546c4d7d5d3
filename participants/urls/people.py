from django.urls import path

from participants.views import movements, people, person, registration, verification

urlpatterns = [
    path("peserta/", people.participant_list, name="participant_list"),
    path("peserta/unduh/", people.participant_export, name="participant_export"),
    path("peserta/saringan/", people.filter_save, name="filter_save"),
    path("peserta/kolom/", people.columns_choose, name="columns_choose"),
    path("peserta/sekaligus/", people.participant_bulk, name="participant_bulk"),
    path("peserta/sekaligus/hasil/", people.participant_bulk_done, name="participant_bulk_done"),
    path("peserta/tambah/", registration.participant_add, name="participant_add"),
    path("peserta/draf/", registration.participant_draft, name="participant_draft"),
    path("peserta/nip/", registration.nip_check, name="nip_check"),
    path("saya/", person.own_page, name="own_page"),
    path("peserta/<int:participant_id>/", person.participant_detail, name="participant_detail"),
    path("peserta/<int:participant_id>/riwayat/", person.participant_history, name="participant_history"),
    path("peserta/<int:participant_id>/akses/", person.participant_views, name="participant_views"),
    path("peserta/<int:participant_id>/ubah/", registration.participant_edit, name="participant_edit"),
    path("peserta/<int:participant_id>/langkah/", person.participant_move, name="participant_move"),
    path("peserta/<int:participant_id>/undang/", person.participant_invite, name="participant_invite"),
    path("peserta/<int:participant_id>/akun/hubungkan/", person.participant_link, name="participant_link"),
    path("peserta/<int:participant_id>/slip/", person.participant_slip, name="participant_slip"),
    path("peserta/<int:participant_id>/slip/matikan/", person.participant_slip_void, name="participant_slip_void"),
    path("peserta/<int:participant_id>/perubahan/", movements.participant_movements, name="participant_movements"),
    path("peserta/<int:participant_id>/perubahan/catat/", movements.movement_add, name="movement_add"),
    path("perubahan/", movements.movement_list, name="movement_list"),
    path("perubahan/<int:movement_id>/", movements.movement_detail, name="movement_detail"),
    path("perubahan/<int:movement_id>/putusan/", movements.movement_decide, name="movement_decide"),
    path("perubahan/<int:movement_id>/tarik/", movements.movement_cancel, name="movement_cancel"),
    path("perubahan/<int:movement_id>/bukti/", movements.movement_evidence, name="movement_evidence"),
    path("verifikasi-berkas/", verification.verification_queue, name="verification_queue"),
]
