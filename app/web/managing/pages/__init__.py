"""The pages of the managing area: frozen values, composed from the queries of several slices."""

from app.web.managing.pages.analysis import AnalysisPage, analysis_page
from app.web.managing.pages.assignments import AssignmentsPage, assignments_page
from app.web.managing.pages.certificates import (
    CertificatePage,
    CertificatesPage,
    IssuePage,
    certificate_page,
    certificates_page,
    issue_page,
)
from app.web.managing.pages.dashboard import DashboardPage, dashboard_page
from app.web.managing.pages.deputies import DeputiesPage, deputies_page
from app.web.managing.pages.institution import InstitutionPage, institution_page
from app.web.managing.pages.packs import PackPage, PacksPage, pack_page, packs_page
from app.web.managing.pages.person import PersonPage, person_page
from app.web.managing.pages.recognition import RecognitionPage, recognition_page
from app.web.managing.pages.reminders import RemindPage, remind_page
from app.web.managing.pages.requirement import RequirementPage, SlipsPage, requirement_page, slips_page
from app.web.managing.pages.rules import RulePage, rule_page
from app.web.managing.pages.week import WeekPage, week_page
from app.web.managing.pages.week_acts import WeekActPage, week_act_page

__all__ = [
    "AnalysisPage",
    "AssignmentsPage",
    "CertificatePage",
    "CertificatesPage",
    "DashboardPage",
    "DeputiesPage",
    "InstitutionPage",
    "IssuePage",
    "PackPage",
    "PacksPage",
    "PersonPage",
    "RecognitionPage",
    "RemindPage",
    "RequirementPage",
    "RulePage",
    "SlipsPage",
    "WeekActPage",
    "WeekPage",
    "analysis_page",
    "assignments_page",
    "certificate_page",
    "certificates_page",
    "dashboard_page",
    "deputies_page",
    "institution_page",
    "issue_page",
    "pack_page",
    "packs_page",
    "person_page",
    "recognition_page",
    "remind_page",
    "requirement_page",
    "rule_page",
    "slips_page",
    "week_act_page",
    "week_page",
]
