"""Jolanta's whole way: from an empty course, a picture, a film and a file of questions to two languages, and a second
version that disturbs nobody."""

from __future__ import annotations

import base64
from collections.abc import Callable

from app.accounts.models import Person
from app.catalog.format.answers import option_id
from app.kit.database import reading, writing
from app.learning import queries as learners
from app.learning.rules import RunState
from tests.assessment.taking import School
from tests.journeys.conftest import Town
from tests.journeys.test_media import CAPTIONS, DROP, FILM, carried, picture
from tests.journeys.test_studio import begin
from tests.journeys.test_versions import IN_PROGRESS, sixty_three_begin, the_course
from tests.journeys.visit import Visit

TITLE, SLUG = "Vandens taupymas", "vandens-taupymas"
FOLDER = "01-pirmasis-modulis"
PAGE = f"{FOLDER}/01-pirmasis-puslapis.md"
QUESTION = "kur-kreiptis-1"
GIFT = "".join(
    f"::Kur kreiptis {n}?:: Kur kreiptis {n}? {{ =Skyrius {n} ~Skyrius {n + 20} ~Niekur }}\n\n" for n in range(1, 11)
).encode()


def test_a_course_from_nothing_to_its_second_version(visit: Callable[..., Visit], town: Town) -> None:
    jolanta, plain = visit(), visit(script=False)
    draft = begin(jolanta, TITLE)
    quiz = _fill(jolanta, draft)
    _translate(plain.become("jolanta"), draft)
    _publish_when_read(jolanta, visit(), draft)

    rasa = visit(width=390).become("rasa").open(f"/courses/{SLUG}")
    assert rasa.heading == "Saving water"
    rasa.press("Register and start")
    assert rasa.page.locator("main img[alt='Lašas ant lapo']").count() == 1
    assert rasa.page.locator("main video track[kind=captions]").count() == 1
    rasa.click("nav.bar form button")
    chosen = sixty_three_begin(town, SLUG, "pirmasis-puslapis")
    _three_answer(town, chosen[:3], quiz)

    _publish_more(jolanta)
    with reading(town.sessions) as db:
        going = learners.people_by_major(db, the_course(town, SLUG).id)
    assert going == {1: {RunState.STARTED: IN_PROGRESS + 1}}
    rasa.open("/learning").follow_to(f"/courses/{SLUG}/changes")
    assert "Dar vienas puslapis." in rasa.text("main")
    rasa.press("Move to version %(version)s", version="2.0").open(f"/courses/{SLUG}")
    assert "Atmintinė" in rasa.text("main")


def _fill(jolanta: Visit, draft: str) -> str:
    """A picture, a film with captions, and ten questions; answers the id of the quiz."""
    jolanta.press("Media library")
    library = jolanta.path
    film = base64.b64decode(jolanta.page.evaluate(FILM))
    sent = carried(("Lašas.jpg", "image/jpeg", picture("teal")), ("Pamoka.webm", "video/webm", film))
    jolanta.page.evaluate(DROP, ["[data-drop]", sent])
    jolanta.press("Add")
    jolanta.page.get_by_label("What does picture 1 show?").fill("Lašas ant lapo")
    jolanta.press("Save", within="section:has(#texts-title)")
    for name in ("lasas.jpg", "pamoka.webm"):
        jolanta.press(name, within=".shelf")
        if name == "pamoka.webm":
            jolanta.attach("captions", "pamoka.vtt", CAPTIONS, "text/vtt").press("Save the captions")
            jolanta.fill("transcript", "Mokytoja pasisveikina.").press("Save the transcript")
        jolanta.choose("page", PAGE).press("Add to the end of this page")
        jolanta.open(library)
    jolanta.open(draft).unfold("Add a page or a quiz").fill("title-0", "Testas").press("Add a quiz")
    jolanta.open(draft).press("Import questions")
    into = [str(one.get_attribute("value")) for one in jolanta.page.locator("select[name=into] option").all()]
    place = next(one for one in into if "@" in one)
    jolanta.choose("into", place).attach("file", "klausimai.gift", GIFT, "text/plain").press("Import")
    assert "10 questions are set in." in jolanta.text()
    assert "All 11 questions of the course" in jolanta.heading
    return place.partition("@")[0]


def _translate(plain: Visit, draft: str) -> None:
    plain.open(f"{draft}/edit?file={PAGE}").press("Add: %(language)s", language="English")
    plain.fill("text", "---\nlang: en\ntitle: The first page\n---\n\n").press("Save")
    plain.open(f"{draft}/edit?file=course.en.md")
    plain.fill("text", "---\nlang: en\ntitle: Saving water\nsummary: Where it goes.\n---\n").press("Save")


def _send(jolanta: Visit, draft: str) -> str:
    """From the outline to where it is published."""
    jolanta.open(draft).press("Publish…").press("See what changes, and publish")
    return jolanta.path


def _publish_when_read(jolanta: Visit, second: Visit, draft: str) -> None:
    where = _send(jolanta, draft)
    jolanta.page.locator("#review-note").fill("Ar klausimai aiškūs?")
    jolanta.press("Ask for a review")
    second.become("admin").open("/teaching/reviews")
    second.click("section[aria-labelledby=waiting] a.who:has-text('Saving water')")
    for box in second.page.locator("input[name=checklist]").all():
        box.check()
    second.press("Approve")
    assert second.sees("Approved")
    jolanta.open(where).press("Publish v%(version)s", version="1.0")
    assert jolanta.sees("Version %(version)s is published.", version="1.0")


def _three_answer(town: Town, chosen: list[int], quiz: str) -> None:
    """One of them answers what the key does not know to be right."""
    with writing(town.sessions) as db:
        school = School(db, None, None, None, None, slug=SLUG)  # type: ignore[arg-type]
        for person_id, said in zip(chosen, ("Skyrius 1", "Skyrius 21", "Niekur"), strict=True):
            person = db.get_one(Person, person_id)
            school.take(person, {QUESTION: option_id(said)}, quiz=quiz)


def _publish_more(jolanta: Visit) -> None:
    draft = jolanta.open(f"/teaching/courses/{SLUG}").press("Edit in the studio").path.split("?")[0]
    jolanta.unfold("Add a page or a quiz").fill("title-0", "Atmintinė").press("Add a page")
    _send(jolanta, draft)
    assert jolanta.page.locator("input[name=level][value=minor]").is_disabled()
    jolanta.tick("input[name=level][value=major]").fill("note", "Dar vienas puslapis.").press("Publish")
    assert jolanta.sees("Version %(version)s is published.", version="2.0")
