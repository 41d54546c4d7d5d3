from django.urls import path

from participants.views import orientation, orientation_certificates, orientation_members

urlpatterns = [
    path("orientasi/", orientation.orientation_list, name="orientation_list"),
    path("orientasi/buat/", orientation.orientation_add, name="orientation_add"),
    path("orientasi/<int:programme_id>/", orientation.orientation_detail, name="orientation_detail"),
    path("orientasi/<int:programme_id>/ubah/", orientation.orientation_edit, name="orientation_edit"),
    path("orientasi/<int:programme_id>/jadwal/", orientation.orientation_timetable, name="orientation_timetable"),
    path("orientasi/<int:programme_id>/langkah/", orientation.orientation_move, name="orientation_move"),
    path("orientasi/<int:programme_id>/kalender.ics", orientation.orientation_calendar, name="orientation_calendar"),
    path("orientasi/<int:programme_id>/peserta/", orientation_members.orientation_members, name="orientation_members"),
    path(
        "orientasi/<int:programme_id>/peserta/<int:member_id>/keluarkan/", orientation_members.orientation_remove, name="orientation_remove"
    ),
    path("orientasi/<int:programme_id>/sesi/<int:session_id>/", orientation_members.orientation_attendance, name="orientation_attendance"),
    path("orientasi/<int:programme_id>/sertifikat/", orientation_certificates.orientation_issue, name="orientation_issue"),
    path("orientasi/<int:programme_id>/konsep/<int:member_id>/", orientation_certificates.orientation_draft, name="orientation_draft"),
    path("orientasi/sertifikat/<int:certificate_id>/unduh/", orientation_certificates.orientation_file, name="orientation_file"),
    path("orientasi/sertifikat/<int:certificate_id>/cabut/", orientation_certificates.orientation_revoke, name="orientation_revoke"),
]
