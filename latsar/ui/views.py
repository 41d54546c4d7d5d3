from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .gallery import samples


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component once, drawn by the real tags; mounted in development only."""
    return render(request, "ui/gallery.html", samples())
