"""The institutions of the four pilot municipalities, with how many people of each are in the demo world."""

from __future__ import annotations

from dataclasses import dataclass

from app.organisations.rules import Kind, Sector

OFFICE = ("vyriausiasis specialistas", "vyresnysis specialistas", "specialistas", "skyriaus vedėjas", "patarėjas")
SCHOOL = (
    "mokytojas",
    "mokytojas metodininkas",
    "socialinis pedagogas",
    "raštinės administratorius",
    "mokytojo padėjėjas",
)
NURSERY = ("auklėtojas", "auklėtojo padėjėjas", "ikimokyklinio ugdymo mokytojas", "virėjas", "raštvedys")
LIBRARY = ("bibliotekininkas", "vyresnysis bibliotekininkas", "metodininkas", "skyriaus vedėjas", "bibliografas")
CARE = ("socialinis darbuotojas", "individualios priežiūros darbuotojas", "slaugytojas", "virėjas", "kineziterapeutas")
CLINIC = ("slaugytojas", "šeimos gydytojas", "registratorius", "medicinos statistikas", "akušeris")
CULTURE = ("renginių organizatorius", "meno vadovas", "kultūros vadybininkas", "scenos darbuotojas", "administratorius")
HEALTH = ("visuomenės sveikatos specialistas", "visuomenės sveikatos stiprinimo specialistas", "specialistas")
FIRE = ("ugniagesys", "budintis ugniagesys", "vairuotojas", "skyriaus vadovas")
SPORT = ("treneris", "vyresnysis treneris", "administratorius", "ūkvedys")
MUSEUM = ("muziejininkas", "vyriausiasis fondų saugotojas", "edukatorius", "ekskursijų vadovas")


@dataclass(frozen=True, slots=True)
class Place:
    """`code` is unique in the platform; `units` are (code, name, people) inside the institution."""

    code: str
    name: str
    name_en: str
    people: int
    posts: tuple[str, ...]
    units: tuple[tuple[str, str, int], ...] = ()
    kind: Kind = Kind.INSTITUTION
    sector: Sector = Sector.PUBLIC


UTENA = (
    Place(
        "utenos-r-administracija",
        "Utenos rajono savivaldybės administracija",
        "Utena District Municipality Administration",
        8,
        OFFICE,
        (
            ("utenos-r-socialine-parama", "Socialinės paramos skyrius", 24),
            ("utenos-r-svietimas-kultura", "Švietimo ir kultūros skyrius", 18),
            ("utenos-r-dokumentai", "Dokumentų ir teisės skyrius", 16),
            ("utenos-r-finansai", "Finansų skyrius", 16),
            ("utenos-r-architektura", "Architektūros ir teritorijų planavimo skyrius", 14),
            ("utenos-r-personalas", "Personalo skyrius", 6),
            ("utenos-miesto-seniunija", "Utenos miesto seniūnija", 10),
            ("vyzuonu-seniunija", "Vyžuonų seniūnija", 4),
            ("uzpaliu-seniunija", "Užpalių seniūnija", 4),
        ),
        Kind.ADMINISTRATION,
    ),
    Place(
        "utenos-pspc", "Utenos pirminės sveikatos priežiūros centras", "Utena Primary Health Care Centre", 46, CLINIC
    ),
    Place("utenos-globos-namai", "Utenos socialinės globos namai", "Utena Social Care Home", 24, CARE),
    Place(
        "utenos-socialines-paslaugos", "Utenos socialinių paslaugų centras", "Utena Social Services Centre", 34, CARE
    ),
    Place(
        "utenos-biblioteka",
        "Utenos A. ir M. Miškinių viešoji biblioteka",
        "Utena A. and M. Miškiniai Public Library",
        31,
        LIBRARY,
    ),
    Place("utenos-kulturos-centras", "Utenos kultūros centras", "Utena Culture Centre", 22, CULTURE),
    Place("utenos-priesgaisrine", "Utenos priešgaisrinė tarnyba", "Utena Fire Service", 19, FIRE),
    Place("utenos-aukstakalnio", "Utenos Aukštakalnio progimnazija", "Utena Aukštakalnis School", 16, SCHOOL),
    Place("utenos-sporto-centras", "Utenos sporto centras", "Utena Sports Centre", 15, SPORT),
    Place("utenos-muziejus", "Utenos kraštotyros muziejus", "Utena Museum of Local History", 14, MUSEUM),
    Place("utenos-krasuonos", "Utenos Krašuonos progimnazija", "Utena Krašuona School", 13, SCHOOL),
    Place("utenos-meno-mokykla", "Utenos meno mokykla", "Utena School of Arts", 12, SCHOOL),
    Place("utenos-sveikatos-biuras", "Utenos visuomenės sveikatos biuras", "Utena Public Health Bureau", 11, HEALTH),
    Place("utenos-saltinelis", "Utenos lopšelis-darželis „Šaltinėlis“", "Utena Nursery “Šaltinėlis”", 10, NURSERY),
    Place("utenos-svietimo-centras", "Utenos švietimo centras", "Utena Education Centre", 9, SCHOOL),
    Place("utenos-voveraite", "Utenos lopšelis-darželis „Voveraitė“", "Utena Nursery “Voveraitė”", 8, NURSERY),
    Place("utenos-kontrole", "Utenos kontrolės ir audito tarnyba", "Utena Control and Audit Service", 4, OFFICE),
)
DRUSKININKAI = (
    Place(
        "druskininku-administracija",
        "Druskininkų savivaldybės administracija",
        "Druskininkai Municipality Administration",
        22,
        OFFICE,
        kind=Kind.ADMINISTRATION,
    ),
    Place("druskininku-svietimo-centras", "Druskininkų švietimo centras", "Druskininkai Education Centre", 9, SCHOOL),
    Place("druskininku-biblioteka", "Druskininkų viešoji biblioteka", "Druskininkai Public Library", 12, LIBRARY),
    Place("druskininku-ryto", "Druskininkų „Ryto“ gimnazija", "Druskininkai “Rytas” Gymnasium", 14, SCHOOL),
    Place("druskininku-bitute", "Druskininkų lopšelis-darželis „Bitutė“", "Druskininkai Nursery “Bitutė”", 9, NURSERY),
)
PRIENAI = (
    Place(
        "prienu-administracija",
        "Prienų rajono savivaldybės administracija",
        "Prienai District Municipality Administration",
        24,
        OFFICE,
        kind=Kind.ADMINISTRATION,
    ),
    Place("prienu-globos-namai", "Prienų globos namai", "Prienai Care Home", 15, CARE),
    Place("prienu-biblioteka", "Prienų viešoji biblioteka", "Prienai Public Library", 11, LIBRARY),
    Place("prienu-ziburys", "Prienų „Žiburio“ gimnazija", "Prienai “Žiburys” Gymnasium", 13, SCHOOL),
)
BIRZAI = (
    Place(
        "birzu-administracija",
        "Biržų rajono savivaldybės administracija",
        "Biržai District Municipality Administration",
        21,
        OFFICE,
        kind=Kind.ADMINISTRATION,
    ),
    Place("birzu-sveikatos-biuras", "Biržų visuomenės sveikatos biuras", "Biržai Public Health Bureau", 8, HEALTH),
    Place("birzu-biblioteka", "Biržų Jurgio Bielinio viešoji biblioteka", "Biržai Public Library", 12, LIBRARY),
    Place("birzu-sauletekis", "Biržų „Saulės“ gimnazija", "Biržai “Saulė” Gymnasium", 14, SCHOOL),
    Place("birzu-kaimynai", "Bendruomenė „Kaimynai“", "Community “Neighbours”", 5, ("narys", "pirmininkas", "koordinatorius"),
          kind=Kind.NGO, sector=Sector.COMMUNITY),
)  # fmt: skip
PILOTS = {"utenos-r-sav": UTENA, "druskininku-sav": DRUSKININKAI, "prienu-r-sav": PRIENAI, "birzu-r-sav": BIRZAI}
