from django.urls import path

from participants.views import attendance, table_uploads

urlpatterns = [
    path("kehadiran/", attendance.attendance_home, name="attendance_home"),
    path("hadir/", attendance.own_attendance, name="own_attendance"),
    path("hadir/<int:session_id>/", attendance.check_in_own, name="check_in_own"),
    path("angkatan/<int:batch_id>/kehadiran/", attendance.batch_attendance, name="batch_attendance"),
    path("angkatan/<int:batch_id>/kehadiran.xlsx", attendance.attendance_export, name="attendance_export"),
    path("angkatan/<int:batch_id>/kehadiran/<int:session_id>/", attendance.attendance_sheet, name="attendance_sheet"),
    path("angkatan/<int:batch_id>/kehadiran/<int:session_id>/buka/", attendance.attendance_move, name="attendance_move"),
    path("angkatan/<int:batch_id>/kehadiran/<int:session_id>/kode/", attendance.attendance_code, name="attendance_code"),
    path("angkatan/<int:batch_id>/kehadiran/<int:session_id>/riwayat/", attendance.attendance_history, name="attendance_history"),
    path("angkatan/<int:batch_id>/kehadiran/<int:session_id>/cetak/", attendance.attendance_print, name="attendance_print"),
    path("angkatan/<int:batch_id>/kehadiran/<int:session_id>/impor/", table_uploads.attendance_import, name="attendance_import"),
]
