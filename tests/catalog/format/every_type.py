"""A course that asks one question of every type, in two languages: what marking, pages and exports are tried on."""

from __future__ import annotations

from tests.catalog.format.writing import COURSE, MODULE, PAGE

QUESTIONS = """## Kiekvieno tipo klausimas
<!-- quiz id=visi-tipai mode=check -->

### Kada pranešti priežiūros institucijai?
<!-- question id=terminas outcomes=parasyti,atpazinti,taisyti penalty=0.1 -->

- [ ] Per 24 valandas <!-- id=h24 -->
  > Tai kibernetinio saugumo terminas.
- [x] Per 72 valandas <!-- id=h72 -->
  > Taip.
- [ ] Per 30 dienų <!-- id=d30 -->

> [!HINT]
> Skaičiuojama valandomis.

> [!EXPLANATION]
> Laikas eina nuo sužinojimo.

### Kas yra pažeidimas?
<!-- question id=pazeidimas points=2 scoring=partial -->

- [x] Pavogtas kompiuteris <!-- id=pavogtas -->
- [x] Laiškas ne tam gavėjui <!-- id=laiskas -->
- [ ] Baigėsi popierius <!-- id=popierius -->
- [-50%] Lėtas puslapis <!-- id=letas -->

> [!PARTIAL]
> Ne visi.

### Apie kiekvieną pažeidimą pranešama asmenims
<!-- question id=visiems type=truefalse -->

- [ ] Taip
- [x] Ne

> [!INCORRECT]
> Tik kai pavojus didelis.

### Kiek valandų leidžia 33 straipsnis?
<!-- question id=valandos type=numeric unit=val. -->

- [x] `72`
- [50%] `70..74`
  > Beveik.

### Kas konsultuoja?
<!-- question id=kas type=text -->

- [x] `duomenų apsaugos pareigūnas`
- [50%] `pareigūnas`

### Sujunkite vaidmenis su pareigomis
<!-- question id=vaidmenys type=match points=3 -->

| Kas | Ką daro |
| --- | --- |
| Valdytojas <!-- id=valdytojas --> | Nustato tikslus <!-- id=tikslai --> |
| Tvarkytojas <!-- id=tvarkytojas --> | Vykdo nurodymus <!-- id=nurodymai --> |
| Pagalbinis tvarkytojas <!-- id=pagalbinis --> | Vykdo nurodymus <!-- id=nurodymai --> |
|  | Veda registrą <!-- id=registras --> |

> [!EXPLANATION]
> Pareigos surašytos sutartyje.

### Sudėkite žingsnius eilės tvarka
<!-- question id=zingsniai type=order scoring=partial -->

1. Sustabdyti <!-- id=stop -->
2. Įvertinti riziką <!-- id=rizika -->
3. Pranešti <!-- id=pranesti -->
4. Aprašyti <!-- id=aprasyti -->

### Užpildykite taisyklę
<!-- question id=taisykle type=cloze points=3 -->

Valdytojas praneša [[priežiūros institucijai|institucijai]]<!-- id=kam -->
per [[#72]]<!-- id=kiek --> valandas, nebent pavojus [[( ) tikras | (x) mažai tikėtinas]]<!-- id=pavojus -->.

### Aprašykite tris pirmus veiksmus
<!-- question id=veiksmai type=essay points=5 min-words=20 max-words=200 -->

Rašykite kolegai, kuris to dar nedarė.

> [!RUBRIC]
> 2 taškai: sustabdyta. 3 taškai: įrodymai.

> [!SAMPLE]
> Pirmiausia atjunkite tinklą.

### Įkelkite pranešimo formą
<!-- question id=forma type=upload accept=.pdf,.odt max-mb=5 points=2 -->

> [!RUBRIC]
> Užpildyti visi laukai.

### Ar kursas buvo naudingas?
<!-- question id=naudingas type=scale -->

- Visai ne <!-- id=s1 -->
- Iš dalies <!-- id=s2 -->
- Labai <!-- id=s3 -->
"""

ENGLISH = """## One question of every type
<!-- quiz id=visi-tipai -->

### When must the authority be told?
<!-- question id=terminas -->

- [ ] Within 24 hours <!-- id=h24 -->
- [x] Within 72 hours <!-- id=h72 -->
- [ ] Within 30 days <!-- id=d30 -->

### What is a breach?
<!-- question id=pazeidimas -->

- [x] A stolen computer <!-- id=pavogtas -->
- [x] A letter to the wrong person <!-- id=laiskas -->
- [ ] No more paper <!-- id=popierius -->
- [-50%] A slow page <!-- id=letas -->

### People are told of every breach
<!-- question id=visiems -->

- [ ] True
- [x] False

### How many hours does Article 33 allow?
<!-- question id=valandos unit=h -->

- [x] `72`
- [50%] `70..74`

### Who advises?
<!-- question id=kas -->

- [x] `data protection officer`
- [50%] `officer`

### Match the roles to their duties
<!-- question id=vaidmenys -->

| Who | Does what |
| --- | --- |
| Controller <!-- id=valdytojas --> | Decides purposes |
| Processor <!-- id=tvarkytojas --> | Acts on instructions |
| Sub-processor <!-- id=pagalbinis --> | Acts on instructions |
|  | Keeps the register |

### Put the steps in order
<!-- question id=zingsniai -->

1. Stop it
2. Assess the risk
3. Notify
4. Write it down

### Complete the rule
<!-- question id=taisykle -->

Unless the risk is [[( ) certain | (x) unlikely]]<!-- id=pavojus -->, the controller has [[#72]]<!-- id=kiek --> hours
to notify the [[supervisory authority|authority]]<!-- id=kam -->.

### Describe the first three things you would do
<!-- question id=veiksmai -->

Write for a colleague who has never done it.

> [!RUBRIC]
> 2 points: contained. 3 points: evidence.

### Upload the notification form
<!-- question id=forma -->

### Was the course useful?
<!-- question id=naudingas -->

- Not at all
- Partly
- Very
"""

HEAD = "---\nkind: page\nid: testas\ntitle: Testas\n---\n\n"
PATH = "01-pradzia/90-testas.md"

FILES = {
    "course.md": COURSE,
    "course.en.md": (
        "---\ntitle: Clear communication\nsummary: Writing so that it is understood.\noutcomes:\n"
        "  - {id: parasyti, text: Write clearly}\n  - {id: atpazinti, text: Recognise jargon}\n"
        "  - {id: taisyti, text: Repair a sentence}\n---\n"
    ),
    "01-pradzia/module.md": MODULE,
    "01-pradzia/module.en.md": "---\ntitle: Beginning\n---\n",
    "01-pradzia/01-kodel.md": PAGE,
    PATH: HEAD + QUESTIONS,
    "01-pradzia/90-testas.en.md": "---\ntitle: Test\n---\n\n" + ENGLISH,
}
