from django.urls import path

from latsar.dashboard import views

urlpatterns = [
    path("", views.home, name="home"),
    path("cari/", views.search, name="search"),
    path("dasbor/", views.national_dashboard, name="national_dashboard"),
    path("dasbor/<str:code>/", views.dashboard_province, name="dashboard_province"),
    path("bantuan/", views.help_page, name="help"),
    path("pelindungan-data/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
