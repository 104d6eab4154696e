"""What may be said about people: states, passwords, throttles and who may see whom. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kit.actor import Actor, Role
from app.kit.days import add_months
from app.kit.i18n import N_, fold


class PersonState(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class LinkKind(StrEnum):
    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 - a kind of link, not a secret


class NoticeKind(StrEnum):
    """Each kind has its sentence in `app.web.notices`."""

    ASSIGNED = "assigned"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    REMINDED = "reminded"
    COMPLETED = "completed"
    WELCOME = "welcome"
    QUESTION = "question"
    MARKED = "marked"
    HELD = "held"
    RENEW = "renew"
    ESCALATED = "escalated"
    EXTENSION_ASKED = "extension.asked"
    EXTENSION_GRANTED = "extension.granted"
    EXTENSION_REFUSED = "extension.refused"
    REVIEW_ASKED = "review.asked"
    REVIEW_DECIDED = "review.decided"
    PUBLICATION_FAILED = "publication.failed"
    REMARKED = "remarked"
    UNLOCKED = "unlocked"
    CERTIFICATE_REVOKED = "certificate.revoked"
    GROUP_PLANNED = "group.planned"
    GROUP_CHANGED = "group.changed"
    GROUP_CANCELLED = "group.cancelled"
    GROUP_SOON = "group.soon"
    DATA_ASKED = "data.asked"
    DATA_ANSWERED = "data.answered"
    DATA_LONGER = "data.longer"


SEES_NAMES = (Role.ADMINISTRATOR, Role.MANAGER)
SEES_NUMBERS = (Role.ADMINISTRATOR, Role.MANAGER, Role.ANALYST)
ASSIGNS = (Role.ADMINISTRATOR, Role.MANAGER)

WORD_MAX = 64  # characters of a word that somebody is found by
PASSWORD_MIN = 12
PASSWORD_MAX = 128
_COMMON = (
    "password", "slaptazodis", "slaptažodis", "passord", "klasteris", "savivaldybe", "savivaldybė", "kommune",
    "qwerty", "123456", "lietuva", "norge", "welcome", "labas", "administrator",
)  # fmt: skip


def password_fault(password: str, *, names: tuple[str, ...] = ()) -> str | None:
    """Why a password cannot be taken (an English sentence, marked), or None.

    Length beats composition rules (NIST 800-63B).
    """
    if len(password) < PASSWORD_MIN:
        return N_("Choose a password of at least 12 characters, for example four words in a row.")
    if len(password) > PASSWORD_MAX:
        return N_("Choose a password of at most 128 characters.")
    if len(set(password)) < 5:
        return N_("Choose a password with more different characters.")
    rest = password.casefold()
    for guess in sorted((*_COMMON, *(n.casefold() for n in names if len(n) > 2)), key=len, reverse=True):
        rest = rest.replace(guess, "")
    if len(rest.strip("0123456789!?.-_ ")) < 4:
        return N_("This password is too easy to guess. Add words that have nothing to do with you or your work.")
    return None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` in `window`."""

    tries: int
    window: timedelta


SIGN_IN_PAIR = Limit(10, timedelta(minutes=5))  # one account from one address
SIGN_IN_ACCOUNT = Limit(50, timedelta(hours=1))  # one account from anywhere
SIGN_IN_ADDRESS = Limit(1000, timedelta(minutes=5))  # a whole town hall sits behind one address
RESET_ADDRESS = Limit(60, timedelta(hours=1))
RESET_ACCOUNT = Limit(5, timedelta(days=1))
FEEDBACK_ADDRESS = Limit(20, timedelta(hours=1))
CONTACT_PERSON = Limit(30, timedelta(hours=1))
ANSWER_FILES = Limit(60, timedelta(hours=1))
# Guessing codes of certificates; looking at those that exist is nobody's fault.
CERTIFICATE_MISSES = Limit(30, timedelta(minutes=10))
JOIN_MISSES = Limit(10, timedelta(minutes=10))
# Whoever leads a group session names people who are in the room, and does not try who there is.
GROUP_NAMES = Limit(20, timedelta(minutes=10))
PACK_CHECKS = Limit(60, timedelta(minutes=10))

SESSION_IDLE = {True: timedelta(minutes=60), False: timedelta(hours=8)}  # by "holds any grant"
SESSION_ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
INVITATION_VALID = timedelta(days=14)
RESET_VALID = timedelta(hours=2)
TOKEN_VALID = timedelta(days=90)


def sign_in_is_over(*, seen_at: datetime, expires_at: datetime, now: datetime, holds_grant: bool) -> bool:
    """Whether a sign-in has run out: idle too long (sooner for people who see others), or 12 hours old."""
    return now >= expires_at or now - seen_at >= SESSION_IDLE[holds_grant]


def may_see_person(actor: Actor, *, person_id: int, path: str) -> bool:
    """One's own record always; others' only by a grant that shows names, at or above where they work."""
    return actor.system or (actor.signed_in and actor.id == person_id) or actor.covers(path, *SEES_NAMES)


DEPUTY_DAYS = 366  # from the first day to the last


def may_name_deputy(actor: Actor) -> bool:
    """Whoever manages by a role of their own: what is only lent is not lent on."""
    return any(grant.role is Role.MANAGER and not grant.lent_by for grant in actor.grants)


def deputy_faults(since: date, until: date, today: date) -> dict[str, str]:
    """What is wrong with the days of a deputy, by field (English sentences, marked)."""
    if until < since:
        return {"until": N_("The second date lies before the first.")}
    if until < today:
        return {"until": N_("This day has passed.")}
    if (until - since).days >= DEPUTY_DAYS:
        return {"until": N_("A deputy is named for a year at most.")}
    return {}


def municipality_path(path: str) -> str:
    """The municipality (or partner) above a place, "/1/5/22/" → "/1/5/"; the country itself is its own."""
    return "/" + "".join(f"{part}/" for part in path.strip("/").split("/")[:2] if part)


class Keeping(StrEnum):
    """How long the record of somebody who has left is kept by name, by what is in it."""

    DUTY = "duty"  # something was required: an authority has to show who was trained
    CHOICE = "choice"  # all of it was chosen freely


# Calendar years after leaving. Three is what the rules on cyber security ask of the records of a yearly training.
KEPT_YEARS = {Keeping.DUTY: 3, Keeping.CHOICE: 1}


def kept_until(left_on: date, keeping: Keeping) -> date:
    """The last day on which a leaver's record has a name: the end of the year in which the time runs out."""
    return date(left_on.year + KEPT_YEARS[keeping], 12, 31)


class Asked(StrEnum):
    """What somebody asks about their own data, by the articles of the GDPR."""

    CORRECTION = "correction"  # 16
    ERASURE = "erasure"  # 17
    RESTRICTION = "restriction"  # 18
    OBJECTION = "objection"  # 21
    OTHER = "other"  # 15 and whatever else


# Months from the day of asking; the second where it was put off (GDPR 12(3)).
ANSWER_MONTHS, ANSWER_MONTHS_AT_LAST = 1, 3


def answer_due(asked_on: date) -> date:
    """By when a question about one's own data is to be answered."""
    return add_months(asked_on, ANSWER_MONTHS)


def answer_due_at_last(asked_on: date) -> date:
    """The same where it is put off: two more months."""
    return add_months(asked_on, ANSWER_MONTHS_AT_LAST)


def may_take_longer(due_on: date, today: date, *, longer: bool, answered: bool) -> bool:
    """Once, and while the first date has not passed: the person is to be told within the month."""
    return not longer and not answered and today <= due_on


def may_administer(actor: Actor, path: str) -> bool:
    return actor.covers(path, Role.ADMINISTRATOR)


def may_manage_person(actor: Actor, *, path: str, grant_paths: tuple[str, ...]) -> bool:
    """Whether the actor may change this person's account.

    Who administers a municipality must not get at the account of somebody who holds a role above it: a new e-mail
    address and a forgotten password would make that role theirs.
    """
    return may_administer(actor, path) and all(may_administer(actor, held) for held in grant_paths)


def may_be_handed_a_link(state: PersonState, *, has_email: bool) -> bool:
    """Whether an administrator may hold a link to somebody's password: only where mail cannot bring it, or before its first use."""
    return state is PersonState.INVITED or (state is PersonState.ACTIVE and not has_email)


_EMAIL = re.compile(r"[A-Za-z0-9!#$%&*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&*+/=?^_`{|}~-]+)*@([\w-]+\.)+[^\W\d_]{2,}")
EMAIL_MAX = 254
NAME_MAX = 100
TITLE_MAX = 200
STAFF_NUMBER_MAX = 64


def plain(text: str) -> str:
    """One line without control characters, with single spaces, composed: how names and titles are kept."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    return " ".join("".join(c for c in visible if unicodedata.category(c) != "Cf").split())


def normal_email(text: str) -> str | None:
    """The address as it is kept and compared, or None where it cannot be one."""
    address = unicodedata.normalize("NFC", text).strip().lower()
    return address if len(address) <= EMAIL_MAX and _EMAIL.fullmatch(address) else None


def email_hint(text: str) -> str:
    """What is wrong with an address that `normal_email` refused (an English sentence, marked)."""
    address = text.strip()
    if " " in address:
        return N_("There is a space in the address.")
    if "@" not in address:
        return N_("The @ sign is missing.")
    if "." not in address.rpartition("@")[2]:
        return N_("The end is missing, for example .lt.")
    return N_("Check the address letter by letter.")


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() else " " for c in fold(text)).split())


def words_of(
    *, given_name: str, family_name: str, email: str | None, staff_number: str | None, job_title: str
) -> frozenset[str]:
    """The words somebody is found by. Of an address its first half, and the whole of it as one word: what stands
    behind the @ is the same for everybody."""
    local = (email or "").partition("@")[0]
    found = _words(" ".join((given_name, family_name, local, staff_number or "", job_title)))
    return frozenset(word[:WORD_MAX] for word in (*found, *([fold(email)] if email else [])))


def words_sought(search: str) -> tuple[str, ...] | None:
    """The beginnings of words that somebody found must have, the longest first. None: there is no such word."""
    found: set[str] = set()
    for part in search.split():
        found |= {fold(part)} if "@" in part.strip("@") else _words(part)
    longest = sorted((word[:WORD_MAX] for word in found), key=lambda word: (-len(word), word))
    return tuple(longest[:5]) or None


def is_personal_code(text: str) -> bool:
    """Whether a text is a valid Lithuanian personal code, which must never be kept."""
    digits = [int(c) for c in text.strip() if c.isascii() and c.isdigit()]
    if len(digits) != 11 or len(text.strip()) != 11 or not 1 <= digits[0] <= 6:
        return False
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)):
        rest = sum(d * w for d, w in zip(digits, weights, strict=False)) % 11
        if rest < 10:
            return digits[10] == rest
    return digits[10] == 0
