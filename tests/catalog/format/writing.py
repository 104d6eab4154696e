"""Small courses for tests: a good one, and ways to write a single page."""

from __future__ import annotations

from app.catalog.format.model import Course, Page, Question, Quiz, Reading
from app.catalog.format.reader import read_files, read_single

HEAD = "---\nkind: course\nid: mazas\ntitle: Mažas kursas\nlang: lt\n---\n"

COURSE = """---
kind: course
id: bendravimas
title: Aiškus bendravimas
summary: Kaip rašyti gyventojui suprantamai.
lang: lt
owner: utenos-r-sav
contact: Mokymų skyrius, atsako per 2 darbo dienas
audience: Darbuotojams, kurie rašo gyventojams.
minutes: 4
outcomes:
  - {id: parasyti, text: Parašyti aiškų atsakymą}
  - {id: atpazinti, text: Atpažinti kanceliarinę kalbą}
  - {id: taisyti, text: Taisyti sunkų sakinį}
certificate: {valid_months: 24}
reviewed: {by: Recenzentė, on: 2026-11-01}
---

# Aiškus bendravimas

Apie ką šis kursas.
"""

MODULE = """---
kind: module
id: pradzia
title: Pradžia
outcomes: [parasyti, atpazinti, taisyti]
---

Įvadas.
"""

PAGE = """---
kind: page
id: kodel
title: Kodėl aiškiai
minutes: 2
---

# Kodėl aiškiai

Aiškus tekstas taupo laiką.

## Pavyzdys

> [!TIP]
> Rašykite trumpai.

| Buvo | Tapo |
| --- | --- |
| vykdyti apmokėjimą | sumokėti |
"""

QUIZ = """---
kind: page
id: testas
title: Testas
---

## Pasitikrinkite
<!-- quiz id=pasitikrinimas mode=check -->

Trys klausimai.

### Kuris sakinys aiškesnis?
<!-- question id=aiskesnis outcomes=parasyti,atpazinti see=kodel#pavyzdys -->

- [x] Sumokėkite iki penktadienio <!-- id=gerai -->
- [ ] Prašome vykdyti apmokėjimą
- [ ] Mokėjimas vykdytinas

> [!HINT]
> Skaitykite garsiai.

> [!EXPLANATION]
> Trumpas sakinys su veiksmažodžiu.

### Ką daryti su ilgu sakiniu?
<!-- question id=ilgas outcomes=taisyti points=2 scoring=partial -->

- [x] Skelti į du
- [x] Išbraukti, kas nereikalinga
- [ ] Palikti
- [-50%] Pailginti

> [!EXPLANATION]
> Ilgas sakinys slepia mintį.

### Kiek žodžių turi geras sakinys?
<!-- question id=kiek type=numeric unit=žodžių -->

- [x] `15 ± 5`
  > Taip.
- [50%] `21..25`
- [ ] `100`

### Ar tai buvo naudinga?
<!-- question id=naudinga type=scale -->

- Ne <!-- id=ne -->
- Iš dalies <!-- id=is-dalies -->
- Taip <!-- id=taip -->
"""

FILES = {
    "course.md": COURSE,
    "01-pradzia/module.md": MODULE,
    "01-pradzia/01-kodel.md": PAGE,
    "01-pradzia/90-testas.md": QUIZ,
}


def reading(changed: dict[str, str | bytes | None] | None = None) -> Reading:
    """The good course with some files changed, added or (None) left out."""
    written: dict[str, str | bytes | None] = {**FILES, **(changed or {})}
    return read_files(
        {path: text if isinstance(text, bytes) else text.encode() for path, text in written.items() if text is not None}
    )


def codes(read: Reading) -> list[str]:
    return [problem.code for problem in read.problems]


def said(read: Reading) -> list[str]:
    return [str(problem) for problem in read.problems]


def single(body: str, head: str = HEAD) -> Reading:
    return read_single("kursas.md", head + body)


def question(answers: str, attributes: str = "") -> Reading:
    return single(f"## Klausimas\n<!-- question id=k {attributes} -->\n\n{answers}\n")


def course_of(read: Reading) -> Course:
    assert read.course is not None
    return read.course


def first_page(read: Reading) -> Page:
    return course_of(read).pages()[0]


def only_question(read: Reading) -> Question:
    [found] = [b for b in first_page(read).texts["lt"].blocks if isinstance(b, Question)]
    return found


def only_quiz(read: Reading) -> Quiz:
    [found] = [b for p in course_of(read).pages() for b in p.texts["lt"].blocks if isinstance(b, Quiz)]
    return found
