from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from latsar.jobs.management.commands.bench import BENCHES


@pytest.mark.parametrize("name", sorted(BENCHES))
def test_bench_names_lead_to_functions(name):
    assert callable(import_string(BENCHES[name]))


def test_bench_unknown_name_lists_what_exists():
    with pytest.raises(CommandError, match="certificates, import") as refusal:
        call_command("bench", "tidak-ada")
    assert refusal.value.returncode == 2
