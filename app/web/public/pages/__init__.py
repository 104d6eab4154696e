"""The view models of the public area."""

from app.web.public.pages.account import (
    AccountPage,
    NewTokenPage,
    PasswordPage,
    SignInRow,
    SignInsPage,
    TokenRow,
    TokensPage,
)
from app.web.public.pages.front import CataloguePage, Chip, CourseTile, Figure, FrontPage
from app.web.public.pages.information import (
    AccessibilityPage,
    HelpPage,
    MailPage,
    MailRow,
    OutboxPage,
    PrivacyPage,
)
from app.web.public.pages.signin import DemoPerson, ForgotPage, LinkGonePage, SetPasswordPage, SignInPage
from app.web.public.pages.verify import CheckedPage, PackCheckedPage, VerifyPage

__all__ = [
    "AccessibilityPage",
    "AccountPage",
    "CataloguePage",
    "CheckedPage",
    "Chip",
    "CourseTile",
    "DemoPerson",
    "Figure",
    "ForgotPage",
    "FrontPage",
    "HelpPage",
    "LinkGonePage",
    "MailPage",
    "MailRow",
    "NewTokenPage",
    "OutboxPage",
    "PackCheckedPage",
    "PasswordPage",
    "PrivacyPage",
    "SetPasswordPage",
    "SignInPage",
    "SignInRow",
    "SignInsPage",
    "TokenRow",
    "TokensPage",
    "VerifyPage",
]
