"""Certificates: one for each completion, numbered without gaps, on paper as an archive takes them."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import queries as people
from app.accounts.models import Notice, Person
from app.accounts.rules import NoticeKind
from app.certificates import access, format, queries, rules
from app.certificates import actions as certificates
from app.certificates.models import Certificate
from app.certificates.queries import CertificateCard
from app.certificates.rules import Paper, State
from app.jobs import WORK, handlers
from app.kit import audit, clock, i18n, jobs, mail
from app.kit.actor import SYSTEM, Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Invalid, NotFound
from app.learning import actions as learning
from app.learning import queries as runs
from app.organisations.models import Organisation
from app.organisations.rules import Kind
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.settings import Settings
from app.web import notices
from tests import factories

PAPER = Paper(
    number="UTE-2026-000123",
    key="2345-6789".replace("-", "") * 3,
    lang="lt",
    holder="Žydrūnė Čiurlionytė-Šėžienė #evil[x] $a$ *b*",
    course="Asmens duomenų apsauga: ąčęėįšųūž “kabutės”",
    version="1.2",
    institution="Utenos rajono savivaldybės administracija",
    owner="Druskininkų švietimo centras",
    minutes=95,
    outcomes=("Paaiškinti, kas yra asmens duomenys.", "Atsakyti į prašymą per mėnesį.", "#let x = 1"),
    completed_on=date(2026, 3, 31),
    issued_on=date(2026, 4, 1),
    valid_until=date(2028, 3, 31),
)


def test_how_a_certificate_stands_is_worked_out() -> None:
    today = date(2026, 3, 31)

    def stands(*, revoked: bool = False, superseded: bool = False, until: date | None = None) -> State:
        return rules.state(revoked=revoked, superseded=superseded, valid_until=until, today=today)

    assert stands() is State.VALID and stands(until=today) is State.VALID
    assert stands(until=today - timedelta(days=1)) is State.EXPIRED
    assert stands(superseded=True, until=date(2020, 1, 1)) is State.SUPERSEDED
    assert stands(revoked=True, superseded=True) is State.REVOKED


def test_numbers_and_codes_are_easy_to_say() -> None:
    assert rules.number("UTE", 2026, 123) == "UTE-2026-000123"
    given = rules.prefixes("utenos-r-administracija", first=True)
    assert [next(given) for _ in range(3)] == ["UTE", "UTERA", "UTENOSRA"]
    assert next(rules.prefixes("širvintų-globos-namai", first=False)) == "SIRGN"
    assert next(rules.prefixes("-", first=False)) == "X"
    assert rules.initials("Rasa Petrauskienė-Šėžienė") == "R. P. Š." and rules.initials("") == ""
    keys = {rules.new_key() for _ in range(200)}
    assert len(keys) == 200 and all(rules.normal_key(rules.grouped(key).upper()) == key for key in keys)


@pytest.mark.parametrize(("lang", "title", "hours"), [
    ("lt", "", "1,5"), ("en", "Certificate", "1.5"), ("nb", "", "1,5"),
])  # fmt: skip
def test_the_paper_is_what_archives_and_screen_readers_take(lang: str, title: str, hours: str) -> None:
    paper = replace(PAPER, lang=lang)
    made = format.as_pdf(paper, "https://mokymai.example/")
    assert format.as_pdf(paper, "https://mokymai.example/") == made  # the same paper is the same file
    pdf = PdfReader(io.BytesIO(made))
    catalog = pdf.trailer["/Root"]
    assert str(catalog["/Lang"]).split("-")[0] == lang and catalog["/MarkInfo"]["/Marked"]
    with i18n.speaking(lang):
        said = format.words(paper, "https://mokymai.example")
    assert pdf.metadata is not None and pdf.metadata.title == said["document"] and title in said["title"]
    xmp = catalog["/Metadata"].get_data().decode()
    for name, value in (("pdfaid:part", "2"), ("pdfaid:conformance", "A"), ("pdfuaid:part", "1")):
        assert f"<{name}>{value}</{name}>" in xmp or f'{name}="{value}"' in xmp
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert len(pdf.pages) == 1
    for words in (paper.number, paper.course, paper.institution, *paper.outcomes, f"{hours}", said["title"]):
        assert " ".join(words.split()) in text
    assert "#evil[x] $a$ *b*" in text  # what is in a name is printed, not run
    kinds = _kinds(catalog["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Figure", "/Link"} <= set(kinds)
    assert kinds["/Figure"] == [said["qr_text"]]
    links = [one.get_object()["/A"]["/URI"] for one in pdf.pages[0]["/Annots"] if "/A" in one.get_object()]
    assert set(links) == {f"https://mokymai.example/verify/{paper.key}"}


def _kinds(node: object, found: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """Every kind of tag in a document, with the texts that stand for pictures."""
    found = {} if found is None else found
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict):
        if "/S" in node and "/K" in node:
            found.setdefault(str(node["/S"]), []).extend([str(node["/Alt"])] if "/Alt" in node else [])
        _kinds(node.get("/K"), found)
    elif isinstance(node, list):
        for one in node:
            _kinds(one, found)
    return found


def _finish(db: Session, person: Person, slug: str) -> int:
    actor = factories.actor_for(db, person)
    run = runs.run_for(db, person.id, slug)
    assert run is not None
    if not run.enrolled:
        learning.enrol(db, actor, person_id=person.id, course_id=run.course_id)
        run = runs.run_for(db, person.id, slug)
        assert run is not None
    for page in run.outline.pages:
        learning.finish_page(db, actor, run, page.id)
    assert run.enrolment_id is not None
    return run.enrolment_id


def _house(db: Session, blobs: Blobs) -> tuple[Organisation, Organisation]:
    town = factories.an_organisation(db, "Utena", parent=factories.an_organisation(db), code="utenos-r-sav")
    office = factories.an_organisation(
        db, "The office", parent=town, code="utenos-r-administracija", kind=Kind.ADMINISTRATION
    )
    factories.a_course(db, blobs, "short", owner=town, pages=1, questions=0)
    return town, factories.an_organisation(db, "The desk", parent=office, code="utenos-r-desk")


def _one(db: Session, enrolment_id: int) -> CertificateCard:
    found = queries.of_enrolment(db, enrolment_id)
    assert found is not None
    return found


def test_a_completion_is_certified_once_and_a_newer_one_takes_its_place(
    sessions: Sessions, settings: Settings, blobs: Blobs
) -> None:
    work = handlers(settings)
    began = clock.now() - timedelta(days=500)
    with clock.at(began), writing(sessions) as db:
        town, desk = _house(db, blobs)
        learner = factories.a_person(db, desk, given_name="Rasa", family_name="Petrauskienė", lang="en")
        manager = factories.actor_for(db, factories.a_person(db, desk, roles=[Role.MANAGER], at=town))
        stranger = factories.actor_for(db, factories.a_person(db, town, roles=[Role.MANAGER], at=desk))
        course = runs.run_for(db, learner.id, "short")
        assert course is not None
        rule = required.simple(course.course_id, town.id, (began + timedelta(days=30)).date())
        rule = replace(rule, terms=replace(rule.terms, valid_months=12, window_days=60))
        requirements.set_rule(db, manager, rule=rule)
        first = _finish(db, learner, "short")
    with clock.at(began):
        jobs.drain(sessions, work)
    with clock.at(began), writing(sessions) as db:
        # Asked again, by the job and by hand: nothing more comes of it.
        assert certificates.issue(db, SYSTEM, enrolment_ids=[first]).numbers == ()
        card = _one(db, first)
        assert card.paper.number == f"UTE-{began.year}-000001" and card.paper.institution == "The office"
        assert (card.paper.holder, card.paper.lang) == ("Rasa Petrauskienė", "en")
        assert card.state is State.VALID and card.paper.outcomes == ("Explain it", "Apply it", "Assess it")
        # Until when it is good, the requirement says, and not the course.
        assert card.paper.valid_until == required.validity(db, [first])[first] is not None
        assert access.own_certificate(db, factories.actor_for(db, learner), first).id == card.id
        with pytest.raises(NotFound):
            access.own_certificate(db, manager, first)
        with pytest.raises(NotFound):
            access.certificate_for(db, stranger, card.paper.key)  # who manages the desk does not manage the office
        assert access.certificate_for(db, manager, card.paper.key).id == card.id
    with reading(sessions) as db:
        assert _one(db, first).state is State.EXPIRED
    with writing(sessions) as db:
        requirements.renew(db)
        jobs_before = runs.run_for(db, learner.id, "short")
        assert jobs_before is not None and jobs_before.enrolment_id != first
        second = _finish(db, learner, "short")
    jobs.drain(sessions, work)
    with writing(sessions) as db:
        old, new = _one(db, first), _one(db, second)
        assert (old.state, old.superseded_by, new.state) == (State.SUPERSEDED, new.paper.number, State.VALID)
        assert [one.id for one in queries.of_person(db, learner.id)] == [new.id, old.id]
        found, total = queries.listed(db, access.visible_to(manager), search="petrausk rasa")
        assert total == 2 and {one.id for one in found} == {old.id, new.id}
        assert queries.listed(db, access.visible_to(stranger)) == ((), 0)
        with pytest.raises(Invalid):
            certificates.revoke(db, manager, certificate=new, reason="  ")
        assert certificates.revoke(db, manager, certificate=new, reason="Somebody else sat the test.")
        assert not certificates.revoke(db, manager, certificate=new, reason="Another")
        old, new = _one(db, first), _one(db, second)
        # What was revoked takes nobody's place: the one before it is again what it was, which is expired.
        assert (old.state, new.state, new.reason) == (State.EXPIRED, State.REVOKED, "Somebody else sat the test.")
        assert not audit.broken_links(db)


@pytest.mark.parametrize(("lang", "ending"), [("lt", "panaikintas"), ("en", "revoked"), ("nb", "tilbakekalt")])
def test_whoever_held_it_is_told_why_it_was_revoked_and_whom_to_ask(
    db: Session, blobs: Blobs, settings: Settings, lang: str, ending: str
) -> None:
    """In their own language, once; who has no address reads it in a notice."""
    town, desk = _house(db, blobs)
    office = db.get_one(Organisation, desk.parent_id)
    nearest = factories.a_person(db, office, roles=[Role.MANAGER], at=office, given_name="Ona", family_name="Artima")
    boss = factories.a_person(db, town, roles=[Role.MANAGER], at=town)
    above = factories.actor_for(db, boss)
    rasa, quiet = (factories.a_person(db, desk, lang=lang) for _ in range(2))
    quiet.email = None
    ids = [_finish(db, one, "short") for one in (rasa, quiet, nearest)]
    certificates.issue(db, SYSTEM, enrolment_ids=ids)
    for enrolment_id, by in zip(ids, (above, SYSTEM, SYSTEM), strict=True):
        assert certificates.revoke(db, by, certificate=_one(db, enrolment_id), reason="Kitas žmogus <laikė>.")
    assert not certificates.revoke(db, SYSTEM, certificate=_one(db, ids[0]), reason="Another")
    rows = db.scalars(select(jobs.Job).where(jobs.Job.kind == "certificates.revoked")).all()
    assert len(rows) == 3
    for row in [*rows, *rows]:  # a job that is repeated tells nobody twice
        WORK["certificates.revoked"](db, settings, row.data)
    told = {
        row.person_id: row for row in db.scalars(select(Notice).where(Notice.kind == NoticeKind.CERTIFICATE_REVOKED))
    }
    assert set(told) == {rasa.id, quiet.id, nearest.id}
    asked = {one: row.data["ask"] for one, row in told.items()}
    assert asked[rasa.id] == f"{above.name}, The office, {boss.email}"
    assert asked[quiet.id] == f"Ona Artima, The office, {nearest.email}"
    assert asked[nearest.id] == asked[rasa.id], "nobody is told to ask themselves"
    letters = {one.person_id: one for one in db.scalars(select(mail.Mail)) if ending in one.subject}
    assert rasa.id in letters and quiet.id not in letters
    letter = letters[rasa.id]
    assert letter.lang == lang and letter.address == rasa.email and f"{ending}" in letter.text
    for words in ("Kitas žmogus <laikė>.", asked[rasa.id], _one(db, ids[0]).paper.number, "/learning/record"):
        assert words in letter.text
    with i18n.speaking(lang):
        card = next(one for one in people.notices_of(db, quiet.id) if one.kind is NoticeKind.CERTIFICATE_REVOKED)
        said = notices.line(card)
    assert ending in said.text and asked[quiet.id] in said.text and said.quote == "Kitas žmogus <laikė>."


def test_numbers_have_no_gaps_whoever_asks_at_once(sessions: Sessions, blobs: Blobs) -> None:
    people, together = 9, 3
    with writing(sessions) as db:
        _town, desk = _house(db, blobs)
        ids = [_finish(db, factories.a_person(db, desk), "short") for _ in range(people)]
    start = threading.Barrier(together)
    failed: list[BaseException] = []

    def issue(turn: int) -> None:
        start.wait()
        try:
            # Everybody issues for everybody, each beginning elsewhere, and every third gives up at the end.
            for at in range(people):
                with writing(sessions) as db:
                    certificates.issue(db, SYSTEM, enrolment_ids=[ids[(at + turn * 2) % people]])
                    if (at + turn) % 3 == 0:
                        db.rollback()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=issue, args=(turn,)) for turn in range(together)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed
    with writing(sessions) as db:
        certificates.issue(db, SYSTEM, enrolment_ids=ids)
        year = clock.now().astimezone(clock.LOCAL).year
        numbers = db.scalars(select(Certificate.number).order_by(Certificate.serial)).all()
        assert numbers == [f"UTE-{year}-{n:06d}" for n in range(1, people + 1)]
        assert not queries.lacking(db)


def test_institutions_count_each_for_itself_and_what_others_certify_is_left(db: Session, blobs: Blobs) -> None:
    town, desk = _house(db, blobs)
    library = factories.an_organisation(db, parent=town, code="utenos-biblioteka")
    laundry = factories.an_organisation(db, parent=town, code="utenos-baseinas")
    ids = [_finish(db, factories.a_person(db, place), "short") for place in (desk, library, laundry, library)]
    # What stands for a completion without the course having been taken is no reason to certify it.
    waived = factories.a_person(db, desk)
    manager = factories.actor_for(db, factories.a_person(db, town, roles=[Role.MANAGER]))
    course = runs.run_for(db, waived.id, "short")
    assert course is not None
    credited = learning.credit(
        db, manager, person_id=waived.id, course_id=course.course_id, kind=learning_kind(), at=clock.now(), key="w",
        new=False, note="", valid_until=None,
    )  # fmt: skip
    assert credited.completed_at is not None
    assert [one.enrolment_id for one in queries.lacking(db, path=library.path)] == [ids[1], ids[3]]
    tomorrow = clock.today() + timedelta(days=1)
    assert queries.lacking(db, since=tomorrow) == () and len(queries.lacking(db, course_id=course.course_id)) == 4
    certificates.issue(db, SYSTEM, enrolment_ids=[*ids, credited.id])
    year = clock.now().astimezone(clock.LOCAL).year
    given = {one: _one(db, one).paper.number for one in ids}
    assert given == {
        ids[0]: f"UTE-{year}-000001",
        ids[1]: f"UTEB-{year}-000001",
        ids[2]: f"UTENOSBA-{year}-000001",
        ids[3]: f"UTEB-{year}-000002",
    }
    assert queries.numbers_of(db, [*ids, credited.id]) == given
    # A person renamed later: the paper says what it said.
    db.execute(update(Person).where(Person.id == _one(db, ids[0]).person_id).values(family_name="Another"))
    assert "Another" not in _one(db, ids[0]).paper.holder
    # Who has left and lost the name loses it here, too; the number stays.
    assert certificates.forget_leavers(db) == 0
    db.execute(update(Person).where(Person.id == _one(db, ids[0]).person_id).values(nameless_at=clock.now()))
    assert (certificates.forget_leavers(db), certificates.forget_leavers(db)) == (1, 0)
    assert _one(db, ids[0]).paper.holder == "" and _one(db, ids[0]).paper.number == given[ids[0]]


def learning_kind() -> object:
    from app.learning.rules import Kind

    return Kind.WAIVED
