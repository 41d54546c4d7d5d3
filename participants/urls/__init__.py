"""The addresses of the participants app; each subject keeps its own list."""

from django.urls import URLPattern

from participants.urls import activation, certificates, contacts, dossier, duties, imports, orientation, people, placement, quality, scores

urlpatterns: list[URLPattern] = [
    *activation.urlpatterns,
    *contacts.urlpatterns,
    *imports.urlpatterns,
    *dossier.urlpatterns,
    *people.urlpatterns,
    *placement.urlpatterns,
    *certificates.urlpatterns,
    *orientation.urlpatterns,
    *quality.urlpatterns,
    *scores.urlpatterns,
    *duties.urlpatterns,
]
