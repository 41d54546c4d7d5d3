"""The demo's nine sign-ins, with random passwords, and the people behind them."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from latsar.accounts.enums import Role
from latsar.accounts.models import RoleGrant, User
from latsar.satker.models import Satker
from latsar.training.models import Institute

IN_OFFICE = timedelta(days=400)

WORDS = "angin batu cahaya daun embun fajar gunung hujan ikan jati kelapa langit madu nyiur ombak padi rusa sagu tebu ubi".split()  # noqa: SIM905


def passphrase() -> str:
    """Return four random words and three digits (about 27 bits on top of a throttled sign-in of a demo)."""
    return "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(900) + 100}"


class Cast:
    """Makes the accounts and remembers the lines of the account file."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.users: dict[str, User] = {}

    def add(self, username: str, full_name: str, role: str, *, satker: Satker | None = None, institute: Institute | None = None) -> User:
        password = passphrase()
        user = User.objects.create_user(username, f"{username.replace('.', '-')}@contoh.go.id", password, full_name=full_name)
        if satker:
            user.zone = satker.zone
            user.save(update_fields=["zone"])
        scoped = role in {Role.ADMIN_SATKER, Role.ADMIN_PROVINSI}
        RoleGrant.objects.create(
            user=user, role=role, satker=satker if scoped else None, institute=institute, valid_from=timezone.localdate() - IN_OFFICE
        )
        self.lines.append(f"{role} {username} {password}")
        self.users[username] = user
        return user

    def write(self, path: Path) -> None:
        """Write `role username password`, one a line, readable by the owner only."""
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write("\n".join(self.lines) + "\n")
        path.chmod(0o600)


def staff(cast: Cast) -> None:
    """Make everyone but mentor and participant, who need their rows first."""
    ntt, kupang = Satker.objects.get(code="53"), Satker.objects.get(code="53.71")
    cast.add("pksdm", "Dewi Sartikasari, S.Psi.", Role.PKSDM)
    cast.add("provinsi.ntt", "Frederik Tallo, S.Sos.", Role.ADMIN_PROVINSI, satker=ntt)
    cast.add("satker.kupang", "Yuliana Lobo, S.E.", Role.ADMIN_SATKER, satker=kupang)
    cast.add("lembaga.ntt", "Operator BPSDM Provinsi NTT", Role.LEMBAGA, institute=Institute.objects.get(code="bpsdm-ntt"))
    cast.add("pemeriksa.ntt", "Pemeriksa BPSDM Provinsi NTT", Role.LEMBAGA, institute=Institute.objects.get(code="bpsdm-ntt"))
    cast.add("coach", "Drs. Hironimus Padak, M.Pd.", Role.COACH)
    cast.add("penguji", "Ernesta Da Silva, S.Psi., M.M.", Role.PENGUJI)
    cast.add("pimpinan", "Suryani Hadikusumo, S.H.", Role.PIMPINAN)
