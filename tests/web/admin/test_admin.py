"""The administration, as an administrator of one municipality and of everything sees it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.accounts.models import GrantRow, Person
from app.accounts.rules import PersonState
from app.kit import audit
from app.kit.database import reading, writing
from app.kit.jobs import Job
from app.kit.mail import Mail
from app.organisations.models import Organisation
from tests.browser import Browser, path_of
from tests.web.admin.conftest import Town

PAGES = (
    "/admin", "/admin/organisations", "/admin/organisations/utena", "/admin/organisations/new?parent=utena",
    "/admin/people", "/admin/people/new", "/admin/grants", "/admin/import", "/admin/audit", "/admin/health",
)  # fmt: skip


@pytest.mark.parametrize("lang", ["lt", "en", "nb"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_an_administrator_in_every_language(town: Town, path: str, lang: str) -> None:
    page = town.ada_sees.speaking(lang).open(path)
    assert page.status == 200 and page.root.get("lang") == lang


@pytest.mark.parametrize("path", PAGES)
def test_no_page_opens_for_anybody_else(town: Town, browser: Browser, path: str) -> None:
    assert path_of(browser.open(path).url) == "/sign-in"
    assert browser.as_(town.rasa).open(path).status == 403


def test_nothing_of_a_neighbour_is_seen_on_any_page(town: Town) -> None:
    for path in (*PAGES, f"/admin/people/{town.rasa.key}", "/admin/people?q=jonas", "/admin/organisations?q=birzai"):
        html = town.ada_sees.open(path).html
        # What was typed into a search is shown again in its field and stands in the address of the language links.
        said = re.sub(r'value="(birzai|jonas)"|next=[^"]*', "", html)
        for canary in ("Biržietis", "jonas@birzai", "Biržų", "birzai", town.jonas.key):
            assert canary not in said, f"{canary} on {path}"


HIDDEN = (
    ("get", "/admin/organisations/birzai"), ("post", "/admin/organisations/birzai"),
    ("post", "/admin/organisations/birzai/close"), ("post", "/admin/organisations/birzai/move"),
    ("get", "/admin/organisations/new?parent=birzai"), ("get", "/admin/people?organisation=birzai"),
    ("get", "/admin/people/{jonas}"), ("get", "/admin/people/{jonas}/edit"), ("post", "/admin/people/{jonas}/edit"),
    ("post", "/admin/people/{jonas}/move"), ("post", "/admin/people/{jonas}/disable"),
    ("post", "/admin/people/{jonas}/enable"), ("post", "/admin/people/{jonas}/invite"),
    ("post", "/admin/people/{jonas}/link"), ("post", "/admin/people/{jonas}/grants"), ("post", "/admin/grants/{grant}/take"),
    ("get", f"/admin/import/{'0' * 64}"), ("post", f"/admin/import/{'0' * 64}"), ("get", "/admin/import/..%2f..%2fetc"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), HIDDEN)
def test_a_neighbour_is_as_absent_as_what_does_not_exist(town: Town, method: str, path: str) -> None:
    with reading(town.ada_sees.app.state.sessions) as db:
        grant = db.scalars(select(GrantRow.id).where(GrantRow.person_id == town.chief.id)).one()

    def answer(url: str) -> tuple[int, str]:
        response = town.ada_sees.client.request(method, url, headers={"Sec-Fetch-Site": "same-origin"})
        text = re.sub(r"[0-9a-f]{12}|next=[^\"]*", "", response.text)
        return response.status_code, text

    hidden = answer(path.format(jonas=town.jonas.key, grant=grant))
    absent = answer(path.format(jonas="no-such-key", grant=99999).replace("birzai", "no-such-code"))
    assert hidden[0] == 404 and hidden == absent


def test_an_organisation_is_added_renamed_moved_closed_and_opened(town: Town) -> None:
    sees = town.chief_sees
    page = sees.open("/admin/organisations/utena").follow("Add below")
    page = page.press("Add", kind="institution", name="Utenos muziejus", code="utena-vb")
    assert page.status == 422 and page.sees("Another organisation already has this code")
    page = page.press("Add", kind="institution", name="Utenos muziejus", code="utena muziejus")
    assert page.status == 422
    page = page.press("Add", kind="institution", name="Utenos muziejus", code="utena-muziejus")
    assert page.h1 == "Utenos muziejus" and page.sees("Utenos muziejus is added")
    page = page.form("Save").fill(name="Utenos krašto muziejus").press("Save")
    assert page.h1 == "Utenos krašto muziejus"
    page = page.form("Move").fill(organisation="birzai").press("Move")
    assert (page.sees("is moved") and page.sees("Biržų")) or "Biržų" in page.html
    page = page.press("Close")
    assert page.sees("Closed")
    page = page.press("Open again")
    assert not page.sees("Closed")


def test_an_organisation_moves_only_between_places_one_administers(town: Town) -> None:
    page = town.ada_sees.post("/admin/organisations/utena-vb/move", {"organisation": "birzai"})
    assert page.status == 422
    with reading(town.ada_sees.app.state.sessions) as db:
        assert db.scalar(select(Organisation.parent_id).where(Organisation.code == "utena-vb")) == town.utena.id


def test_a_municipality_with_open_institutions_is_not_closed(town: Town) -> None:
    page = town.ada_sees.open("/admin/organisations/utena").press("Close")
    assert page.status == 409 and page.sees("Close the organisations below this one first")


def test_a_search_shows_the_way_to_what_it_found(town: Town) -> None:
    page = town.ada_sees.open("/admin/organisations?q=BIBLIO")
    assert page.sees("Utenos biblioteka") and page.sees("Utenos r. savivaldybė")
    assert town.ada_sees.open("/admin/organisations?q=zzz").sees("Nothing found")


def test_a_person_is_added_and_invited(town: Town) -> None:
    page = town.ada_sees.open("/admin/people/new")
    page = page.press("Add", given_name="", family_name="Nauja", email="ona@utena", organisation="utena-vb")
    assert page.status == 422 and page.sees("Correct 1 field") and 'value="ona@utena"' in page.html
    page = page.press("Add", given_name="Ona", email="ona@utena")
    assert page.status == 422 and page.sees("This is not an e-mail address")
    page = page.press("Add", email="rasa@utena.example")
    assert page.status == 422 and page.sees("Another person already has this e-mail address")
    page = page.press("Add", email="ona@utena.example")
    assert page.h1 == "Ona Nauja" and page.sees("added and invited")
    with reading(town.ada_sees.app.state.sessions) as db:
        assert db.scalars(select(Mail.address)).all() == ["ona@utena.example"]


def test_nobody_is_added_to_a_neighbour(town: Town) -> None:
    values = {"given_name": "Ona", "family_name": "N", "email": "ona@x.example", "organisation": "birzai", "lang": "lt"}
    page = town.ada_sees.post("/admin/people", values)
    assert page.status == 422 and page.sees("There is no such organisation")


def test_somebody_without_mail_is_handed_a_link_once(town: Town) -> None:
    page = town.ada_sees.open("/admin/people/new")
    page = page.press("Add", given_name="Be", family_name="Pašto", staff_number="17", organisation="utena-vb", email="")
    page = page.press("Make a link to hand over")
    assert page.status == 201
    link = re.search(r'value="http://testserver(/set-password/[^"]+)"', page.html)
    assert link is not None
    assert Browser(town.ada_sees.app).open(link.group(1)).sees("Be Pašto")


def test_a_person_is_changed_disabled_and_enabled(town: Town) -> None:
    page = town.ada_sees.open(f"/admin/people/{town.rasa.key}").follow("Change")
    page = page.press("Save", job_title="vedėja")
    assert page.sees("vedėja")
    rasa_sees = town.ada_sees.as_(town.rasa)
    page = page.press("Disable the account")
    assert page.sees("Disabled") and path_of(rasa_sees.open("/account").url) == "/sign-in"
    page = page.press("Enable the account")
    with reading(town.ada_sees.app.state.sessions) as db:
        assert db.get_one(Person, town.rasa.id).state is PersonState.INVITED, "there was never a password"


def test_the_account_of_a_higher_administrator_is_shown_and_not_changed(town: Town) -> None:
    page = town.ada_sees.open(f"/admin/people/{town.chief.key}")
    assert page.status == 200 and "Disable the account" not in page.html
    for verb in ("disable", "edit", "move", "link", "invite"):
        answer = town.ada_sees.post(f"/admin/people/{town.chief.key}/{verb}", {})
        assert answer.status == 403, verb


def test_a_person_moves_with_their_learning_between_places_one_administers(town: Town) -> None:
    page = town.chief_sees.open(f"/admin/people/{town.rasa.key}")
    page = page.form("Move").fill(organisation="birzai").press("Move")
    assert page.sees("is moved") and page.sees("Biržų r. savivaldybė")
    assert town.ada_sees.open(f"/admin/people/{town.rasa.key}").status == 404
    page = town.ada_sees.post(f"/admin/people/{town.ada.key}/move", {"organisation": "birzai"})
    assert page.status == 422


def test_a_role_is_given_and_taken(town: Town) -> None:
    page = town.ada_sees.open(f"/admin/people/{town.rasa.key}")
    page = page.form("Give the role").fill(role="manager", organisation="utena-vb").press("Give the role")
    assert page.sees("The role is given")
    assert town.ada_sees.as_(town.rasa).open("/managing", check=False).status != 403
    page = page.press("Take away")
    assert page.sees("The role is taken away") and path_of(page.url) == f"/admin/people/{town.rasa.key}"
    assert town.ada_sees.as_(town.rasa).open("/managing", check=False).status == 403


def test_a_role_is_given_by_address(town: Town) -> None:
    page = town.ada_sees.open("/admin/grants")
    page = page.form("Give the role").fill(email="jonas@birzai.example", role="trainer", organisation="utena-vb")
    refused = page.press("Give the role")
    assert refused.status == 422 and refused.sees("no person with this address")
    page = refused.form("Give the role").fill(email="RASA@utena.example").press("Give the role")
    assert page.sees("The role is given to Rasa") and page.sees("Petraitė, Rasa")
    assert not town.ada_sees.open("/admin/grants?role=analyst").sees("Petraitė, Rasa")


@pytest.mark.parametrize("place", ["birzai", "place-none"])
def test_a_role_is_not_given_where_one_does_not_administer(town: Town, place: str) -> None:
    page = town.ada_sees.post(f"/admin/people/{town.rasa.key}/grants", {"role": "administrator", "organisation": place})
    assert page.status == 422


def test_an_administrator_keeps_their_own_chair(town: Town) -> None:
    page = town.ada_sees.open("/admin/grants")
    assert not page.sees("Take away Administrator")
    with reading(town.ada_sees.app.state.sessions) as db:
        own = db.scalars(select(GrantRow.id).where(GrantRow.person_id == town.ada.id)).one()
    town.ada_sees.post(f"/admin/grants/{own}/take", {})
    assert town.ada_sees.open("/admin").status == 200


def test_the_list_of_people_is_searched_filtered_and_paged(town: Town) -> None:
    sees = town.ada_sees
    with writing(sees.app.state.sessions) as db:
        from tests import factories

        for n in range(60):
            factories.a_person(db, town.library, given_name="Eilinė", family_name=f"Žmogaitė{n:02d}")
    page = sees.open("/admin/people?organisation=utena-vb")
    assert page.sees("61 people") and page.sees("1–50 of 61")
    page = page.follow("Next")
    assert page.sees("51–61 of 61") and page.sees("Žmogaitė59")
    assert sees.open("/admin/people?q=zmogaite05").sees("1 person")
    assert sees.open("/admin/people?state=disabled").sees("Nobody found")
    assert sees.open("/admin/people?q=%25").sees("Nobody found")
    assert sees.open("/admin/people?page=999&state=nonsense").status == 200


def test_the_trail_shows_each_administrator_their_own_places(town: Town) -> None:
    town.chief_sees.open("/admin/organisations/birzai").form("Save").fill(county="Panevėžio").press("Save")
    town.ada_sees.open("/admin/organisations/utena").form("Save").fill(county="Utenos").press("Save")
    assert town.ada_sees.open("/admin/audit").text.count("Organisation changed") >= 1
    assert "Panevėžio" not in town.ada_sees.open("/admin/audit").html
    page = town.chief_sees.open("/admin/audit?action=organisation.renamed")
    assert page.sees("Panevėžio") and page.sees("2 entries")
    assert page.follow("Check the chain").sees("The chain is whole")
    assert not town.ada_sees.open("/admin/audit?check=1").sees("The chain is whole")
    assert town.chief_sees.open("/admin/audit?who=ada&since=2020-01-01&until=2099-01-01").sees("1 entry")
    assert town.chief_sees.open("/admin/audit?since=nonsense&until=2020-01-01").sees("Nothing found")


def test_a_changed_entry_breaks_the_chain(town: Town) -> None:
    town.chief_sees.open("/admin/organisations/birzai").form("Save").fill(county="Panevėžio").press("Save")
    with writing(town.chief_sees.app.state.sessions) as db:
        row = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id.desc())).first()
        assert row is not None
        row.actor_name = "Somebody Else"
    assert town.chief_sees.open("/admin/audit?check=1").sees("The chain is broken")


def test_failed_jobs_are_shown_to_whoever_administers_everything(town: Town) -> None:
    with writing(town.ada_sees.app.state.sessions) as db:
        from app.kit import clock, jobs
        from app.kit.jobs import JobState

        jobs.later(db, "mail.send", mail_id=1)
        job = db.scalars(select(Job)).one()
        job.state, job.error, job.tries, job.run_at = JobState.FAILED, "Traceback\nOSError: no route", 8, clock.now()
    assert town.chief_sees.open("/admin").sees("1 job has failed for good")
    assert town.chief_sees.open("/admin/health").sees("OSError: no route")
    assert "OSError" not in town.ada_sees.open("/admin/health").html
