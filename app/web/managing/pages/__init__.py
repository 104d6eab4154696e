"""The pages of the managing area: frozen values, composed from the queries of several slices."""

from app.web.managing.pages.assignments import AssignmentsPage, NewAssignmentPage, assignments_page, new_assignment_page
from app.web.managing.pages.dashboard import DashboardPage, dashboard_page
from app.web.managing.pages.institution import InstitutionPage, institution_page
from app.web.managing.pages.person import PersonPage, person_page
from app.web.managing.pages.reminders import RemindPage, remind_page

__all__ = [
    "AssignmentsPage",
    "DashboardPage",
    "InstitutionPage",
    "NewAssignmentPage",
    "PersonPage",
    "RemindPage",
    "assignments_page",
    "dashboard_page",
    "institution_page",
    "new_assignment_page",
    "person_page",
    "remind_page",
]
