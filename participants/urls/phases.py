from django.urls import path

from participants.views import calendars, phases, table_uploads

urlpatterns = [
    path("angkatan/<int:batch_id>/fase/<int:phase_id>/", phases.phase_board, name="phase_board"),
    path("angkatan/<int:batch_id>/fase/<int:phase_id>.xlsx", phases.phase_export, name="phase_export"),
    path("angkatan/<int:batch_id>/fase/<int:phase_id>/impor/", table_uploads.phase_import, name="phase_import"),
    path("angkatan/<int:batch_id>/fase/<int:phase_id>/pktbt/<int:participant_id>/", phases.pktbt_person, name="pktbt_person"),
    path("pktbt/<int:activity_id>/bukti/", phases.pktbt_evidence, name="pktbt_evidence"),
    path("kalender/", calendars.calendar_page, name="calendar_page"),
    path("kalender/<slug:token>.ics", calendars.calendar_feed, name="calendar_feed"),
]
