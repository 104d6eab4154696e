"""A variant translates words only; everything else is the source's."""

from __future__ import annotations

import pytest

from app.catalog.format.model import Prose, Question, Quiz, Reading
from app.catalog.format.reader import read_files
from tests.catalog.format.writing import HEAD, codes, course_of, reading, said

COURSE_EN = """---
lang: en
title: Clear writing
summary: How to write to residents.
outcomes:
  - {id: parasyti, text: Write a clear answer}
  - {id: atpazinti, text: Recognise officialese}
  - {id: taisyti, text: Mend a heavy sentence}
---

# Clear writing

What this course is about.
"""

QUIZ_EN = """---
title: Quiz
---

## Check yourself
<!-- quiz id=pasitikrinimas -->

Three questions.

### Which sentence is clearer?
<!-- question id=aiskesnis -->

- [ ] You are kindly requested to effect payment
- [x] Please pay by Friday <!-- id=gerai -->
- [ ] Payment is to be effected

> [!HINT]
> Read it aloud.

### What to do with a long sentence?
<!-- question id=ilgas -->

- [x] Split it
- [x] Strike what is not needed
- [ ] Leave it
- [-50%] Make it longer

### How many words does a good sentence have?
<!-- question id=kiek type=numeric unit=words -->

- [x] `15 ± 5`
- [50%] `21..25`
- [ ] `100`

### Was it useful?
<!-- question id=naudinga -->

- No
- Partly
- Yes
"""
TRANSLATED = {
    "course.en.md": COURSE_EN,
    "01-pradzia/module.en.md": "---\ntitle: Start\n---\n\nIntroduction.\n",
    "01-pradzia/01-kodel.en.md": "---\ntitle: Why clearly\n---\n",
    "01-pradzia/90-testas.en.md": QUIZ_EN,
}


def both(source: str, other: str, attributes: str = "") -> Reading:
    """One question in two languages."""
    lithuanian = f"{HEAD}## K\n<!-- question id=k {attributes} -->\n\n{source}"
    english = f"---\ntitle: Small course\n---\n## K\n<!-- question id=k -->\n\n{other}"
    return read_files({"a.md": lithuanian.encode(), "a.en.md": english.encode()})


def test_words_are_laid_beside_words():
    read = reading(TRANSLATED)
    assert said(read) == []
    course = course_of(read)
    assert (course.texts["en"].title, course.texts["en"].contact) == ("Clear writing", course.texts["lt"].contact)
    assert course.texts["en"].outcomes["taisyti"] == "Mend a heavy sentence"
    assert course.modules[0].texts["en"].intro == "Introduction."
    [quiz] = [b for b in course.pages()[1].texts["en"].blocks if isinstance(b, Quiz)]
    assert quiz.titles == {"lt": "Pasitikrinkite", "en": "Check yourself"}
    assert quiz.intros == {"lt": "Trys klausimai.", "en": "Three questions."}
    assert quiz == course.pages()[1].texts["lt"].blocks[0]
    first, _, third, _ = quiz.items
    assert isinstance(first, Question) and isinstance(third, Question)
    good, wordy, passive = [o.id for o in first.texts["lt"].options]
    assert [o.id for o in first.texts["en"].options] == [wordy, good, passive]
    assert (first.texts["en"].hints, first.outcomes) == (("Read it aloud.",), ("parasyti", "atpazinti"))
    assert first.texts["en"].rev != first.texts["lt"].rev
    assert (third.texts["lt"].unit, third.texts["en"].unit) == ("žodžių", "words")


def test_an_empty_body_borrows_the_text_of_the_source():
    page = course_of(reading(TRANSLATED)).pages()[0]
    assert (page.texts["en"].title, page.texts["en"].borrowed) == ("Why clearly", True)
    assert page.texts["en"].blocks == page.texts["lt"].blocks


def test_a_translated_page_keeps_its_own_prose():
    body = "---\ntitle: Why clearly\n---\n\n# Why clearly\n\nClear text saves time.\n"
    page = course_of(reading({**TRANSLATED, "01-pradzia/01-kodel.en.md": body})).pages()[0]
    assert page.texts["en"].blocks == (Prose("Clear text saves time.", line=7),)


def test_a_named_answer_may_stand_in_another_place_when_all_are_named():
    source = "- [x] Taip <!-- id=t -->\n- [ ] Ne <!-- id=n -->\n"
    other = "- [ ] No <!-- id=n -->\n- [x] Yes <!-- id=t -->\n"
    read = both(source, other)
    assert said(read) == []
    [question] = course_of(read).pages()[0].texts["lt"].blocks
    assert isinstance(question, Question)
    assert [o.id for o in question.texts["en"].options] == ["n", "t"]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("E192", "- [ ] Payment is to be effected\n", ""),
        ("E192", "- [ ] Payment is", "- [x] Payment is"),
        ("E192", "id=gerai", "id=geras"),
        ("E192", "`21..25`", "`21..26`"),
        ("E192", "id=ilgas", "id=ilgas points=3"),
        ("E192", "id=ilgas", "id=kitas"),
        ("E192", "type=numeric", "type=text"),
        ("E192", "title: Quiz", "id: kitas"),
        ("E103", "title: Quiz", "minutes: 3"),
        ("E104", "title: Quiz", "lang: nb"),
        ("E120", "<!-- question id=ilgas -->\n", ""),
    ],
)
def test_a_variant_that_says_more_than_words_is_told(code: str, old: str, new: str):
    assert old in QUIZ_EN
    assert code in codes(reading({**TRANSLATED, "01-pradzia/90-testas.en.md": QUIZ_EN.replace(old, new)}))


def test_accepted_spellings_may_differ_by_language():
    read = both("- [x] `DAP`\n", "- [x] `DPO`\n- [x] `Data Protection Officer`\n", "type=text")
    assert said(read) == []


def test_a_variant_of_nothing_is_told():
    assert "E194" in codes(reading({"01-pradzia/05-nera.en.md": "---\ntitle: None\n---\n"}))
    assert "E194" in codes(reading({"01-pradzia/01-kodel.lt.md": "---\ntitle: Kodėl\n---\n"}))


def test_outcomes_are_the_same_in_every_language():
    assert "E192" in codes(reading({**TRANSLATED, "course.en.md": COURSE_EN.replace("id: taisyti", "id: kitas")}))


def test_a_bank_is_translated_too():
    bank = "---\nkind: bank\nid: bankas\n---\n\n## Vienas\n<!-- question id=vienas -->\n\n- [x] Taip\n- [ ] Ne\n"
    variant = "---\ntitle: Bank\n---\n\n## One\n<!-- question id=vienas -->\n\n- [x] Yes\n- [ ] No\n"
    read = reading({"banks/bankas.md": bank, "banks/bankas.en.md": variant})
    assert said(read) == []
    assert course_of(read).banks[0].questions[0].texts["en"].title == "One"
