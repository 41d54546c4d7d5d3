from django.urls import path

from participants.views import contacts

urlpatterns = [
    path("akun/kontak/", contacts.contact_edit, name="contact_edit"),
    path("akun/kontak/kode/", contacts.contact_confirm, name="contact_confirm"),
    path("akun/kontak/batal/", contacts.contact_cancel, name="contact_cancel"),
    path("peserta/kontak/", contacts.contact_requests, name="contact_requests"),
    path("peserta/kontak/putusan/", contacts.contact_decide, name="contact_decide"),
]
