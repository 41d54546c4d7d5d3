from django.urls import path

from latsar.reports import views

urlpatterns = [
    path("laporan/", views.report_list, name="report_list"),
    path("laporan/<slug:key>/", views.report_run, name="report_run"),
]
