from django.urls import path

from participants.views import batches, books, graduation, placement, schedule, waves

urlpatterns = [
    path("angkatan/<int:batch_id>/", batches.batch_detail, name="batch_detail"),
    path("angkatan/<int:batch_id>/langkah/", batches.batch_move, name="batch_move"),
    path("angkatan/<int:batch_id>/kemajuan/", batches.batch_progress, name="batch_progress"),
    path("angkatan/<int:batch_id>/kelompok/", batches.batch_groups, name="batch_groups"),
    path("angkatan/<int:batch_id>/daftar/", batches.batch_print, name="batch_print"),
    path("angkatan/<int:batch_id>/daftar.xlsx", batches.batch_roster, name="batch_roster"),
    path("angkatan/<int:batch_id>/penempatan/", placement.batch_place, name="batch_place"),
    path("angkatan/<int:batch_id>/lepas/<int:participant_id>/", placement.batch_release, name="batch_release"),
    path("angkatan/<int:batch_id>/kelulusan/", graduation.batch_graduate, name="batch_graduate"),
    path("angkatan/<int:batch_id>/kelulusan/<int:participant_id>/batal/", graduation.graduation_undo, name="graduation_undo"),
    path("angkatan/<int:batch_id>/jadwal/", schedule.batch_phases, name="batch_phases"),
    path("angkatan/<int:batch_id>/fase/", schedule.batch_phase_list, name="batch_phase_list"),
    path("angkatan/unduh/", books.batch_export, name="batch_export"),
    path("tahapan/unduh/", books.stage_export, name="stage_export"),
    path("gelombang/", waves.wave_list, name="wave_list"),
    path("gelombang/<int:wave_id>/", waves.wave_detail, name="wave_detail"),
    path("gelombang/<int:wave_id>/geser/", waves.wave_shift, name="wave_shift"),
    path("gelombang/<int:wave_id>/salin/", waves.wave_copy, name="wave_copy"),
    path("gelombang/geseran/<int:shift_id>/urungkan/", waves.wave_shift_undo, name="wave_shift_undo"),
]
