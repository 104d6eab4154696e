"""Drafts in the studio: a course that Jolanta has just begun, and a published one in which two people wrote at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.accounts import queries as people
from app.catalog import actions
from app.catalog import queries as catalog
from app.catalog.actions import Contents
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing

if TYPE_CHECKING:
    from app.demo.world import World

COURSE, TITLE = "bdar-pagrindai", "BDAR pagrindai savivaldybės darbuotojams"
BEGUN = {
    "course.md": """---
kind: course
id: pokalbis-su-gyventoju
title: Pokalbis su gyventoju
summary: Kaip per pirmą minutę išgirsti, ko žmogui reikia.
lang: lt
owner: druskininku-svietimo-centras
contact: Jolanta; atsako per dvi darbo dienas
audience: Priimamojo ir seniūnijų darbuotojams.
outcomes:
  - {id: pasveikinti, text: Pasveikinti ir prisistatyti}
  - {id: isklausyti, text: Išklausyti nepertraukiant}
  - {id: apibendrinti, text: Apibendrinti prašymą savais žodžiais}
---

Trumpas kursas apie pirmąją pokalbio minutę.
""",
    "01-pirmoji-minute/module.md": (
        "---\nkind: module\nid: pirmoji-minute\ntitle: Pirmoji minutė\noutcomes: [pasveikinti, isklausyti]\n---\n"
    ),
    "01-pirmoji-minute/01-pasisveikinimas.md": """---
kind: page
id: pasisveikinimas
title: Pasisveikinimas
minutes: 2
---

## Pirmas žodis

Pakelkite akis, pasisveikinkite ir pasakykite, kas esate.

> [!TIP]
> Vardas padeda: žmogus žino, į ką kreiptis antrą kartą.
""",
    "01-pirmoji-minute/02-testas.md": """---
kind: page
id: pokalbio-testas
title: Pasitikrinkite
---

## Pasitikrinkite
<!-- quiz id=pirmos-minutes-testas mode=check -->

### Ką darote pirmiausia?
<!-- question id=pirmiausia outcomes=pasveikinti see=pasisveikinimas#pirmas-zodis -->

- [x] Pasisveikinu <!-- id=sveikinu -->
  > Taip: žmogus iškart žino, kad jį pastebėjote.
- [ ] Baigiu rašyti laišką <!-- id=rasau -->
- [ ] Paprašau palaukti <!-- id=prasau -->
  > Palaukti galima paprašyti, bet tik pasisveikinus.
""",
}


def write(sessions: Sessions, blobs: Blobs, world: World, now: datetime) -> None:
    with reading(sessions) as db:
        jolanta = people.actor_of(db, world.named["jolanta"].id)
        head = catalog.course_by_slug(db, COURSE)
        version = catalog.latest_version(db, head.id) if head is not None else None
    if jolanta is None or head is None or version is None:  # an installation that came without this course
        return
    contents = actions.contents_of(blobs, version)
    path = next(one for one in sorted(contents.texts) if "/01-" in one and one.count(".") == 1)
    old = contents.texts[path]
    with clock.at(now - timedelta(hours=26)), writing(sessions) as db:
        actions.start_draft(
            db, jolanta, slug="pokalbis-su-gyventoju", title="Pokalbis su gyventoju", contents=Contents(BEGUN)
        )
        key = actions.start_draft(
            db,
            jolanta,
            slug=COURSE,
            title=TITLE,
            contents=contents,
            course=head,
            version=version,
        )
    with clock.at(now - timedelta(hours=2)), writing(sessions) as db:
        draft = catalog.draft_by_key(db, key)
        assert draft is not None
        mine = f"{old.rstrip()}\n\nPavyzdį pildysime po rugsėjo susitikimo.\n"
        actions.save_file(db, jolanta, draft=draft, path=path, text=mine, base=1)
        # Another window, opened before that and never closed.
        late = f"{old.rstrip()}\n\nPavyzdį papildyti po rugsėjo susitikimo Utenoje.\n"
        actions.save_file(db, jolanta, draft=draft, path=path, text=late, base=1)
