from django.urls import path

from latsar.training.views import batches

urlpatterns = [
    path("angkatan/", batches.batch_list, name="batch_list"),
    path("angkatan/buat/", batches.batch_add, name="batch_add"),
    path("angkatan/buat/jadwal/", batches.batch_preview, name="batch_preview"),
    path("angkatan/<int:batch_id>/ubah/", batches.batch_edit, name="batch_edit"),
    path("angkatan/<int:batch_id>/jadwal/", batches.batch_phases, name="batch_phases"),
]
