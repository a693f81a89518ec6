"""The tenant's page: outside the console and its login, opened by a signed link and one answer."""

from outreach.web.tenant_page.views import blueprint

__all__ = ["blueprint"]
