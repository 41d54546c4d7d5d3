from django.urls import path

from latsar.documents import views
from latsar.documents.upload import views as upload

urlpatterns = [
    path("unggahan/", upload.upload_start, name="upload_start"),
    path("unggahan/<str:token>/", upload.upload_part, name="upload_part"),
    path("verifikasi/", views.verify_home, name="verify_home"),
    path("verifikasi/<str:token>/", views.verify_document, name="verify_document"),
    # The QR holds the address in capitals, which keeps it small.
    path("VERIFIKASI/<str:token>/", views.verify_document, name="verify_document_scanned"),
]
