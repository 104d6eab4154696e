"""The files of a short course of the demo world, whose first question has a wrong key."""

from __future__ import annotations

FILES = {
    "course.md": """---
kind: course
id: pranesimas-apie-pazeidima
title: Kada pranešti apie duomenų pažeidimą
summary: Trumpas kursas apie tai, kam, kada ir kaip pranešama apie asmens duomenų saugumo pažeidimą.
lang: lt
owner: druskininku-svietimo-centras
contact: Jolanta, Druskininkų švietimo centras; atsako per 2 darbo dienas
audience: Visiems, kurie darbe tvarko gyventojų duomenis.
minutes: 15
outcomes:
  - {id: pranesti, text: "Pasakyti, kam ir per kiek laiko pranešama apie pažeidimą"}
  - {id: parasyti, text: "Parašyti žmogui suprantamą pranešimą"}
---
Per ketvirtį valandos pasikartosite, ką daryti, kai duomenys pateko ne ten.
""",
    "01-pazeidimas/module.md": """---
kind: module
id: pazeidimas
title: Duomenų saugumo pažeidimas
outcomes: [pranesti, parasyti]
---
Kam, kada ir kaip pranešama.
""",
    "01-pazeidimas/01-kada-pranesti.md": """---
kind: page
id: kada-pranesti
title: Kam ir kada pranešama
minutes: 5
---
Pažeidimas yra tada, kai duomenys prarandami, pakeičiami, atskleidžiami ar tampa nepasiekiami per klaidą arba tyčia.

## Priežiūros institucijai

Valstybinei duomenų apsaugos inspekcijai (VDAI) pranešama ne vėliau kaip per 72 valandas nuo sužinojimo, nebent pavojaus žmonių
teisėms neturėtų kilti (BDAR 33 straipsnio 1 dalis). Kiekvienas pažeidimas, ir tas, apie kurį nepranešama, užregistruojamas
(33 straipsnio 5 dalis).

## Žmogui

Žmogui pranešama nepagrįstai nedelsiant, kai dėl pažeidimo gali kilti didelis pavojus jo teisėms ir laisvėms (34 straipsnio 1 dalis).
Paprastais žodžiais pasakoma, kas įvyko, kokios gali būti pasekmės, ką įstaiga padarė ir į ką kreiptis.
""",
    "01-pazeidimas/80-pranesimas.md": """---
kind: page
id: pranesimas-zmogui-puslapis
title: Pranešimas žmogui
minutes: 5
required: no
---
Čia galite pasimokyti rašyti. Atsakymą perskaito ir įvertina lektorė.

## Parašykite pranešimą
<!-- quiz id=pranesimas-zmogui mode=practice -->

### Parašykite pranešimą gyventojui apie pažeidimą
<!-- question id=pranesimas type=essay points=5 min-words=10 max-words=160 outcomes=parasyti see=kada-pranesti#zmogui -->

Pasirinkite bet kurį pavyzdį iš savo darbo. Tikrų vardų, adresų ir telefonų nerašykite.

> [!RUBRIC]
> - 1 taškas: aišku, kas įvyko ir kada.
> - 1 taškas: pasakyta, kokios gali būti pasekmės.
> - 1 taškas: pasakyta, ką įstaiga padarė.
> - 1 taškas: patarta, ką žmogus gali padaryti pats.
> - 1 taškas: nurodyta, į ką kreiptis, ir parašyta paprastai.

> [!SAMPLE]
> Vakar Jūsų prašymą per klaidą išsiuntėme kitam gyventojui. Jame buvo Jūsų adresas ir telefonas. Paprašėme laišką ištrinti.
> Jei sulauktumėte įtartinų skambučių, neskubėkite atsakyti ir praneškite mums. Klausimus priima duomenų apsaugos pareigūnė.
""",
    "01-pazeidimas/90-testas.md": """---
kind: page
id: testas
title: "Testas: duomenų pažeidimas"
minutes: 5
---
Penki klausimai, reikia keturių teisingų atsakymų. Bandymai – du.

## Pasitikrinkite: duomenų pažeidimas
<!-- quiz id=pazeidimo-testas mode=check pass=80 attempts=2 -->

### Kada apie pažeidimą pranešama žmogui?
<!-- question id=kada-zmogui type=single outcomes=pranesti see=kada-pranesti#zmogui -->

- [x] Visada <!-- id=visada -->
  > Taip, žmogus turi žinoti.
- [ ] Kai gali kilti didelis pavojus jo teisėms <!-- id=kai-didelis -->
  > Ne.
- [ ] Tik jei paprašo VDAI <!-- id=paprasius -->
  > Ne, laukti prašymo nereikia.
- [ ] Niekada, praneša tik VDAI <!-- id=niekada -->
  > Ne, žmogui praneša įstaiga.

> [!EXPLANATION]
> Apie pranešimą žmogui kalba BDAR 34 straipsnis.

### Per kiek laiko apie pažeidimą pranešama VDAI?
<!-- question id=kada-vdai type=single outcomes=pranesti see=kada-pranesti#prieziuros-institucijai -->

- [ ] Per 24 valandas <!-- id=per-24 -->
  > Ne, BDAR duoda daugiau laiko.
- [x] Per 72 valandas nuo sužinojimo <!-- id=per-72 -->
  > Taip. Vėluojant nurodoma priežastis.
- [ ] Per mėnesį <!-- id=per-menesi -->
  > Ne, tai per ilgai.

> [!EXPLANATION]
> BDAR 33 straipsnio 1 dalis: ne vėliau kaip per 72 valandas.

### Kam įstaigoje pirmiausia pranešate apie įtariamą pažeidimą?
<!-- question id=kam-pirmiausia type=single outcomes=pranesti see=kada-pranesti -->

- [x] Duomenų apsaugos pareigūnui <!-- id=pareigunui -->
  > Taip. Jis patars, ką daryti toliau.
- [ ] Žiniasklaidai <!-- id=ziniasklaidai -->
  > Ne.
- [ ] Niekam, kol nepaaiškėja visos aplinkybės <!-- id=niekam -->
  > Ne. Laikas jau eina.

> [!EXPLANATION]
> 72 valandos skaičiuojamos nuo sužinojimo, todėl laukti negalima.

### Užregistruojamas kiekvienas pažeidimas, net jei apie jį VDAI nepranešama
<!-- question id=registras type=truefalse outcomes=pranesti see=kada-pranesti#prieziuros-institucijai -->

- [x] Tiesa <!-- id=tiesa -->
  > Taip, to reikalauja 33 straipsnio 5 dalis.
- [ ] Netiesa <!-- id=netiesa -->
  > Ne. Įstaiga dokumentuoja kiekvieną pažeidimą.

> [!EXPLANATION]
> Iš įrašų VDAI gali patikrinti, kaip įstaiga elgėsi.

### Kuris įvykis yra duomenų saugumo pažeidimas?
<!-- question id=kas-yra type=single outcomes=pranesti see=kada-pranesti -->

- [x] Sprendimas dėl pašalpos išsiųstas ne tam gyventojui <!-- id=laiskas -->
  > Taip, duomenys atskleisti tam, kam neskirti.
- [ ] Darbuotojas pasikeitė slaptažodį <!-- id=slaptazodis -->
  > Ne.
- [ ] Naktį atnaujinta programa <!-- id=atnaujinimas -->
  > Ne, tai suplanuota priežiūra.

> [!EXPLANATION]
> Pažeidimas yra ir netyčinis duomenų atskleidimas.
""",
}
