from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import path, re_path

from latsar.accounts import views
from latsar.accounts.access import before_mfa, public

urlpatterns = [
    path("masuk/", public(account.login), name="account_login"),
    path("masuk/kode/", views.sign_in_code, name="mfa_authenticate"),
    path("masuk/sso/<slug:provider_id>/", views.sso_begin, name="openid_connect_login"),
    path("masuk/sso/<slug:provider_id>/kembali/", public(openid.callback), name="openid_connect_callback"),
    path("keluar/", public(account.logout), name="account_logout"),
    path("akun/tidak-aktif/", public(account.account_inactive), name="account_inactive"),
    path("akun/sandi/lupa/", public(account.password_reset), name="account_reset_password"),
    path("akun/sandi/lupa/terkirim/", public(account.password_reset_done), name="account_reset_password_done"),
    path("akun/sandi/baru/selesai/", public(account.password_reset_from_key_done), name="account_reset_password_from_key_done"),
    re_path(
        r"^akun/sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("akun/sandi/", before_mfa(account.password_change), name="account_change_password"),
    path("akun/pastikan/", before_mfa(account.reauthenticate), name="account_reauthenticate"),
    path("akun/mfa/", before_mfa(mfa.index), name="mfa_index"),
    path("akun/mfa/pastikan/", views.repeat_code, name="mfa_reauthenticate"),
    path("akun/mfa/aktifkan/", before_mfa(totp.activate_totp), name="mfa_activate_totp"),
    path("akun/mfa/matikan/", before_mfa(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("akun/mfa/kode-pemulihan/", before_mfa(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("akun/mfa/kode-pemulihan/baru/", before_mfa(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("akun/mfa/kode-pemulihan/unduh/", before_mfa(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("akun/", views.account, name="account"),
    path("akun/sesi/", views.sign_ins, name="sign_ins"),
    path("akun/sesi/akhiri/", views.sign_in_end, name="sign_in_end"),
    path("akun/sesi/akhiri-lain/", views.sign_ins_end, name="sign_ins_end"),
    path("akun/denyut/", views.session_pulse, name="session_pulse"),
    path("akun/masuk-lagi/", views.signed_in_again, name="signed_in_again"),
    path("akun/peran/", views.switch_role, name="switch_role"),
    path("akun/tampilan/", views.set_theme, name="set_theme"),
]
