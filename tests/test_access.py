"""Every address, every role, one literal table; and canaries that must never be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
READERS = tuple(visitor for visitor in VISITORS if visitor != "anon")
OTHER_SIDE = ("stranger", "satker_b", "prov_b", "lemb_b", "pes_b", "men_b", "coach_b")


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


@dataclass
class Answer:
    """What one visitor got: the status, the rows it wrote, and the texts of side a that stood in it."""

    status: int
    writes: list[str]
    canaries: list[bytes]


def ask(client: Client, method: str, url: str, form: dict[str, object]) -> Answer:
    """Ask inside a savepoint that is rolled back, cookies too, so that one answer never changes the next."""
    cookies = SimpleCookie({key: morsel.value for key, morsel in client.cookies.items()})
    reset_queries()  # the log of a connection ends at 9,000
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(url, form)
        body = b"".join(response)  # reading to the end closes a file that is served
        transaction.set_rollback(True)
    client.cookies = cookies
    writes = [query["sql"][:80] for query in queries if WRITES.match(query["sql"])]
    return Answer(response.status_code, writes, re.findall(rb"KENARIA \w+", body))


def test_every_address_stands_in_the_matrix():
    assert sorted(set(names(get_resolver()))) == sorted({name for name, *_ in ADDRESSES})


@pytest.mark.timeout(1200)
def test_every_address_answers_every_visitor_as_the_table_says(world):
    """Reading writes nothing, and nothing of side a shows up for the people of side b, not even in a search for it."""
    wrong, wrote, shown = [], [], []
    clients = {visitor: client_for(world.visitors[visitor]) for visitor in VISITORS}
    for name, kind, method, expected in ADDRESSES:
        url = reverse(name, args=world.a.arguments(kind))
        form = {"q": world.a.canary} if kind == "" and method == "get" else world.a.form(kind)
        answers = {visitor: ask(clients[visitor], method, url, form) for visitor in VISITORS}
        got = " ".join(str(answer.status) for answer in answers.values())
        if got != expected:
            wrong.append(f'("{name}", "{kind}", "{method}", "{got}"), was {expected}')
        if method == "get" and name != "account_reset_password_from_key":  # allauth notes the address that the link proves
            wrote += [f"{visitor} {name}: {sql}" for visitor in READERS for sql in answers[visitor].writes]
        if kind not in ("token", "feed"):  # a public address shows what it is about to everybody who has its 160 bits
            shown += [f"{visitor} {name}: {answers[visitor].canaries}" for visitor in OTHER_SIDE if answers[visitor].canaries]
    assert (wrong, wrote, shown) == ([], [], []), "\n".join([*wrong, *wrote, *shown])


def test_side_a_reads_its_own_texts_and_decides_alone(world):
    """The control of the test above: the same walk finds the canary for somebody who may see it.

    The answer to a contact request leads back to the list for everybody who may decide at all, so only the row tells.
    """
    assert b"KENARIA Nama" in client_for(world.visitors["satker"]).get(reverse("participant_list")).content
    for visitor, state in (("satker_b", "waiting"), ("prov_b", "waiting"), ("sibling", "waiting"), ("satker", "accepted")):
        client_for(world.visitors[visitor]).post(reverse("contact_decide"), world.a.form("contact"))
        world.a.contact.refresh_from_db()
        assert (visitor, world.a.contact.state) == (visitor, state)
