from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components, words and charts: what every page is drawn with."""

    name = "latsar.ui"
    label = "ui"
