from django.urls import path

from participants.views import imports

urlpatterns = [
    path("peserta/impor/", imports.participant_import, name="participant_import"),
    path("peserta/impor/templat/", imports.participant_import_template, name="participant_import_template"),
    path("peserta/impor/<int:import_id>/", imports.participant_import_preview, name="participant_import_preview"),
    path("peserta/impor/<int:import_id>/simpan/", imports.participant_import_commit, name="participant_import_commit"),
    path("peserta/impor/<int:import_id>/periksa-ulang/", imports.participant_import_recheck, name="participant_import_recheck"),
    path("peserta/impor/<int:import_id>/batal/", imports.participant_import_discard, name="participant_import_discard"),
    path("peserta/impor/<int:import_id>/urungkan/", imports.participant_import_undo, name="participant_import_undo"),
    path("peserta/impor/<int:import_id>/perbaikan/", imports.participant_import_errors, name="participant_import_errors"),
]
