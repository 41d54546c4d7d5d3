"""The addresses of the participants app; each subject keeps its own list."""

from django.urls import URLPattern

from participants.urls import certificates, imports, orientation, people, placement, quality

urlpatterns: list[URLPattern] = [
    *imports.urlpatterns,
    *people.urlpatterns,
    *placement.urlpatterns,
    *certificates.urlpatterns,
    *orientation.urlpatterns,
    *quality.urlpatterns,
]
