"""Who may take back what was issued."""

from __future__ import annotations

from latsar.accounts.enums import Role
from latsar.accounts.models import AnyUser
from latsar.documents.models import DocumentState, IssuedDocument


def can_issue_documents(user: AnyUser) -> bool:
    return user.has_role(Role.PKSDM)


def can_revoke(user: AnyUser, document: IssuedDocument) -> bool:
    """PKSDM, while the document counts, and never the own one."""
    return user.has_role(Role.PKSDM) and document.state == DocumentState.ISSUED and document.holder_id != user.scope.user_id
