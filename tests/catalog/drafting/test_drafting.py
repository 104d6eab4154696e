"""The pure side of the studio: outlines, heads, moves, and questions that go through a form unchanged."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog.drafting import asking, blocks, finding, heads, moving, starting
from app.catalog.drafting.outline import shape
from app.catalog.format import reader
from app.catalog.format.languages import all_questions
from app.catalog.format.model import QuestionType
from tests.catalog.exchange.inventing import asked, course_of, questions_of
from tests.catalog.format import every_type
from tests.catalog.format.writing import FILES, QUIZ

EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
PAGE = "01-pradzia/01-kodel.md"


@EXAMPLES
@pytest.mark.parametrize("kind", list(QuestionType), ids=lambda kind: kind.value)
@given(data=st.data())
def test_a_question_goes_through_its_form_unchanged(kind: QuestionType, data: st.DataObject) -> None:
    if kind is QuestionType.SCALE:
        return
    course = course_of(data.draw(asked(kind, rich=True)))
    if course is None:  # nothing that an author could have written
        return
    [question] = questions_of(course)
    form = asking.form_of(question, "lt")
    # As a browser sends it: every field as text, rows by number.
    sent = _sent(form)
    typed = asking.form_from(sent, asking.blank(form.type, form.id))
    result = asking.checked(typed, "lt")
    assert result.problems == ()
    assert result.form == form


def _sent(form: asking.QuestionForm) -> dict[str, str]:
    sent = {
        "title": form.title,
        "stem": form.stem,
        "points": str(form.points),
        "scoring": form.scoring,
        "shuffle": "yes" if form.shuffle else "no",
        "case": form.case,
        "match": form.match,
        "unit": form.unit,
        "penalty": str(form.penalty),
        "min_words": str(form.min_words),
        "max_words": str(form.max_words),
        "accept": ", ".join(form.accept),
        "max_mb": str(form.max_mb),
        "outcomes": ", ".join(form.outcomes),
        "tags": ", ".join(form.tags),
        "see": form.see,
        **dict(form.said),
    }
    for n, hint in enumerate(form.hints):
        sent[f"hint-{n}"] = hint
    for n, row in enumerate(form.rows):
        for name in ("text", "worth", "share", "feedback", "to", "id", "to_id"):
            sent[f"{name}-{n}"] = getattr(row, name)
    return sent


def test_every_type_of_the_course_language_has_a_form_that_keeps_it() -> None:
    text = every_type.FILES[every_type.PATH]
    read = reader.read_files({path: said.encode() for path, said in {**FILES, **every_type.FILES}.items()}).course
    assert read is not None
    found = [q for page in read.pages() if page.path == every_type.PATH for q in all_questions(page.texts["lt"].blocks)]
    assert {q.type for q in found} == set(QuestionType)
    for question in found:
        got = asking.read(text, question.id, read.lang)
        assert got is not None and got.question is not None and not got.loses
        form = asking.form_of(got.question, read.lang)
        result = asking.checked(form, read.lang, got.heading.level)
        assert not result.problems and result.form == form
        again = asking.put(text, question.id, result.markdown)
        assert [i.id for i in finding.items_in(again)] == [i.id for i in finding.items_in(text)]
        reread = asking.read(again, question.id, read.lang)
        assert reread is not None and reread.question is not None
        assert asking.form_of(reread.question, read.lang) == form


def test_words_of_an_answer_may_change_while_its_id_stays() -> None:
    text = QUIZ
    got = asking.read(text, "ilgas", "lt")
    assert got is not None and got.question is not None
    form = asking.form_of(got.question, "lt")
    new = asking.form_from(_sent(form) | {"text-0": "Dalyti į du sakinius"}, form)
    result = asking.checked(new, "lt", got.heading.level)
    assert result.form is not None
    assert [row.id for row in result.form.rows] == [row.id for row in form.rows]


def test_a_form_says_what_stops_it() -> None:
    form = asking.blank(QuestionType.SINGLE, "klausimas")
    assert asking.checked(asking.form_from({"title": "Kas?", "text-0": "Tas", "worth-0": "wrong"}, form), "lt").problems
    swallowed = asking.form_from({"title": "Kas?", "stem": "## Antraštė", "text-0": "Tas", "worth-0": "right"}, form)
    assert asking.checked(swallowed, "lt").problems
    noted = QUIZ.replace("- [ ] Palikti", "<!-- pasitarti su Ona -->\n- [ ] Palikti")
    got = asking.read(noted, "ilgas", "lt")
    assert got is not None and got.loses


def test_the_outline_says_what_there_is() -> None:
    texts = {
        **FILES,
        "01-pradzia/01-kodel.en.md": "---\nlang: en\ntitle: Why\n---\n",
        "banks/a.md": "---\nkind: bank\n",
    }
    found = shape(texts)
    assert found.course is not None and found.course.title == "Aiškus bendravimas"
    assert [(part.anchor, [page.title for page in part.pages]) for part in found.modules] == [
        ("01-pradzia", ["Kodėl aiškiai", "Testas"])
    ]
    assert found.langs == ("lt", "en") and [bank.path for bank in found.banks] == ["banks/a.md"]
    assert found.find("01-pradzia/01-kodel.en.md") == (found.modules[0].pages[0], "en")
    uses = {one.item.id: one.used_in for one in finding.questions(found, texts)}
    assert uses["aiskesnis"] == ("Pasitikrinkite",)


def test_a_head_changes_key_by_key() -> None:
    text = FILES["course.md"]
    new = heads.changed(text, {"title": "Kitas: pavadinimas", "minutes": 12, "certificate": None, "tags": ["a", "b c"]})
    said = heads.values(new, "course")
    assert (said["title"], said["minutes"], said["tags"]) == ("Kitas: pavadinimas", 12, ("a", "b c"))
    assert "certificate" not in said and said["outcomes"] == heads.values(text, "course")["outcomes"]
    assert heads.changed(text, {}) == text
    assert heads.title_of(new) == "Kitas: pavadinimas"
    outcomes = [heads.Pair((("id", "a-b"), ("text", "Suprasti, kas yra „A“: ir B")))]
    assert heads.values(heads.changed(text, {"outcomes": outcomes}), "course")["outcomes"] == (
        {"id": "a-b", "text": "Suprasti, kas yra „A“: ir B"},
    )


@EXAMPLES
@given(title=st.text(min_size=1, max_size=60), body=st.text(max_size=200))
def test_any_title_can_be_written_and_any_body_stays(title: str, body: str) -> None:
    text = f"---\nkind: page\nid: a-page\ntitle: Old\n---\n{body}"
    new = heads.changed(text, {"title": title})
    assert new.endswith(heads.to_parse(text).split("---\n", 2)[2])
    assert heads.title_of(heads.changed(new, {"title": "Old"})) == "Old"


def test_links_follow_what_moves() -> None:
    texts = {
        "01-a/module.md": "",
        "01-a/01-x.md": "[y](02-y.md) [z](../02-b/01-z.md#k) ![p](media/p.png) `[y](02-y.md)` [w](https://e.lt)\n",
        "01-a/02-y.md": "[x][ref]\n\n[ref]: 01-x.md\n",
        "02-b/module.md": "",
        "02-b/01-z.md": "",
        "02-b/01-z.en.md": "",
    }
    found = shape({**texts, "course.md": ""})
    moves = moving.modules_in(found, ["02-b", "01-a"])
    assert moves["02-b/01-z.en.md"] == "01-b/01-z.en.md"
    assert moving.relinked(texts, moves)["01-a/01-x.md"] == texts["01-a/01-x.md"].replace("../02-b/", "../01-b/")
    swapped = moving.pages_in(found.modules[0], ["01-a/02-y.md", "01-a/01-x.md"])
    assert swapped == {"01-a/02-y.md": "01-a/01-y.md", "01-a/01-x.md": "01-a/02-x.md"}
    relinked = moving.relinked(texts, swapped)
    assert relinked["01-a/01-x.md"].startswith("[y](01-y.md) [z](../02-b/01-z.md#k)")
    assert "`[y](02-y.md)`" in relinked["01-a/01-x.md"] and "[ref]: 02-x.md" in relinked["01-a/02-y.md"]


@pytest.mark.parametrize("lang", ["lt", "en", "nb", "se"])
def test_what_the_studio_begins_with_reads_without_errors(lang: str) -> None:
    texts = starting.course(slug="naujas", title="Naujas", summary="", lang=lang, owner="", contact="")
    for _ in range(2):
        found = shape(texts)
        taken = finding.ids_in(texts.values())
        texts |= {new.path: new.text for new in starting.module(found, "Modulis", taken)}
        found = shape(texts)
        page = starting.page(found, found.modules[0], "Testas", finding.ids_in(texts.values()), quiz=True)
        texts[page.path] = page.text
    first = next(path for path in texts if path.startswith("01-") and "/01-" in path)
    for name in (*(block.name for block in blocks.BLOCKS if block.name not in ("image", "video", "link")), "question"):
        said = blocks.text_of(name, lang, finding.ids_in(texts.values()))
        assert said is not None
        texts[first] = f"{texts[first]}\n{said}"
    texts |= {(new := starting.bank(shape(texts), "Bankas", finding.ids_in(texts.values()))).path: new.text}
    form = asking.form_from(
        {"title": "Kas?", "text-0": "Tas", "worth-0": "right", "text-1": "Ne tas"},
        asking.blank(QuestionType.SINGLE, "kas"),
    )
    texts[new.path] = asking.add(new.text, asking.checked(form, lang, 2).markdown)
    read = reader.read_files({path: text.encode() for path, text in texts.items()})
    assert read.course is not None and not read.errors, [str(one) for one in read.errors]
    assert finding.tagged(texts[new.path], "kas", ["a", "b c"]).count('tags="a,b c"') == 1
