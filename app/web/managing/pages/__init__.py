"""The pages of the managing area: frozen values, composed from the queries of several slices."""

from app.web.managing.pages.assignments import AssignmentsPage, assignments_page
from app.web.managing.pages.dashboard import DashboardPage, dashboard_page
from app.web.managing.pages.institution import InstitutionPage, institution_page
from app.web.managing.pages.person import PersonPage, person_page
from app.web.managing.pages.recognition import RecognitionPage, recognition_page
from app.web.managing.pages.reminders import RemindPage, remind_page
from app.web.managing.pages.requirement import RequirementPage, SlipsPage, requirement_page, slips_page
from app.web.managing.pages.rules import RulePage, rule_page

__all__ = [
    "AssignmentsPage",
    "DashboardPage",
    "InstitutionPage",
    "PersonPage",
    "RecognitionPage",
    "RemindPage",
    "RequirementPage",
    "RulePage",
    "SlipsPage",
    "assignments_page",
    "dashboard_page",
    "institution_page",
    "person_page",
    "recognition_page",
    "remind_page",
    "requirement_page",
    "rule_page",
    "slips_page",
]
