"""The addresses of the participants app; each subject keeps its own list."""

from django.urls import URLPattern

from participants.urls import (
    activation,
    attendance,
    certificates,
    contacts,
    dossier,
    duties,
    imports,
    orientation,
    people,
    phases,
    placement,
    places,
    planning,
    quality,
    scores,
    timetable,
)

urlpatterns: list[URLPattern] = [
    *activation.urlpatterns,
    *contacts.urlpatterns,
    *imports.urlpatterns,
    *dossier.urlpatterns,
    *people.urlpatterns,
    *placement.urlpatterns,
    *places.urlpatterns,
    *planning.urlpatterns,
    *certificates.urlpatterns,
    *orientation.urlpatterns,
    *quality.urlpatterns,
    *scores.urlpatterns,
    *timetable.urlpatterns,
    *attendance.urlpatterns,
    *phases.urlpatterns,
    *duties.urlpatterns,
]
