from django.urls import path

from participants.views import quality

urlpatterns = [
    path("mutu-data/", quality.quality, name="quality"),
    path("mutu-data/<slug:key>/", quality.quality_list, name="quality_list"),
    path("mutu-data/<slug:key>/unduh/", quality.quality_export, name="quality_export"),
]
