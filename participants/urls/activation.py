from django.urls import path, re_path

from participants.views import activation

urlpatterns = [
    path("aktivasi/", activation.activate, name="activate"),
    path("aktivasi/sandi/", activation.activate_password, name="activate_password"),
    re_path(r"^aktivasi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", activation.activate_link, name="activate_link"),
]
