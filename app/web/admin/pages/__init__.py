"""The view models of the administration."""

from app.web.admin.pages.imports import ChangeRow, ImportPage, RejectedRow, TrialPage
from app.web.admin.pages.lists import Pager
from app.web.admin.pages.organisations import (
    OrganisationFormPage,
    OrganisationPage,
    OrganisationsPage,
    TreeRow,
)
from app.web.admin.pages.overview import OverviewPage, Work
from app.web.admin.pages.people import HandOverPage, PeoplePage, PersonFormPage, PersonPage, PersonRow
from app.web.admin.pages.requests import RequestPage, RequestRow, RequestsPage
from app.web.admin.pages.roles import GrantRow, GrantsPage
from app.web.admin.pages.system import HealthPage, TroubleRow
from app.web.admin.pages.trail import AuditPage, AuditRow

__all__ = [
    "AuditPage",
    "AuditRow",
    "ChangeRow",
    "GrantRow",
    "GrantsPage",
    "HandOverPage",
    "HealthPage",
    "ImportPage",
    "OrganisationFormPage",
    "OrganisationPage",
    "OrganisationsPage",
    "OverviewPage",
    "Pager",
    "PeoplePage",
    "PersonFormPage",
    "PersonPage",
    "PersonRow",
    "RejectedRow",
    "RequestPage",
    "RequestRow",
    "RequestsPage",
    "TreeRow",
    "TrialPage",
    "TroubleRow",
    "Work",
]
