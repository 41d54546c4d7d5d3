"""Rules that matter are said by a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("latsar", "participants", "mentoring", "aktualisasi")
LONGEST = 500
CSS_BYTES = 32 * 1024


def sources(*, tests: bool = False) -> list[Path]:
    folders = (*PACKAGES, "tests") if tests else PACKAGES
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]


def templates() -> list[Path]:
    return [path for path in (ROOT / "templates").rglob("*") if path.is_file()]


def test_files_stay_below_the_wall():
    own = [*sources(tests=True), *templates(), *(ROOT / "static" / "js").glob("*.js"), *(ROOT / "static" / "css").glob("*.css")]
    assert [str(p.relative_to(ROOT)) for p in own if len(p.read_text().splitlines()) > LONGEST] == []


def test_own_css_stays_light():
    assert sum(p.stat().st_size for p in (ROOT / "static" / "css").glob("*.css") if p.name != "admin.css") <= CSS_BYTES


def _is_edge(path: Path) -> bool:
    return path.stem in {"views", "admin", "tasks"} or "views" in path.parts or "admin" in path.parts


BARE = re.compile(r"\b[A-Z]\w+\.objects\.(?!visible_to\b)(\w+)")


def test_views_admin_and_tasks_start_from_visible_to():
    found = [f"{p.relative_to(ROOT)}: {m.group(0)}" for p in sources() if _is_edge(p) for m in BARE.finditer(p.read_text())]
    assert found == []


def test_services_and_policies_know_no_http():
    layers = {"services", "policies", "workflow", "models"}
    mine = [p for p in sources() if p.stem in layers or layers & set(p.parts)]
    found = [
        str(p.relative_to(ROOT))
        for p in mine
        if re.search(r"^from django\.(http|shortcuts)|HttpRequest|HttpResponse", p.read_text(), re.MULTILINE)
    ]
    assert found == ["latsar/accounts/models.py"]  # AuthedRequest: the type of a request with our user


def test_no_signal_receivers():
    pattern = re.compile(r"@receiver|\b(post|pre)_(save|delete|init)\b|m2m_changed")
    assert [str(p.relative_to(ROOT)) for p in sources() if pattern.search(p.read_text())] == []


def test_no_drawer_modules():
    assert [str(p.relative_to(ROOT)) for p in sources() if p.stem in {"utils", "helpers", "common", "misc"}] == []


def test_no_unused_template():
    text = "\n".join(p.read_text() for p in [*sources(), *templates()] if p.suffix in {".py", ".html", ".txt"})
    by_convention = re.compile(r"^(account|mfa|admin)/|^(400|403|403_csrf|404|429|500)\.html$")
    names = [str(p.relative_to(ROOT / "templates")) for p in templates()]
    unused = [
        n for n in names if not by_convention.match(n) and n not in text and n.removesuffix(".subject.txt").removesuffix(".txt") not in text
    ]
    assert [n for n in unused if not _is_half_of_a_mail(n, text)] == []


def _is_half_of_a_mail(name: str, text: str) -> bool:
    """A mail is named without its endings: `<app>/email/<event>` is the subject, the plain text and the HTML."""
    return "/email/" in name and f'"{name.removesuffix(".html")}"' in text


def test_templates_hold_no_inline_style_or_script():
    pattern = re.compile(r'\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)|javascript:')
    web = [p for p in templates() if p.suffix == ".html" and "documents" not in p.parts and "email" not in p.parts]
    assert [str(p.relative_to(ROOT)) for p in web if pattern.search(p.read_text())] == []


INCLUDED = re.compile(r'{% include "([^"]+)"')


def _with_pieces(path: Path) -> str:
    text = path.read_text()
    return text + "".join(_with_pieces(ROOT / "templates" / name) for name in INCLUDED.findall(text))


def test_pages_load_htmx_when_they_use_it_and_only_then():
    pages = {p: _with_pieces(p) for p in templates() if '{% extends "base.html" %}' in p.read_text()}
    uses = {str(p) for p, text in pages.items() if re.search(r"\bhx[-_]", text)}
    loads = {str(p) for p, text in pages.items() if "htmx.min.js" in text}
    assert uses
    assert uses == loads


def test_what_a_page_asks_by_itself_keeps_no_session_alive():
    asking = re.compile(r'<[^>]*hx-trigger="[^"]*\bevery\b[^>]*>')
    asks = [(str(p.relative_to(ROOT)), m.group(0)) for p in templates() for m in asking.finditer(p.read_text())]
    assert asks
    assert [name for name, tag in asks if "X-Unattended" not in tag] == []


def test_public_verbs_have_docstrings():
    layers = {"services", "policies", "documents", "reports"}
    missing = []
    for path in sources():
        if path.stem not in layers and "services" not in path.parts:
            continue
        verbs = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
        missing += [f"{path.relative_to(ROOT)}: {node.name}" for node in verbs if not ast.get_docstring(node) and path.stem != "policies"]
    assert missing == []


@pytest.mark.django_db
def test_no_missing_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_env_example_covers_the_settings():
    read = set()
    for path in (ROOT / "latsar" / "settings").glob("*.py"):
        read |= set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', path.read_text()))
    example = set(re.findall(r"^#?\s*([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert sorted(read - example - {"TEST_EMAIL_BACKEND"}) == []


def test_every_text_has_its_english():
    catalog = polib.pofile(str(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    assert [e.msgid for e in catalog if not e.obsolete and (e.fuzzy or not e.translated())] == []


def test_compiled_texts_are_current():
    folder = ROOT / "locale" / "en" / "LC_MESSAGES"
    source = {
        (e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural
        for e in polib.pofile(str(folder / "django.po"))
        if e.translated() and not e.obsolete
    }
    built = {(e.msgctxt, e.msgid): e.msgstr or e.msgstr_plural for e in polib.mofile(str(folder / "django.mo")) if e.msgid}
    assert {key for key in source if built.get(key) != source[key]} == set()


def test_project_speaks_of_itself_alone():
    pattern = re.compile(re.escape(f"{ROOT}/") + r"|\bTODO\b|\bFIXME\b|(?i:coming soon|segera hadir|lorem ipsum)")
    skip = {Path(__file__)}
    found = [
        str(p.relative_to(ROOT))
        for p in [*sources(tests=True), *templates(), *(ROOT / "docs").rglob("*.md")]
        if p not in skip and pattern.search(p.read_text())
    ]
    assert found == []
