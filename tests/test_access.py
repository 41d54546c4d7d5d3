"""Every address, every role, one literal table; and canaries that must never be seen."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from latsar.accounts.models import User
from tests.access_matrix import ADDRESSES, VISITORS
from tests.access_world import World, build_world

WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE)\b(?!.*(django_session|accounts_dataview))", re.IGNORECASE)  # ADR 0016


@pytest.fixture
def world(cast) -> World:
    return build_world(cast)


def names(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            found.append(str(entry.name))
        elif str(entry.pattern) != "admin/":  # the admin has its own matrix in test_admin.py
            found += names(entry, prefix)
    return found


def client_for(user: User | None) -> Client:
    client = Client()
    client.raise_request_exception = False
    if user:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def ask(client: Client, method: str, url: str, form: dict[str, object] | None = None) -> int:
    """Ask inside a savepoint that is rolled back, cookies too, so that one answer never changes the next."""
    cookies = SimpleCookie({key: morsel.value for key, morsel in client.cookies.items()})
    with transaction.atomic():
        response = getattr(client, method)(url, form or {})
        b"".join(response)  # reading to the end closes a file that is served
        status = response.status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


def test_every_address_stands_in_the_matrix():
    assert sorted(set(names(get_resolver()))) == sorted({name for name, *_ in ADDRESSES})


@pytest.mark.timeout(1200)
def test_matrix_roles_get_what_the_table_says(world):
    wrong = []
    clients = {visitor: client_for(world.visitors[visitor]) for visitor in VISITORS}
    for name, kind, method, expected in ADDRESSES:
        url = reverse(name, args=world.a.arguments(kind))
        got = " ".join(str(ask(clients[visitor], method, url, world.a.form(kind))) for visitor in VISITORS)
        if got != expected:
            wrong.append(f'("{name}", "{kind}", "{method}", "{got}"), was {expected}')
    assert wrong == [], "\n".join(wrong)


def test_foreign_texts_never_show_up(world):
    """Walk all addresses as the people of side b: nothing of side a may appear, not even in a search for it."""
    seen = []
    for visitor in ("stranger", "satker_b", "prov_b", "lemb_b", "pes_b", "men_b", "coach_b"):
        client = client_for(world.visitors[visitor])
        for name, kind, method, _expected in ADDRESSES:
            if kind in ("token", "feed"):
                continue  # a public address shows what it is about to everybody who has its 160 bits
            url = reverse(name, args=world.a.arguments(kind) if kind else [])
            with transaction.atomic():
                response = getattr(client, method)(url, {"q": world.a.canary} if kind == "" and method == "get" else world.a.form(kind))
                body = b"".join(response)
                transaction.set_rollback(True)
            shown = re.findall(rb"KENARIA \w+", body)
            if shown:
                seen.append(f"{visitor} {name}: {shown[0].decode()}")
    assert seen == []


def test_own_texts_do_show_up(world):
    """The control of the test above: the same walk finds the canary for somebody who may see it."""
    client = client_for(world.visitors["satker"])
    assert b"KENARIA Nama" in client.get(reverse("participant_list")).content


def test_contact_requests_are_decided_by_nobody_of_another_side(world):
    """The answer leads back to the list for everybody who may decide at all, so only the row tells."""
    for visitor, state in (("satker_b", "waiting"), ("prov_b", "waiting"), ("sibling", "waiting"), ("satker", "accepted")):
        client_for(world.visitors[visitor]).post(reverse("contact_decide"), world.a.form("contact"))
        world.a.contact.refresh_from_db()
        assert (visitor, world.a.contact.state) == (visitor, state)


@pytest.mark.timeout(1200)
def test_reading_never_writes(world):
    wrote = []
    for visitor in ("satker", "prov", "pksdm", "lemb", "pes", "men"):
        client = client_for(world.visitors[visitor])
        for name, kind, method, _expected in ADDRESSES:
            reset_queries()  # the log of a connection ends at 9,000
            if method != "get" or name == "account_reset_password_from_key":  # allauth notes the address that the link proves
                continue
            with transaction.atomic(), CaptureQueriesContext(connection) as queries:
                b"".join(client.get(reverse(name, args=world.a.arguments(kind))))
                transaction.set_rollback(True)
            wrote += [f"{visitor} {name}: {q['sql'][:80]}" for q in queries if WRITES.match(q["sql"])]
    assert wrote == []
