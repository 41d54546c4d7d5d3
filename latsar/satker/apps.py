from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SatkerConfig(AppConfig):
    name = "latsar.satker"
    label = "satker"
    verbose_name = _("Satker")
