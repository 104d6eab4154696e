"""What must come of every request: decided here from the policy of each address, and nowhere else."""

from __future__ import annotations

from enum import StrEnum

from app.settings import ROOT
from app.web.policy import Policy
from tests.architecture.requests import scopes_of
from tests.architecture.world import ACTORS

ADDRESSES = ROOT / "tests" / "architecture" / "addresses.txt"


class Outcome(StrEnum):
    """What an answer comes to. `SILENT`: answered as if it were done, and nothing is."""

    OPEN = "open"
    SILENT = "silent"
    SIGN_IN = "sign in"
    FORBIDDEN = "forbidden"
    ABSENT = "absent"


OPEN, SILENT, SIGN_IN, FORBIDDEN, ABSENT = Outcome

EVERYBODY = frozenset(ACTORS)
ADMITTED = {
    Policy.PUBLIC: EVERYBODY,
    Policy.SIGNED_IN: EVERYBODY - {"anonymous"},
    Policy.TEACHES: {"trainer", "administrator"},
    Policy.REVIEWS: {"trainer", "reviewer", "administrator"},
    Policy.SEES_NUMBERS: {"manager", "analyst", "administrator"},
    Policy.SEES_NAMES: {"manager", "administrator"},
    Policy.ASSIGNS: {"manager", "administrator"},
    Policy.SETS_TERMS: {"trainer", "manager", "administrator"},
    Policy.ADMINISTERS: {"administrator"},
    Policy.LEADS: {"trainer", "manager", "administrator"},
}
# What an address begins with says who may come at all; every other one is for people who are signed in, or public.
AREAS = {
    "/admin": {Policy.ADMINISTERS},
    "/teaching": {Policy.TEACHES, Policy.REVIEWS},
    "/groups": {Policy.LEADS},
    "/managing": {Policy.SEES_NUMBERS, Policy.SEES_NAMES, Policy.ASSIGNS},
}
# The public addresses, each with its reason. A new one has to be added here, too.
PUBLIC = {
    "/": "the front page",
    "/catalogue": "what there is to learn",
    "/courses/{slug}": "a course's contract",
    "/language/{code}": "before signing in, too",
    "/sign-in": "the door",
    "/sign-in/demo": "the door of the demonstration",
    "/sign-out": "a second click signs nobody out",
    "/forgot-password": "for those who cannot sign in",
    "/set-password/{token}": "for those who hold the link",
    "/privacy": "a notice",
    "/verify": "for whoever holds a certificate",
    "/verify/pack": "for whoever holds an audit pack",
    "/.well-known/klasteris-keys.json": "the keys by which others check",
    "/verify/{key}": "for whoever holds a certificate",
    "/api/v1/certificates/{key}": "for whoever holds a certificate",
    "/accessibility": "a statement, and a form for whoever cannot use the site",
    "/help": "a page to read",
    "/health": "for those who watch over the installation",
    "/outbox": "mails of the demonstration",
    "/outbox/{mail_id}": "a mail of the demonstration",
    "/api/v1/courses": "the catalogue for programs",
    "/api/v1/courses/{slug}": "a course's contract for programs",
    "/api/v1/openapi.json": "a description",
    "/api/docs": "a description",
}

# What comes of a request that the policy admits: open for one's own things and absent for all others', but for these.
# (whose, method and address) → the outcome, for one actor or for all.
EXCEPTIONS: dict[tuple[str, str], Outcome | dict[str, Outcome]] = {
    # The demonstration's own addresses are there in the demonstration only.
    ("any", "POST /sign-in/demo"): ABSENT,
    ("any", "GET /outbox"): ABSENT,
    ("any", "GET /outbox/{mail_id}"): ABSENT,
    # Whoever holds the code of a certificate may check it; a member without one has nothing to open.
    ("other", "GET /verify/{key}"): OPEN,
    ("other", "GET /api/v1/certificates/{key}"): OPEN,
    ("own", "GET /learning/record/{enrolment}/certificate"): {"reviewer": ABSENT, "analyst": ABSENT},
    # A pack with names is nothing for those who see numbers.
    **{
        ("own", f"GET {address}"): {"analyst": ABSENT}
        for root in ("/managing/packs/{key}", "/api/v1/packs/{key}")
        for address in (root, f"{root}/file")
    },
    # Whoever only administers has nothing to lend, and a reader of numbers sees the deeper ones of the highest place alone.
    ("any", "POST /managing/deputies"): {"administrator": FORBIDDEN},
    ("own", "GET /managing/organisations/{code}/analysis"): {"analyst": ABSENT},
    # A view that is shared is everybody's to read who sees figures there, and its owner's to change.
    **{
        ("own", f"{method} /managing/views/{{key}}/{what}"): {"analyst": ABSENT, "administrator": ABSENT}
        for method, what in (("GET", "edit"), ("POST", "edit"), ("POST", "delete"))
    },
    # A course that is live is everybody's to find and to register for, whoever made it.
    ("other", "GET /courses/{slug}"): OPEN,
    ("other", "POST /courses/{slug}/enrol"): OPEN,
    ("other", "POST /courses/{slug}/contact"): OPEN,
    ("other", "GET /courses/{slug}/media/{blob}/{name}"): OPEN,
    ("other", "HEAD /courses/{slug}/media/{blob}/{name}"): OPEN,
    ("other", "GET /api/v1/courses/{slug}"): OPEN,
    ("other", "POST /api/v1/me/courses/{slug}"): OPEN,
    # Its pages and quizzes are for those who are in it; a link to a page leads others to the course's first page.
    ("other", "GET /courses/{slug}/pages/{page}"): OPEN,
    ("other", "POST /courses/{slug}/pages/{page}/done"): FORBIDDEN,
    ("other", "POST /courses/{slug}/pages/{page}/questions/{question}"): FORBIDDEN,
    ("other", "GET /courses/{slug}/quizzes/{quiz}"): FORBIDDEN,
    ("other", "POST /courses/{slug}/quizzes/{quiz}/start"): FORBIDDEN,
    ("other", "GET /courses/{slug}/finish"): FORBIDDEN,
    ("other", "GET /courses/{slug}/changes"): FORBIDDEN,
    ("other", "POST /courses/{slug}/changes/take"): FORBIDDEN,
    ("other", "POST /courses/{slug}/changes/keep"): FORBIDDEN,
    ("other", "PUT /api/v1/me/courses/{slug}/version"): FORBIDDEN,
    ("other", "POST /courses/{slug}/leave"): FORBIDDEN,
    ("other", "GET /api/v1/me/courses/{slug}"): FORBIDDEN,
    ("other", "DELETE /api/v1/me/courses/{slug}"): FORBIDDEN,
    ("other", "POST /api/v1/me/courses/{slug}/pages/{page}/done"): FORBIDDEN,
    ("other", "POST /api/v1/me/courses/{slug}/quizzes/{quiz}/attempts"): FORBIDDEN,
    # A live course of another municipality is seen in the catalogue, and its trainers alone work on it.
    ("other", "GET /teaching/courses/{slug}"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/source.zip"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/formats"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/formats/{key}"): FORBIDDEN,
    ("other", "GET /api/v1/courses/{slug}/formats/{key}"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/draft"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/withdraw"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/survey"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/terms"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/terms"): FORBIDDEN,
    # Anybody's people may take it, and their manager says what they need at its tests.
    ("other", "GET /managing/courses/{slug}/terms"): OPEN,
    ("other", "POST /managing/courses/{slug}/terms"): OPEN,
    **{
        ("other", f"{method} /api/v1/courses/{{slug}}/overrides"): {
            "trainer": FORBIDDEN,
            "manager": OPEN,
            "administrator": OPEN,
        }
        for method in ("GET", "PUT")
    },
    ("other", "GET /teaching/courses/{slug}/copy"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/copy"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/original"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/original"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/sharing"): FORBIDDEN,
    ("other", "POST /api/v1/courses/{slug}/copy"): FORBIDDEN,
    ("other", "GET /api/v1/courses/{slug}/original"): FORBIDDEN,
    ("other", "POST /api/v1/courses/{slug}/original"): FORBIDDEN,
    ("other", "PUT /api/v1/courses/{slug}/sharing"): FORBIDDEN,
    # Its owner lets others adopt it.
    ("other", "GET /teaching/shared/{slug}"): OPEN,
    ("other", "POST /teaching/shared/{slug}"): OPEN,
    ("other", "POST /api/v1/shared/{slug}"): OPEN,
    ("other", "POST /teaching/courses/{slug}/revert"): FORBIDDEN,
    ("other", "GET /teaching/courses/{slug}/pages/{page}/edit"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/pages/{page}/edit"): FORBIDDEN,
    ("other", "GET /api/v1/courses/{slug}/quizzes/{quiz}/analysis"): FORBIDDEN,
    ("other", "POST /api/v1/courses/{slug}/questions/{question}/corrections"): FORBIDDEN,
    **{
        ("other", f"{method} /teaching/courses/{{slug}}/quizzes/{{quiz}}{rest}"): FORBIDDEN
        for method, rest in (
            ("GET", ""),
            ("GET", "/analysis.{kind}"),
            ("POST", "/unlock"),
            ("GET", "/questions/{question}"),
            ("GET", "/questions/{question}/correct"),
            ("POST", "/questions/{question}/correct"),
        )
    },
    # What learners wrote is for trainers of the course; who administers has no business with it.
    **{
        ("own", f"{method} /teaching/marking/{{key}}/{{question}}{rest}"): {"administrator": ABSENT}
        for method, rest in (("GET", ""), ("POST", ""), ("GET", "/file"))
    },
    ("own", "POST /teaching/courses/{slug}/marking"): {"administrator": FORBIDDEN},
    ("other", "POST /teaching/courses/{slug}/marking"): FORBIDDEN,
    # Who reviews looks at what somebody has asked to be read, and at nothing else that is not published.
    **{
        (whose, f"GET /teaching/uploads/{{key}}{rest}"): outcome
        for rest in ("/preview", "/preview/pages/{page}", "/media/{blob}/{name}")
        for whose, outcome in (("near", OPEN), ("own", {"reviewer": ABSENT}))
    },
    ("own", "POST /teaching/reviews/{key}/withdraw"): FORBIDDEN,
    ("other", "POST /teaching/courses/{slug}/staff"): FORBIDDEN,
    # An administrator sees what trainers of the same municipality have uploaded.
    **{
        ("near", f"{method} /teaching/uploads/{{key}}{rest}"): {"administrator": OPEN}
        for method, rest in (
            ("GET", ""),
            ("GET", "/report.{kind}"),
            ("POST", "/discard"),
            ("POST", "/review"),
            ("POST", "/proposal"),
            ("GET", "/pictures/{place}"),
            ("GET", "/publish"),
            ("POST", "/publish"),
        )
    },
    # Ending what is ended or somebody else's looks the same as ending one's own: a second click is no fault.
    ("near", "POST /account/sign-ins/{sign_in_id}/end"): SILENT,
    ("other", "POST /account/sign-ins/{sign_in_id}/end"): SILENT,
    ("near", "POST /account/tokens/{token_id}/end"): SILENT,
    ("other", "POST /account/tokens/{token_id}/end"): SILENT,
}
# Nothing is kept of these, whoever sends them.
KEEPS_NOTHING = {
    "POST /teaching/drafts/{key}/look",
    "POST /teaching/drafts/{key}/catch-up",  # nothing was published since
    "POST /teaching/courses/{slug}/draft",  # there is one already, and it is shown
    "POST /verify",
    "POST /courses/{slug}/pages/{page}/questions/{question}",
    "POST /api/v1/conversions",
    "POST /api/v1/requirements/dry-run",
}


def outcome(policy: Policy, method: str, route: str, whose: str, actor: str) -> Outcome:
    if actor not in ADMITTED[policy]:
        return SIGN_IN if actor == "anonymous" else FORBIDDEN
    said = EXCEPTIONS.get((whose, f"{method} {route}"))
    if isinstance(said, Outcome):
        return said
    if said is not None and actor in said:
        return said[actor]
    return OPEN if whose in ("any", "own") else ABSENT


def addresses() -> list[tuple[str, Policy, str]]:
    """The committed list: method, policy, address."""
    found = []
    for line in ADDRESSES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            method, policy, route = line.split()
            found.append((method, Policy(policy), route))
    return found


def cases() -> list[tuple[str, Policy, str, str]]:
    """Every address with everything it can be asked for."""
    return [(method, policy, route, whose) for method, policy, route in addresses() for whose in scopes_of(route)]
