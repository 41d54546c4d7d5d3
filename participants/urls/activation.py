from django.urls import path, re_path

from participants.views import activation, invitations

urlpatterns = [
    path("peserta/undangan/", invitations.invitation_state, name="invitation_state"),
    path("peserta/undangan/unduh/", invitations.invitation_export, name="invitation_export"),
    path("aktivasi/", activation.activate, name="activate"),
    path("aktivasi/sandi/", activation.activate_password, name="activate_password"),
    re_path(r"^aktivasi/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", activation.activate_link, name="activate_link"),
]
