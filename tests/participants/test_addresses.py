from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from participants.addresses import is_email


def takes(text: str) -> bool:
    """Ask Django's validator."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


near = st.text(alphabet="abz09._-+@ \n\u0131\u00e9", max_size=40)


@given(st.one_of(near, st.emails(), st.builds("{}@{}".format, near, near), st.text(max_size=30)))
@example("a@b.id\n")
@example("a.@contoh.id")
@example(".a@contoh.id")
@example("a@contoh..id")
@example("a@-contoh.id")
@example("a@contoh.i")
@example(f"{'a' * 64}@contoh.id")
@example(f"a@{'b' * 63}.id")
@example(f"a@{'b' * 64}.id")
@example(f"a@b.{'c' * 63}")
@example(f"a@b.{'c' * 64}")
@example(f"a@{'b.' * 160}id")
def test_is_email_is_what_the_validator_takes(text: str) -> None:
    assert is_email(text) == takes(text)


@pytest.mark.parametrize("text", ["nama@contoh.go.id", "nama.kedua_3@contoh-satu.go.id", "Nama+1@Contoh.ID"])
def test_is_email_ordinary_addresses_are_taken(text: str) -> None:
    assert is_email(text)
