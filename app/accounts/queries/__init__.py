"""Reading people, their sign-ins, grants, links and notices."""

from app.accounts.queries.grants import GrantCard, grant_by_id, grants_of, grants_within
from app.accounts.queries.links import LinkCard, link_for
from app.accounts.queries.notices import NoticeCard, notices_of, unread
from app.accounts.queries.people import (
    Contact,
    PersonCard,
    PersonFilter,
    PostCard,
    contacts,
    count_people,
    people_page,
    person_by_id,
    person_by_key,
    person_cards,
    posts_of,
    states_within,
)
from app.accounts.queries.signins import (
    Credentials,
    SignInCard,
    TokenCard,
    actor_by_session,
    actor_by_token,
    actor_of,
    credentials,
    sign_ins_of,
    tokens_of,
)

__all__ = [
    "Contact",
    "Credentials",
    "GrantCard",
    "LinkCard",
    "NoticeCard",
    "PersonCard",
    "PersonFilter",
    "PostCard",
    "SignInCard",
    "TokenCard",
    "actor_by_session",
    "actor_by_token",
    "actor_of",
    "contacts",
    "count_people",
    "credentials",
    "grant_by_id",
    "grants_of",
    "grants_within",
    "link_for",
    "notices_of",
    "people_page",
    "person_by_id",
    "person_by_key",
    "person_cards",
    "posts_of",
    "sign_ins_of",
    "states_within",
    "tokens_of",
    "unread",
]
