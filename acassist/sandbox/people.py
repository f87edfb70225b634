"""Believable people in several languages, with the accents, gaps and typing habits of real data."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

INTERESTS = ("Analytics", "Automation", "CRM", "E-mail", "Events", "Integrations", "Mobile", "SMS")
SEGMENTS = ("Enterprise", "Mid-market", "Small business", "Start-up")


@dataclass(frozen=True, slots=True)
class Person:
    """One human being as both systems may know them; `budget` is as somebody typed it."""

    first: str
    last: str
    email: str | None
    phone: str
    company: str
    title: str
    country: str
    city: str
    street: str
    postal: str
    language: str
    salutation: str
    budget: str
    interests: tuple[str, ...]
    newsletter: bool
    birthday: date
    website: str
    notes: str


@dataclass(frozen=True, slots=True)
class _Region:
    """What names, places and numbers look like in one place; `weight` is its share of all people."""

    language: str
    country: str
    weight: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    street: str
    streets: tuple[str, ...]
    phone: str
    firms: tuple[str, ...]
    titles: tuple[str, ...]
    budgets: tuple[str, ...]


_REGIONS = (
    _Region(
        "en",
        "United States",
        30,
        (
            *("Ava", "Miles", "Zoë", "Grace", "Owen", "Ruth", "Caleb", "Hazel", "Dwayne", "Imani", "Logan", "Naomi"),
            *("Priya", "Wei", "Jean-Luc", "Siobhán", "D'Andre", "Mary Ann"),
        ),
        (
            *("O'Neill", "Whitaker", "Nguyen", "Fitzgerald", "Patel", "Okafor", "Brooks", "Delgado", "St. John"),
            *("Kim", "Abernathy", "Van Buren", "McAllister", "Reed", "Li", "D'Souza", "Featherstonehaugh-Cholmondeley"),
        ),
        (
            *(("Austin", "78701"), ("Portland", "97205"), ("Boise", "83702"), ("Savannah", "31401")),
            *(("St. Paul", "55101"), ("Coeur d'Alene", "83814")),
        ),
        "{n} {s}",
        ("Juniper Street", "Old Mill Road", "Harbor View Drive", "5th Avenue", "Larkspur Lane"),
        "+1 {d} 555-01{a:02d}",
        ("{l} & Sons", "{l} Landscaping LLC", "Green {c} Co.", "{l}, Reed & Partners", "{c} Parks Department"),
        ("Owner", "Facilities Manager", "VP, Operations", "Head Gardener", "Buyer", "Office Manager"),
        ("${k},000", "$ {k}000.00", "about {k}k", "{k},500.00", "{k}500", "USD {k},000"),
    ),
    _Region(
        "es",
        "Spain",
        18,
        (
            *("Lucía", "Martín", "Íñigo", "Begoña", "José Ángel", "Núria", "Álvaro", "Carmen", "Rocío", "Xabier"),
            *("María de los Ángeles", "Óscar"),
        ),
        (
            *("García Márquez", "Peña", "Ibáñez", "Muñoz-Cortés", "Etxeberria", "Núñez", "de la Fuente", "Castaño"),
            *("Rodríguez Zapatero", "Güell", "Sáez"),
        ),
        (("Málaga", "29001"), ("A Coruña", "15001"), ("Logroño", "26001"), ("Lleida", "25001"), ("Cádiz", "11001")),
        "{s}, {n}",
        ("Calle de la Peña", "Avenida del Río", "Paseo Marítimo", "Plaza de España"),
        "+34 6{a:02d} {b:03d} {d:03d}",
        ("Jardines {l} S.L.", "Viveros {c} S.A.", "{l} y Asociados", "Ayuntamiento de {c}", "Hotel Mirador de {c}"),
        ("Directora", "Jefe de compras", "Paisajista", "Administración", "Gerente"),
        ("{k}.000 €", "{k}.500,00 €", "unos {k} mil", "{k}000", "{k}.250,50"),
    ),
    _Region(
        "de",
        "Germany",
        16,
        ("Jürgen", "Käthe", "Sören", "Anneliese", "Björn", "Lieselotte", "Matthias", "Özlem", "Tobias", "Friederike"),
        ("Müller", "Weiß", "Schröder", "von der Heide", "Öztürk", "Groß", "Lindqvist", "Jäger", "Hübner-Kraft"),
        (("Köln", "50667"), ("Münster", "48143"), ("Görlitz", "02826"), ("Würzburg", "97070"), ("Kiel", "24103")),
        "{s} {n}",
        ("Rosenweg", "Hauptstraße", "Am Mühlbach", "Lindenallee", "Straße der Einheit"),
        "+49 15{a:01d} {b:04d}{d:03d}",
        ("Gartenbau {l} GmbH", "{l} & Söhne KG", "Stadtwerke {c}", "Grünwerk {c} e. K.", "{l} Gartengestaltung"),
        ("Geschäftsführer", "Leiterin Einkauf", "Gärtnermeister", "Sachbearbeitung", "Prokuristin"),
        ("{k}.000 €", "{k}.234,56 €", "ca. {k} Tsd.", "{k}.500,00", "{k}000 EUR"),
    ),
    _Region(
        "fr",
        "France",
        12,
        ("Élodie", "Jérôme", "Maëlle", "Loïc", "Thérèse", "François", "Noémie", "Cédric", "Anaïs", "Gaël"),
        ("Lefèvre", "d'Aubigné", "Le Goff", "Béranger", "Châtelain", "N'Diaye", "Rousseau", "Saint-Exupère"),
        (("Besançon", "25000"), ("Orléans", "45000"), ("Saint-Étienne", "42000"), ("Nîmes", "30000")),
        "{n}, {s}",
        ("rue des Églantiers", "avenue de la République", "quai Gambetta", "chemin du Moulin"),
        "+33 6 {a:02d} {b:02d} {d:02d} 40",
        ("Pépinières {l}", "{l} Paysage SARL", "Ville de {c}", "Les Jardins d’{c}", "{l} et Fils"),
        ("Gérante", "Responsable achats", "Paysagiste", "Assistante de direction"),
        ("{k} 000 €", "{k} 500,00 €", "environ {k} k€", "{k}000"),
    ),
    _Region(
        "pt",
        "Brazil",
        10,
        ("João", "Conceição", "Inês", "Antônio", "Luísa", "Estêvão", "Simão", "Débora", "Flávia"),
        ("da Silva", "Gonçalves", "Assunção", "Araújo", "Magalhães", "Brandão", "dos Santos", "Simões"),
        (("São Paulo", "01000-000"), ("Florianópolis", "88010-000"), ("Goiânia", "74003-010"), ("Belém", "66010-000")),
        "{s}, {n}",
        ("Rua das Acácias", "Avenida Atlântica", "Travessa São João"),
        "+55 11 9{b:04d}-{d:04d}",
        ("Jardins {l} Ltda.", "{l} Paisagismo", "Prefeitura de {c}", "Floricultura {c}"),
        ("Sócia", "Compradora", "Arquiteto paisagista", "Gerente"),
        ("R$ {k}.000,00", "{k}.500,00", "{k} mil", "{k}000"),
    ),
    _Region(
        "pl",
        "Poland",
        8,
        ("Łukasz", "Żaneta", "Paweł", "Świętosława", "Małgorzata", "Grzegorz", "Zofia"),
        ("Wójcik", "Brzęczyszczykiewicz", "Kowalska", "Śliwiński", "Żak", "Dąbrowski"),
        (("Łódź", "90-001"), ("Kraków", "30-001"), ("Gdańsk", "80-001")),
        "ul. {s} {n}",
        ("Różana", "Długa", "Mickiewicza"),
        "+48 5{a:02d} {b:03d} {d:03d}",
        ("Ogrody {l}", "{l} i Wspólnicy", "Zieleń {c} sp. z o.o."),
        ("Właściciel", "Kierowniczka", "Projektant ogrodów"),
        ("{k} 000 zł", "{k}000,00", "ok. {k} tys."),
    ),
    _Region(
        "ja",
        "Japan",
        4,
        ("陽子", "健太", "さくら", "翔"),
        ("佐藤", "高橋", "渡辺", "小林"),
        (("京都市", "600-8001"), ("札幌市", "060-0001")),
        "{s}{n}丁目",
        ("桜通り", "緑町"),
        "+81 90-{b:04d}-{d:04d}",
        ("{l}造園株式会社", "株式会社{l}"),
        ("社長", "購買担当"),
        ("{k}00万円", "{k}000000"),
    ),
    _Region(
        "sv",
        "Sweden",
        2,
        ("Åsa", "Göran", "Märta", "Örjan"),
        ("Åkesson", "Söderström", "Björk", "Lööf"),
        (("Malmö", "211 20"), ("Örebro", "702 10")),
        "{s} {n}",
        ("Björkvägen", "Åsgatan"),
        "+46 70 {b:03d} {d:02d} {a:02d}",
        ("{l} Trädgård AB", "{c} kommun"),
        ("Inköpare", "Trädgårdsmästare"),
        ("{k} 000 kr", "{k}000"),
    ),
)

_SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.", "", "")
_NOTES = (
    "",
    "",
    "",
    "Met at the spring fair.",
    "Prefers a call after 4 pm; doesn't read mail on Fridays.",
    "Quiere presupuesto antes de junio.",
    "Möchte ein Angebot für 3 Filialen – bitte mit „Vorlagen“.",
    "Line one\nLine two: 50% up front; rest on delivery <by 1 May>",
    "🌿 Loves ferns & <b>hostas</b>",
    "Très intéressée par l’envoi automatique. " * 12,
)
_BAD_EMAILS = ("{n}@", "{n}.example", "{n} @mail.example", "no email", "{n}@@mail.example")
_FOLD = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "đ": "d", "æ": "ae"})
_KANA = {"陽子": "yoko", "健太": "kenta", "さくら": "sakura", "翔": "sho"}
_KANA |= {"佐藤": "sato", "高橋": "takahashi", "渡辺": "watanabe", "小林": "kobayashi"}


def _plain(text: str) -> str:
    """Return lower-case ASCII letters and digits of a name."""
    folded = unicodedata.normalize("NFKD", _KANA.get(text, text).translate(_FOLD))
    return "".join(ch for ch in folded.lower() if ch.isascii() and ch.isalnum())


def people(rng: random.Random, count: int) -> Iterator[Person]:
    """Yield `count` people; addresses are unique, and about one in forty has none or a bad one."""
    weights = [region.weight for region in _REGIONS]
    regions = rng.choices(_REGIONS, weights=weights, k=count)
    # The first rows of a screen are legible with any font.
    regions[:12] = [
        _REGIONS[number % 6] if region.language == "ja" else region for number, region in enumerate(regions[:12])
    ]
    plain: dict[str, str] = {}
    for number, region in enumerate(regions):
        yield _person(rng, region, number, plain)


def _fold(text: str, plain: dict[str, str]) -> str:
    if text not in plain:
        plain[text] = _plain(text)
    return plain[text]


def _person(rng: random.Random, region: _Region, number: int, plain: dict[str, str]) -> Person:
    first, last = rng.choice(region.first), rng.choice(region.last)
    city, postal = rng.choice(region.cities)
    company = rng.choice(region.firms).format(l=rng.choice(region.last), c=city)
    domain = _fold(company, plain)[:30] or f"firm{number % 997}"
    chance = rng.random()
    return Person(
        first="" if chance < 0.02 else first,
        last=last,
        email=_email(rng, number, f"{_fold(first, plain)}.{_fold(last, plain)}", domain),
        phone="" if 0.1 < chance < 0.25 else _phone(rng, region.phone),
        company=company,
        title=rng.choice(region.titles) if chance > 0.12 else "",
        country=region.country,
        city=city,
        street=region.street.format(s=rng.choice(region.streets), n=1 + number % 180),
        postal=postal,
        language=region.language,
        salutation=rng.choice(_SALUTATIONS),
        budget=rng.choice(region.budgets).format(k=rng.randint(1, 95)) if chance > 0.3 else "",
        interests=tuple(sorted(rng.sample(INTERESTS, k=rng.choice((0, 1, 1, 2, 3))))),
        newsletter=chance < 0.6,
        birthday=date(1940, 1, 1) + timedelta(days=rng.randrange(24_000)),
        website=f"https://www.{domain}.example/" if chance > 0.5 else "",
        notes=rng.choice(_NOTES),
    )


def _email(rng: random.Random, number: int, name: str, domain: str) -> str | None:
    chance = rng.random()
    if chance < 0.015:
        return None
    if chance < 0.025:
        return rng.choice(_BAD_EMAILS).format(n=f"{name}{number}")
    if chance < 0.06:
        return f"{name.title()}+news{number}@{domain}.example"
    return f"{name}{number}@{domain}.example"


def _phone(rng: random.Random, form: str) -> str:
    return form.format(a=rng.randint(1, 9), b=rng.randint(100, 999), d=rng.randint(100, 999))
