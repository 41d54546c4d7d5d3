from django.urls import path

from participants.views import institutes, seat_letter

urlpatterns = [
    path("lembaga/unduh/", institutes.institute_export, name="institute_export"),
    path("kursi/<int:request_id>/surat.pdf", seat_letter.seat_request_letter, name="seat_request_letter"),
]
