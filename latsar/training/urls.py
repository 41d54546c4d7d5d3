from django.urls import path

from latsar.training.views import batches, stages

urlpatterns = [
    path("angkatan/", batches.batch_list, name="batch_list"),
    path("angkatan/buat/", batches.batch_add, name="batch_add"),
    path("angkatan/buat/jadwal/", batches.batch_preview, name="batch_preview"),
    path("angkatan/<int:batch_id>/ubah/", batches.batch_edit, name="batch_edit"),
    path("tahapan/", stages.stage_list, name="stage_list"),
    path("tahapan/tambah/", stages.stage_add, name="stage_add"),
    path("tahapan/<int:stage_id>/", stages.stage_edit, name="stage_edit"),
    path("tahapan/<int:stage_id>/tarik/", stages.stage_withdraw, name="stage_withdraw"),
]
