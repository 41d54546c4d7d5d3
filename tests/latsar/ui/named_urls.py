"""Every address that the page frames name, so that they can be drawn alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

NAMES = (
    "home",
    "search",
    "notices",
    "account",
    "account_logout",
    "account_login",
    "switch_role",
    "set_theme",
    "verify_home",
    "help",
    "privacy",
    "boom",
)


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path(f"{name}/", answer, name=name) for name in NAMES]
