from django.urls import path

from latsar.documents import views

urlpatterns = [
    path("verifikasi/", views.verify_home, name="verify_home"),
    path("verifikasi/<str:token>/", views.verify_document, name="verify_document"),
    # The QR holds the address in capitals, which keeps it small.
    path("VERIFIKASI/<str:token>/", views.verify_document, name="verify_document_scanned"),
]
