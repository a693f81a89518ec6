"""Recompute from the stored record whether the promises were kept; shares nothing with the engine or services."""

from outreach.audit.report import AuditReport, Finding, Kind
from outreach.audit.run import audit

__all__ = ["AuditReport", "Finding", "Kind", "audit"]
