from django.urls import path

from participants.views import institutes

urlpatterns = [
    path("lembaga/unduh/", institutes.institute_export, name="institute_export"),
]
