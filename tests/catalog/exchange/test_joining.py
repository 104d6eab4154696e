"""A proposal gets another title, or becomes a module of a course that is there already."""

from __future__ import annotations

from app.catalog.exchange import joining, proposing
from app.catalog.exchange.model import Proposal, ProposedModule, ProposedPage
from app.catalog.format import reader


def proposal(title: str, body: str, media: dict[str, bytes]) -> dict[str, bytes]:
    page = ProposedPage("Alarm", body)
    return proposing.files(Proposal(title, (ProposedModule(title, (page,)),), lang="en", owner="school", media=media))


QUIZ = """## Check
<!-- quiz id=check -->

### Who calls?
<!-- question id=who see=alarm -->

- [x] You <!-- id=you -->
- [ ] Nobody"""
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_proposal_is_called_what_the_trainer_says() -> None:
    files = proposal("Fire", "Words.", {})
    assert joining.is_proposal(files)
    assert joining.title_and_id(files) == ("Fire", "fire")
    done = joining.retitled(files, 'Safety: "first" \\', "safety-first", {"summary": "One: two", "contact": ""})
    assert joining.title_and_id(done) == ('Safety: "first" \\', "safety-first")
    course = reader.read_files(done).course
    assert course is not None and course.id == "safety-first"
    assert course.texts["en"].title == 'Safety: "first" \\'
    assert (course.texts["en"].summary, course.texts["en"].contact) == ("One: two", "")
    assert [module.texts["en"].title for module in course.modules] == ['Safety: "first" \\']


def test_a_course_somebody_wrote_is_not_a_proposal() -> None:
    files = proposal("Fire", "Words.", {})
    written = files["course.md"].replace(b"lang: en\n", b"lang: en\ncontact: somebody\n")
    assert not joining.is_proposal(files | {"course.md": written})
    assert not joining.is_proposal({"single.md": files["course.md"]})


def test_a_proposal_becomes_the_last_module_of_a_course_and_shares_no_id_with_it() -> None:
    there = proposal("Fire", f"![a](media/a.png)\n\n{QUIZ}", {"media/a.png": PNG + b"one"})
    new = proposal("Fire", f"![b](media/a.png)\n\n{QUIZ}", {"media/a.png": PNG + b"two", "media/b.png": PNG})
    done = joining.joined(there, new)
    assert {path: done[path] for path in there} == there
    reading = reader.read_files(done)
    assert reading.course is not None
    serious = [str(one) for one in reading.errors if one.code.startswith(("E11", "E18", "E10", "E16"))]
    assert serious == []
    assert [page.id for page in reading.course.pages()] == ["alarm", "alarm-2"]
    assert sorted(path for path in done if path.startswith("media/"))[0] == "media/a-" + "".join(
        path.partition("a-")[2] for path in done if path.startswith("media/a-")
    )
    second = done[reading.course.pages()[1].path].decode()
    assert "(media/a-" in second
    assert "see=alarm-2" in second
    assert "<!-- id=you -->" in second  # an answer is known only within its question


def test_the_same_again_is_added_again() -> None:
    there = proposal("Fire", QUIZ, {})
    twice = joining.joined(joining.joined(there, there), there)
    course = reader.read_files(twice).course
    assert course is not None
    assert len({page.id for page in course.pages()}) == 3
