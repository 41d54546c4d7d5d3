"""How fast a batch of certificates is printed and signed, side by side with the obvious way."""

from __future__ import annotations

import gc
import hashlib
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.template.loader import get_template
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from latsar.documents.check import SignatureState, check_pdf
from latsar.documents.render.face import CertificateFace
from latsar.documents.render.fetcher import AssetFetcher
from latsar.documents.render.pdf import stylesheet_text
from latsar.documents.render.qr import qr_png
from latsar.documents.render.samples import sample_face
from latsar.documents.render.stamp import QR_ASSET, CertificatePress, render_certificate, styles_for
from latsar.documents.sign import LocalSigner, load_signer, make_demo_key

TEMPLATE = "documents/certificate/latsar.html"
NAIVE_RUNS = 12


def naive_certificate(face: CertificateFace) -> bytes:
    """Render a certificate as WeasyPrint's first page shows: everything read and parsed anew, not tagged, not signed."""
    styles = "".join(stylesheet_text(name) for name in ("fonts", "base", *styles_for(TEMPLATE)))
    markup = get_template(TEMPLATE).render({"face": face}).replace("</head>", f"<style>{styles}</style></head>")
    fetcher = AssetFetcher({QR_ASSET: qr_png(face.verify_url)})
    pdf: bytes = HTML(string=markup, url_fetcher=fetcher).write_pdf(font_config=FontConfiguration())
    return pdf


def bench_certificates(n: int = 200) -> dict[str, Any]:
    """Measure a batch of `n` pressed and signed certificates against the naive way, interleaved on one core.

    `ratio` is naive seconds per document over ours, ours being the whole batch with its full layouts; each signature is checked
    afterwards. Seconds are CPU seconds, because other work on the machine must not count; wall seconds stand beside them.
    """
    for face in (sample_face(0), sample_face(1)):
        naive_certificate(face)
        render_certificate(TEMPLATE, face)
    with tempfile.TemporaryDirectory() as folder:
        signer = load_signer(make_demo_key(Path(folder) / "bench.pem"))
    press = CertificatePress(TEMPLATE)
    naive: list[tuple[float, float]] = []
    ours: list[tuple[float, float]] = []
    files: list[bytes] = []
    step = max(1, n // NAIVE_RUNS)
    gc.collect()
    for at in range(n):
        face = sample_face(at)
        if at % step == 0 and len(naive) < NAIVE_RUNS:
            naive.append(_time(partial(naive_certificate, face)))
        ours.append(_time(partial(_press_and_sign, press, signer, face, files)))
    verdicts = [check_pdf(pdf, hashlib.sha256(pdf).hexdigest(), trusted=[signer.certificate]) for pdf in files]
    verified = sum(verdict.signature is SignatureState.INTACT and verdict.whole_file and verdict.trusted for verdict in verdicts)
    naive_each = statistics.median(cpu for cpu, _ in naive)
    ours_each = sum(cpu for cpu, _ in ours) / n
    return {
        "bench": "certificates",
        "n": n,
        "ratio": round(naive_each / ours_each, 2),
        "baseline": "WeasyPrint HTML(string).write_pdf(), fresh font configuration and stylesheets, unsigned",
        "naive_seconds_each": _spread([cpu for cpu, _ in naive]),
        "ours_seconds_each": _spread([cpu for cpu, _ in ours]) | {"mean": round(ours_each, 5)},
        "wall": {
            "naive_median": round(statistics.median(wall for _, wall in naive), 5),
            "ours_mean": round(sum(wall for _, wall in ours) / n, 5),
            "ratio": round(statistics.median(wall for _, wall in naive) * n / sum(wall for _, wall in ours), 2),
        },
        "signed": "PAdES, P-256",
        "verified": verified,
        "laid_out": press.laid_out,
        "stamped": press.stamped,
        "kilobytes_each": round(statistics.median(map(len, files)) / 1024, 1),
        "peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _press_and_sign(press: CertificatePress, signer: LocalSigner, face: CertificateFace, files: list[bytes]) -> None:
    files.append(signer.sign(press.press(face)))


def _time(work: Callable[[], Any]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 5),
        "lowest": round(min(values), 5),
        "highest": round(max(values), 5),
    }
