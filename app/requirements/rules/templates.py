"""Training duties of Lithuanian public bodies as ready-made rules. The intervals are the institution's to change."""

from __future__ import annotations

from dataclasses import dataclass

from app.kit.i18n import N_
from app.requirements.rules.dates import Due, DueKind, Terms


@dataclass(frozen=True, slots=True)
class Template:
    """`legal_basis` is in Lithuanian, as the act is cited; `note` says what the law says and what is a suggestion."""

    id: str
    title: str
    legal_basis: str
    note: str
    due: Due
    terms: Terms
    external: bool = False


_ON_HIRING = Due(DueKind.HIRE, days=30)
_SOON = Due(DueKind.REACHED, days=60)
_NO_INTERVAL = N_("The law sets no interval. This one is a suggestion.")


def _months(number: int) -> Terms:
    return Terms(valid_months=number, window_days=60 if number > 6 else 30)


TEMPLATES = (
    Template(
        "gdpr",
        N_("Protection of personal data (GDPR)"),
        "BDAR 5 str. 2 d., 32 str. 4 d., 39 str. 1 d. b p.; ADTAĮ I-1374",
        _NO_INTERVAL,
        _ON_HIRING,
        _months(24),
    ),
    Template(
        "corruption",
        N_("Prevention of corruption"),
        "Korupcijos prevencijos įstatymo 23 str. 2 d.",
        N_(
            "Public bodies must hold trainings for their employees. The law sets no interval; this one is a suggestion."
        ),
        _SOON,
        _months(24),
    ),
    Template(
        "interests",
        N_("Conflicts of interest and gifts"),
        "Viešųjų ir privačių interesų derinimo įstatymas VIII-371",
        N_(
            "A declaration is filed within 30 calendar days of taking up duties. The law sets no interval for training."
        ),
        _ON_HIRING,
        _months(0),
    ),
    Template(
        "whistleblowers",
        N_("Protection of whistleblowers"),
        "Pranešėjų apsaugos įstatymas XIII-804",
        _NO_INTERVAL,
        _SOON,
        _months(24),
    ),
    Template(
        "cyber",
        N_("Cyber hygiene"),
        "Kibernetinio saugumo įstatymas; Vyriausybės nutarimas Nr. 818",
        N_(
            "All employees of a cybersecurity entity at least once a year; a report on the training within 3 months, kept for at least 3 years."
        ),
        _SOON,
        Terms(valid_months=12, window_days=60),
    ),
    Template(
        "harassment",
        N_("Prevention of violence and harassment"),
        "Darbo kodekso 30 str. 3–4 d.; VDI įsakymas EV-221",
        N_("The employer must train employees. Check the order for its terms; this interval is a suggestion."),
        _ON_HIRING,
        _months(36),
    ),
    Template(
        "safety",
        N_("Safety and health at work"),
        "Darbuotojų saugos ir sveikatos įstatymas IX-1672",
        N_("Instruction comes before work begins. Check the periods for your kind of work; this one is a suggestion."),
        Due(DueKind.HIRE, days=0),
        _months(12),
    ),
    Template(
        "civil-protection",
        N_("Civil protection at the workplace"),
        "Krizių valdymo ir civilinės saugos įstatymo 12 str. 2 d. 3 p.; Vyriausybės nutarimas Nr. 1317",
        N_("Municipal administrations have an official programme of their own. Check its hours and interval."),
        _SOON,
        _months(12),
    ),
    Template(
        "fire",
        N_("Fire safety"),
        "Bendrosios gaisrinės saugos taisyklės",
        N_("Staff must be instructed. Check the interval; this one is a suggestion."),
        _ON_HIRING,
        _months(12),
    ),
    Template(
        "procurement",
        N_("Procurement specialist's certificate"),
        "Viešųjų pirkimų įstatymo 95 str. 1 d.; VPT įsakymas 1S-109",
        N_("The Public Procurement Office issues it after a remote test. Its end is the date on the certificate."),
        Due(DueKind.REACHED, days=90),
        Terms(valid_months=36, window_days=90),
        external=True,
    ),
    Template(
        "accessibility",
        N_("Accessibility of websites and documents"),
        "Direktyva (ES) 2016/2102; Vyriausybės nutarimas Nr. 480",
        N_("The duty is on sites and applications; no general duty to train staff was found."),
        _SOON,
        _months(24),
    ),
    Template(
        "easy-language",
        N_("Easy-to-read language and accessible information"),
        "Asmenų su negalia teisių apsaugos pagrindų įstatymo 4 str.; SADM įsakymas A1-784",
        N_("The order recommends an internal procedure and a responsible person."),
        _SOON,
        _months(0),
    ),
    Template(
        "plain-language",
        N_("Plain language"),
        "",
        N_("Good practice; no general duty was found."),
        _SOON,
        _months(0),
    ),
    Template(
        "documents",
        N_("Management of documents"),
        "Dokumentų ir archyvų įstatymas I-1115",
        _NO_INTERVAL,
        _ON_HIRING,
        _months(0),
    ),
    Template(
        "equal-opportunities",
        N_("Equal opportunities"),
        "Lygių galimybių įstatymas IX-1826",
        _NO_INTERVAL,
        _SOON,
        _months(36),
    ),
    Template(
        "ai-literacy",
        N_("AI literacy"),
        "Reglamento (ES) 2024/1689 4 str.",
        N_("From 2 February 2025 deployers see to the AI literacy of their staff. The interval is a suggestion."),
        _SOON,
        _months(24),
    ),
)
BY_ID = {one.id: one for one in TEMPLATES}
