"""The addresses of the participants app; each subject keeps its own list."""

from django.urls import URLPattern

from participants.urls import (
    activation,
    attendance,
    certificates,
    contacts,
    dossier,
    imports,
    orientation,
    people,
    phases,
    placement,
    quality,
    timetable,
)

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
    *timetable.urlpatterns,
    *attendance.urlpatterns,
    *phases.urlpatterns,
]
