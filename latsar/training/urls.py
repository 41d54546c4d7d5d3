from django.urls import path

from latsar.training import views

urlpatterns = [
    path("angkatan/", views.batch_list, name="batch_list"),
    path("angkatan/buat/", views.batch_add, name="batch_add"),
    path("angkatan/buat/jadwal/", views.batch_preview, name="batch_preview"),
    path("angkatan/<int:batch_id>/ubah/", views.batch_edit, name="batch_edit"),
    path("angkatan/<int:batch_id>/jadwal/", views.batch_phases, name="batch_phases"),
]
