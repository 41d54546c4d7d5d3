"""Whether a CPNS who is about to be registered may be there already."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from django.db.models import Q

from latsar.accounts.models import User
from participants.models import Participant
from participants.services.registration import TYPED_FIELDS

SHOWN = 3
BORN_THEN = 2_000
"""People born within a day of somebody, in the nation at its fullest; more would keep the page waiting."""
DOUBLE_CLICK = timedelta(minutes=1)
DAY = timedelta(days=1)
ALIKE = 0.88
LOOKED_AT = 60
"""Rows of a file born on one day that are compared letter by letter; more would be no register of people."""
FEW_DAYS = 500
"""Birth dates asked for one by one; more are a range."""

_TITLES = frozenset({"drs", "dra", "dr", "drg", "drh", "ir", "h", "hj", "prof", "ns", "apt", "pdt", "kh", "ust"})
_SPELLINGS = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("ch", "h"), ("th", "t"), ("ph", "f"), ("v", "f"), ("y", "i"), ("q", "k"), ("x", "ks"))
_SAME_WORDS = {"mohamad": "muhamad", "mohamed": "muhamad", "moh": "muhamad", "muh": "muhamad", "mohd": "muhamad", "mohamat": "muhamad"}
_DOUBLED = re.compile(r"([^\W\d_])\1+")
_WORDS = re.compile(r"[^\W_]+")

Name = tuple[str, ...]


def name_words(full_name: str) -> Name:
    """Reduce a name to what two spellings of it share: no titles, no accents, one letter for doubled and old ones."""
    bare = full_name.split(",", maxsplit=1)[0].lower().replace("'", "").replace("’", "")
    if not bare.isascii():
        bare = "".join(letter for letter in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(letter))
    words = _WORDS.findall(bare)
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    return tuple(_spelled(word) for word in words)


@lru_cache(maxsize=4096)  # the words of names come again and again
def _spelled(word: str) -> str:
    for old, new in _SPELLINGS:
        word = word.replace(old, new)
    word = _DOUBLED.sub(r"\1", word)
    return _SAME_WORDS.get(word, word)


def is_same_name(one: Name, other: Name, *, is_same_day: bool) -> bool:
    """Tell whether two reduced names may be one person's; born on the same day a slip or a missing word counts as the same."""
    if one == other:
        return bool(one)
    if not is_same_day or _figures(one) != _figures(other):
        return False
    short, long = sorted((set(one), set(other)), key=len)
    if len(short) > 1 and short <= long:
        return True
    matcher = SequenceMatcher(None, " ".join(one), " ".join(other))
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _figures(name: Name) -> list[str]:
    return [word for word in name if not word.isalpha()]


def similar_people(
    user: User, *, nip: str = "", full_name: str = "", birth_date: date | None = None, known: Participant | None = None
) -> list[Participant]:
    """Return visible people with the same NIP, or a name like this one and its birth date, give or take a day; `known` is the person themselves."""
    people, words, alike = Participant.objects.visible_to(user).exclude(pk=known.pk if known else 0), name_words(full_name), list[int]()
    if birth_date is not None and sum(map(len, words)) > 2:
        near = people.filter(birth_date__range=(birth_date - DAY, birth_date + DAY)).order_by()
        alike = [
            pk
            for pk, name, born in near.values_list("pk", "full_name", "birth_date")[:BORN_THEN]
            if is_same_name(words, name_words(name), is_same_day=born == birth_date)
        ]
    if not nip and not alike:
        return []
    return list(people.filter(Q(pk__in=alike) | Q(nip=nip) if nip else Q(pk__in=alike)).select_related("satker")[:SHOWN])


def twins_of(user: User, asked: Iterable[tuple[str, str, date]]) -> dict[str, tuple[str, str]]:
    """Find for each (NIP, name, birth date) of a file somebody alike under another NIP, as (name, NIP): in the file or among visible people.

    One query, however many are asked; the people born near those days are read once, in a stream.
    """
    by_day: dict[date, list[tuple[str, Name]]] = {}
    exact: dict[tuple[date, Name], list[str]] = {}
    names: dict[str, str] = {}
    found: dict[str, tuple[str, str]] = {}
    for nip, full_name, born in asked:
        words = name_words(full_name)
        by_day.setdefault(born, []).append((nip, words))
        exact.setdefault((born, words), []).append(nip)
        names[nip] = full_name
    for first, *others in exact.values():
        for nip in others:
            found[nip] = (names[first], first)
            found.setdefault(first, (names[nip], nip))
    days = {born + shift for born in by_day for shift in (-DAY, DAY * 0, DAY)}
    if not days:
        return found
    people = Participant.objects.visible_to(user).filter(birth_date__range=(min(days), max(days))).order_by()
    if len(days) <= FEW_DAYS:
        people = people.filter(birth_date__in=days)
    for nip, name, born in people.values_list("nip", "full_name", "birth_date").iterator(chunk_size=5_000):
        if born not in days:
            continue
        words = name_words(name)
        alike = [row for day in (born, born - DAY, born + DAY) for row in exact.get((day, words), ())]
        alike += [row for row, asked_words in by_day.get(born, ())[:LOOKED_AT] if is_same_name(asked_words, words, is_same_day=True)]
        for row in alike:
            if row != nip:
                found[row] = (name, nip)
    return found


def just_registered(user: User, facts: Mapping[str, Any], *, now: datetime) -> Participant | None:
    """Find whom this user registered a moment ago with the very same answers: a form that was sent twice."""
    made = Participant.objects.visible_to(user).filter(nip=facts["nip"], created_by=user.pk, created_at__gte=now - DOUBLE_CLICK)
    person = made.select_related("satker").first()
    is_same = person is not None and all(getattr(person, name) == facts[name] for name in ("satker", *TYPED_FIELDS))
    return person if is_same else None
