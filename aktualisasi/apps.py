from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AktualisasiConfig(AppConfig):
    name = "aktualisasi"
    verbose_name = _("Aktualisasi")
