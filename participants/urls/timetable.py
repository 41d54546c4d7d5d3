from django.urls import path

from participants.views import table_uploads, timetable

urlpatterns = [
    path("angkatan/<int:batch_id>/acara/", timetable.timetable, name="timetable"),
    path("angkatan/<int:batch_id>/acara.xlsx", timetable.timetable_export, name="timetable_export"),
    path("angkatan/<int:batch_id>/acara/tambah/", timetable.session_add, name="session_add"),
    path("angkatan/<int:batch_id>/acara/susun/", timetable.timetable_generate, name="timetable_generate"),
    path("angkatan/<int:batch_id>/acara/salin/", timetable.timetable_copy, name="timetable_copy"),
    path("angkatan/<int:batch_id>/acara/impor/", table_uploads.timetable_import, name="timetable_import"),
    path("angkatan/<int:batch_id>/acara/<int:session_id>/", timetable.session_edit, name="session_edit"),
    path("angkatan/<int:batch_id>/acara/<int:session_id>/hapus/", timetable.session_remove, name="session_remove"),
    path("angkatan/<int:batch_id>/pengajar/", timetable.lecturers, name="lecturers"),
    path("angkatan/<int:batch_id>/unggahan/<int:upload_id>/", table_uploads.table_upload, name="table_upload"),
    path("angkatan/<int:batch_id>/unggahan/<int:upload_id>/salah.xlsx", table_uploads.table_upload_errors, name="table_upload_errors"),
]
