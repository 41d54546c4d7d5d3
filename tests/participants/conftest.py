from __future__ import annotations

import pytest

from latsar.training.models import DossierRequirement
from tests import factories


@pytest.fixture
def requirements(db: None) -> dict[str, DossierRequirement]:
    """The general list: two required files, one that runs out, one that is not required."""
    rows = [
        factories.RequirementFactory(code="sk-cpns", name="SK CPNS", order=1),
        factories.RequirementFactory(code="surat-sehat", name="Surat keterangan sehat", order=2, valid_days=90),
        factories.RequirementFactory(code="bebas-narkoba", name="Surat bebas narkoba", order=3, is_required=False),
    ]
    return {row.code: row for row in rows}
