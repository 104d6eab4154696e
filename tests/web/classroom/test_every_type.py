"""Every type of question, taken and marked through its pages, without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markupsafe import Markup

from app.assessment import rules
from tests.browser import Browser, Page
from tests.web.classroom.conftest import QUIZ, RIGHT, SLUG, Class

PDF = b"%PDF-1.7\n1 0 obj\n"
ESSAY = " ".join(["Sustabdyti", "įvertinti", "pranešti"] * 8)


def answer(one: Class, page: Page, question: str, place: int, **form: object) -> Page:
    base = page.url.split("/attempts/")[0] + "/attempts/" + page.url.split("/attempts/")[1].split("/")[0]
    shown = one.learner.open(f"{base}/{place}")
    sent = shown.form("Save")
    for name, value in form.items():
        sent.values = [(n, v) for n, v in sent.values if n != name]
        sent.values += [(name, str(v)) for v in (value if isinstance(value, list) else [value])]
    return sent.press("Save")


def answer_all(one: Class, page: Page, *, essay: str = ESSAY, file: bytes = PDF) -> Page:
    """Everything right that a rule marks, and something for a person."""
    places, bodies = one.places(page), one.bodies(page)
    for question, form in RIGHT.items():
        full = dict(form)
        if question == "visiems":
            full = {"answer": rules.full_answer(bodies[question])["options"]}
        if question == "taisykle":
            full["part-pavojus"] = rules.full_answer(bodies[question])["parts"]["pavojus"]
        answer(one, page, question, places[question], **full)
    if essay:
        answer(one, page, "veiksmai", places["veiksmai"], answer=essay)
    answer(one, page, "naudingas", places["naudingas"], answer="s3")
    base = page.url.rsplit("/", 1)[0]
    if file:
        sent = one.learner.open(f"{base}/{places['forma']}").form("Send the file")
        sent.files["file"] = ("Onos forma.pdf", file)
        assert sent.press("Send the file").sees("Onos forma.pdf")
    return one.learner.open(f"{base}/review")


def test_every_type_is_taken_marked_and_passed(a_class: Callable[..., Class]) -> None:
    one = a_class()
    review = answer_all(one, one.begin())
    assert review.h1 == "Everything is answered. Hand in?"
    result = review.press("Hand in the answers")
    assert result.sees("Waiting to be marked")
    assert "so far: a person marks the rest" in result.h1
    assert result.h1.startswith("13 of 20")
    assert not result.sees("Not passed")
    assert one.learner.open(f"/courses/{SLUG}/quizzes/{QUIZ}").sees("Waiting to be marked")
    assert "Passed" not in one.learner.open(f"/courses/{SLUG}/pages/testas").text

    marking = one.trainer.open("/teaching/marking")
    assert marking.h1 == "2 answers wait for you"
    paper = one.trainer.open(_paper(marking, "veiksmai"))
    assert paper.sees("Sustabdyti įvertinti pranešti")
    assert paper.sees("2 taškai: sustabdyta") or paper.sees("2 points: contained")
    assert paper.sees("Pirmiausia atjunkite tinklą") or paper.sees("A model answer")
    back = paper.press("Mark the answer", points="4,5", comment="Labai gerai.")
    assert back.h1 == "1 answer waits for you"
    assert one.learner.open("/notices").text.count("have been marked") == 0
    page = one.trainer.open(_paper(back, "forma")).press("Mark the answer", points="2", comment="")
    assert page.h1 == "No answers wait for you"

    assert one.learner.open("/notices").sees("Your answers in “Clear communication” have been marked.")
    result = one.learner.open("/notices").follow("See the result")
    assert result.sees("Passed") and result.h1.startswith("19.5 of 20")
    assert result.sees("Labai gerai.")
    assert result.sees("4.5 of 5")
    assert one.learner.open(f"/courses/{SLUG}/pages/testas").sees("Passed")


def _paper(page: Page, question: str) -> str:
    return next(url for url in page.links().values() if url.endswith(f"/{question}"))


def test_an_attempt_that_waits_can_come_out_as_not_passed(a_class: Callable[..., Class]) -> None:
    one = a_class()
    page = one.begin()
    places = one.places(page)
    answer(one, page, "veiksmai", places["veiksmai"], answer="Nežinau.")
    base = page.url.rsplit("/", 1)[0]
    result = one.learner.open(f"{base}/review").press("Hand in the answers")
    assert result.sees("Waiting to be marked") and not result.sees("Not passed")
    waiting = one.trainer.open("/teaching/marking")
    one.trainer.open(_paper(waiting, "veiksmai")).press("Mark the answer", points="0", comment="")
    assert one.learner.open(base).sees("Not passed")


def test_marking_anew_adds_a_row_and_passed_stays_passed(a_class: Callable[..., Class]) -> None:
    one = a_class()
    result = answer_all(one, one.begin(), file=b"").press("Hand in the answers")
    paper = one.trainer.open(_paper(one.trainer.open("/teaching/marking"), "veiksmai"))
    paper.press("Mark the answer", points="5", comment="Puiku.")
    assert one.learner.open(result.url).sees("Passed")
    again = one.trainer.open(paper.url)
    assert again.sees("Marked before") and again.sees("Puiku.")
    again.press("Mark the answer anew", points="0", comment="Suklydau.")
    result = one.learner.open(result.url)
    assert result.sees("Passed") and result.h1.startswith("13 of 20") and result.sees("Suklydau.")
    last = one.trainer.open(paper.url)
    assert last.sees("Puiku.") and last.sees("Suklydau.")


def test_of_two_who_mark_at_once_one_is_told(a_class: Callable[..., Class]) -> None:
    one = a_class()
    answer_all(one, one.begin(), file=b"").press("Hand in the answers")
    url = _paper(one.trainer.open("/teaching/marking"), "veiksmai")
    mine, yours = one.trainer.open(url), one.trainer.open(url)
    mine.press("Mark the answer", points="5", comment="")
    refused = yours.press("Mark the answer", points="1", comment="Mine")
    assert refused.status == 409 and refused.sees("Somebody has marked this answer a moment ago")
    assert refused.sees("5 of 5")


@pytest.mark.parametrize("points", ["5.1", "-1", "many", ""])
def test_points_stay_within_the_question(a_class: Callable[..., Class], points: str) -> None:
    one = a_class()
    answer_all(one, one.begin(), file=b"").press("Hand in the answers")
    url = _paper(one.trainer.open("/teaching/marking"), "veiksmai")
    refused = one.trainer.open(url).press("Mark the answer", points=points, comment="Kept.")
    assert refused.status == 422 and "Kept." in refused.html
    assert one.trainer.open("/teaching/marking").h1 == "1 answer waits for you"


def test_the_marker_learns_no_name_until_the_course_says_so(a_class: Callable[..., Class]) -> None:
    one = a_class()
    answer_all(one, one.begin()).press("Hand in the answers")
    waiting = one.trainer.open("/teaching/marking")
    pages = [waiting, one.trainer.open(_paper(waiting, "veiksmai")), one.trainer.open(_paper(waiting, "forma"))]
    for page in pages:
        assert "Onaity" not in page.html and "Onos" not in page.html
        assert page.sees("Name hidden")
    sent = one.trainer.client.get(_paper(waiting, "forma") + "/file")
    assert sent.content == PDF and "Onos" not in sent.headers["content-disposition"]
    waiting.press("Show the names")
    assert one.trainer.open(pages[1].url).sees("Ona Onaitytė")
    one.trainer.open("/teaching/marking").press("Hide the names")
    assert "Onaity" not in one.trainer.open(pages[1].url).html


def test_a_file_is_sent_back_to_be_saved_and_to_nobody_else(a_class: Callable[..., Class], browser: Browser) -> None:
    one = a_class()
    page = one.begin()
    answer_all(one, page)
    url = f"{page.url.rsplit('/', 1)[0]}/{one.places(page)['forma']}/file"
    sent = one.learner.client.get(url)
    assert sent.content == PDF
    assert sent.headers["content-disposition"].startswith("attachment")
    assert sent.headers["cache-control"] == "no-store"
    assert "sandbox" in sent.headers["content-security-policy"]
    assert one.trainer.client.get(url).status_code == 404
    # Before it was handed in, it is nobody's to mark.
    assert one.trainer.open("/teaching/marking").h1 == "No answers wait for you"
    gone = one.learner.open(url.removesuffix("/file")).press("Remove the file")
    assert one.learner.client.get(url).status_code == 404 and gone.status == 200


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.exe", b"MZ", "of this kind are not taken"),
        ("a.pdf", b"<html>", "not what its name says"),
        ("a.pdf", PDF + b"0" * (5 << 20), "larger than 5 MB"),
    ],
)
def test_another_file_is_refused_on_its_page(a_class: Callable[..., Class], name: str, data: bytes, why: str) -> None:
    one = a_class()
    page = one.begin()
    form = one.learner.open(f"{page.url.rsplit('/', 1)[0]}/{one.places(page)['forma']}").form("Send the file")
    form.files["file"] = (name, data)
    refused = form.press("Send the file")
    assert refused.status == 422 and refused.sees(why)
    kept = [p for p in one.app.state.blobs.folder.rglob("*") if p.is_file() and p.read_bytes() == data]
    assert not kept


def test_things_are_put_in_order_by_buttons(a_class: Callable[..., Class]) -> None:
    one = a_class()
    page = one.begin()
    place = one.places(page)["zingsniai"]
    base = page.url.rsplit("/", 1)[0]
    shown = one.learner.open(f"{base}/{place}")
    wanted = ["Stop it", "Assess the risk", "Notify", "Write it down"]
    assert _order(shown) != wanted
    assert one.learner.open(f"{base}/review").sees(f"Question {place}")
    for at, name in enumerate(wanted):
        while _order(shown).index(name) > at:
            shown = shown.press(f"Move up: {name}")
            assert shown.sees(f"“{name}” is now number {_order(shown).index(name) + 1} of 4.")
    assert _order(one.learner.open(f"{base}/{place}")) == wanted
    result = one.learner.open(f"{base}/review").press("Hand in the answers")
    assert result.sees("1 of 1")


def _order(page: Page) -> list[str]:
    [listed] = [e for e in page.all("ol") if "order" in (e.get("class") or "").split()]
    return [" ".join("".join(item.findall("span")[1].itertext()).split()) for item in listed.findall("li")]


def test_a_page_left_as_it_was_is_no_answer(a_class: Callable[..., Class]) -> None:
    one = a_class()
    page = one.begin()
    places = one.places(page)
    for question in ("zingsniai", "vaidmenys", "taisykle", "veiksmai", "forma", "naudingas"):
        answer(one, page, question, places[question])
    review = one.learner.open(f"{page.url.rsplit('/', 1)[0]}/review")
    assert review.h1 == f"{len(places)} questions are not answered yet"


def test_an_answer_given_in_one_language_counts_in_another(a_class: Callable[..., Class]) -> None:
    """In the middle of an attempt and of a page: the words change, what was chosen and typed stays."""
    one = a_class()
    page = one.begin()
    places = one.places(page)
    answer(one, page, "vaidmenys", places["vaidmenys"], **RIGHT["vaidmenys"])
    answer(one, page, "taisykle", places["taisykle"], **{"part-kam": "supervisory authority", "part-kiek": "72"})
    answer(one, page, "kas", places["kas"], answer="data protection officer")
    base = page.url.rsplit("/", 1)[0]
    one.learner.speaking("lt")
    shown = one.learner.open(f"{base}/{places['vaidmenys']}")
    assert shown.sees("Sujunkite vaidmenis su pareigomis") and shown.sees("Valdytojas")
    chosen = [o.get("value") for o in shown.all("option") if o.get("selected") is not None]
    assert chosen == ["tikslai", "nurodymai", "nurodymai"]
    gaps = one.learner.open(f"{base}/{places['taisykle']}")
    assert "supervisory authority" in gaps.html and gaps.sees("Valdytojas praneša")
    one.learner.speaking("nb")  # which the course does not speak: the attempt's own language
    assert one.learner.open(f"{base}/{places['vaidmenys']}").sees("Match the roles")
    one.learner.speaking("en")
    result = one.learner.open(f"{base}/review").press("Hand in the answers")
    assert result.sees("3 of 3") and result.sees("2 of 3")  # every pair; two gaps of three


def test_a_hint_is_shown_when_it_is_asked_for_and_costs_what_it_says(a_class: Callable[..., Class]) -> None:
    one = a_class("mode=practice")
    page = one.begin()
    place = one.places(page)["terminas"]
    one.learner.speaking("lt")
    shown = one.learner.open(f"{page.url.rsplit('/', 1)[0]}/{place}")
    assert "Skaičiuojama valandomis" not in shown.html
    shown = one.learner.post(shown.url, {"go": "hint"})
    assert shown.sees("Skaičiuojama valandomis.")
    one.learner.speaking("en")
    answer(one, page, "terminas", place, answer="h72")
    result = one.learner.open(f"{page.url.rsplit('/', 1)[0]}/review").press("Hand in the answers")
    assert result.sees("0.9 of 1") and result.sees("Hints: 1, less 0.1 points.")


def test_a_test_gives_no_hints(a_class: Callable[..., Class]) -> None:
    one = a_class("mode=exam")
    page = one.begin()
    url = f"{page.url.rsplit('/', 1)[0]}/{one.places(page)['terminas']}"
    assert not one.learner.open(url).sees("hint")
    assert one.learner.post(url, {"answer": "h72", "go": "hint"}).status == 403


def test_a_scale_is_asked_in_its_order_and_has_no_points(a_class: Callable[..., Class]) -> None:
    one = a_class()
    page = one.begin()
    shown = one.learner.open(f"{page.url.rsplit('/', 1)[0]}/{one.places(page)['naudingas']}")
    assert shown.sees("without points") and shown.sees("Nothing here is right or wrong.")
    assert [Markup(e.get("value")) for e in shown.all("input") if e.get("type") == "radio"] == ["s1", "s2", "s3"]


SECRETS = re.compile(
    r"taškai: sustabdyta|points: contained|Užpildyti visi|atjunkite|Laikas eina|surašyti sutartyje|Tik kai pavojus|Ne visi\."
    r"|Beveik|kibernetinio|fraction|o2c521f|\brubric|\bsample|Skaičiuojama"
)


@pytest.mark.parametrize("lang", ["lt", "en"])
@pytest.mark.parametrize("mode", ["mode=exam", "mode=check"])
def test_nothing_of_the_key_leaves_before_it_may(a_class: Callable[..., Class], lang: str, mode: str) -> None:
    one = a_class(mode)
    page = one.begin()
    one.learner.speaking(lang)
    base = page.url.rsplit("/", 1)[0]
    texts = [one.learner.client.get(f"{base}/{place}").text for place in one.places(page).values()]
    texts.append(one.learner.client.get(f"{base}/review").text)
    texts.append(one.learner.client.get(f"/courses/{SLUG}/quizzes/{QUIZ}").text)
    texts.append(one.learner.client.get(f"/courses/{SLUG}/pages/testas").text)
    # The spellings that are accepted stand nowhere on the page that asks for them.
    places = one.places(page)
    for question, spelling in (("taisykle", r"institucij|supervisory|\b72\b"), ("kas", r"pareigūn|officer")):
        [main] = re.findall(r"<main.*</main>", one.learner.client.get(f"{base}/{places[question]}").text, re.DOTALL)
        assert not re.search(spelling, main)
    for text in texts:
        found = SECRETS.search(text)
        assert found is None, text[max(0, found.start() - 60) : found.end() + 60]
    # An exam that did not pass keeps its right answers, and what is held against an open answer, for later.
    result = one.learner.client.post(f"{base}/submit", headers={"Sec-Fetch-Site": "same-origin"})
    assert result.status_code == 303
    said = one.learner.client.get(base).text
    assert "2 taškai: sustabdyta" not in said and "points: contained" not in said
    if mode == "mode=exam":
        assert "surašyti sutartyje" not in said
        assert "Right answer" not in said and "atjunkite" not in said


def test_a_trainer_does_not_mark_an_answer_of_their_own(a_class: Callable[..., Class]) -> None:
    one = a_class()
    one.learner, trainer = one.trainer, one.trainer
    trainer.open(f"/courses/{SLUG}").press("Register")
    answer_all(one, one.begin(), file=b"").press("Hand in the answers")
    assert trainer.open("/teaching/marking").h1 == "No answers wait for you"


def test_before_a_test_one_reads_who_will_see_the_answers(a_class: Callable[..., Class]) -> None:
    one = a_class()
    page = one.learner.open(f"/courses/{SLUG}/quizzes/{QUIZ}")
    assert page.sees("You, and the trainer who marks your answers")
    assert page.sees("8 of 10 questions") and "11 questions" in page.h1  # a scale has no right answer
