from django.urls import path

from participants.views import batches, graduation, placement

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
]
