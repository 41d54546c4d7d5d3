from django.urls import path

from participants.views import duties, duty_letters

urlpatterns = [
    path("surat-tugas/", duty_letters.duty_letter_list, name="duty_letter_list"),
    path("surat-tugas/buat/", duty_letters.duty_letter_add, name="duty_letter_add"),
    path("surat-tugas/cetak/", duty_letters.duty_letter_print, name="duty_letter_print"),
    path("surat-tugas/<int:letter_id>/", duty_letters.duty_letter, name="duty_letter"),
    path("surat-tugas/<int:letter_id>/unduh/", duty_letters.duty_letter_pdf, name="duty_letter_pdf"),
    path("surat-tugas/<int:letter_id>/pindaian/", duty_letters.duty_letter_scan, name="duty_letter_scan"),
    path("surat-tugas/<int:letter_id>/batal/", duty_letters.duty_letter_void, name="duty_letter_void"),
    path("surat-tugas/<int:letter_id>/ganti/", duty_letters.duty_letter_replace, name="duty_letter_replace"),
    path("peserta/<int:participant_id>/tugas/", duties.duty_list, name="duty_list"),
    path("tugas-kedinasan/", duties.duty_clash_list, name="duty_clash_list"),
    path("tugas-kedinasan/<int:duty_id>/tarik/", duties.duty_withdraw, name="duty_withdraw"),
]
