from django.urls import path

from latsar.dashboard import views

urlpatterns = [
    path("", views.home, name="home"),
    path("cari/", views.search, name="search"),
    path("dasbor/", views.national_dashboard, name="national_dashboard"),
    path("dasbor/<str:code>/", views.dashboard_province, name="dashboard_province"),
    path("jejak/", views.trail, name="trail"),
    path("jejak/unduh/", views.trail_export, name="trail_export"),
    path("jejak/<slug:kind>/<int:object_id>/", views.trail_object, name="trail_object"),
    path("bantuan/", views.help_page, name="help"),
    path("pelindungan-data/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
