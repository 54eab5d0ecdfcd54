"""What the coach hints at and what it leaves alone, in both languages; the choice of a page."""

from pathlib import Path

import pytest

from bot.files.findings import FileBroken
from bot.i18n import LANGUAGES, sentences
from bot.intake.coach import (
    FIRST,
    MOST_HINTS,
    Coach,
    Hint,
    chosen,
    placed,
    rank,
    sentence,
)
from bot.intake.coaching.fields import FIELDS, kind_of, rules_of
from bot.intake.coaching.judge import SIGNS
from bot.intake.coaching.wordfile import extended
from bot.intake.conditions import UNKNOWN
from bot.intake.file import load
from bot.intake.model import CoachRule, Question
from tests.intake.coaching import EXAMPLES, coach_for_tests

COACH = coach_for_tests()

# rule, kind of question, answers that get the hint, answers that must not
EXAMPLES_OF: list[tuple[CoachRule, str, list[str], list[str]]] = [
    (
        "vague_word",
        "requirement",
        [
            "Die Freigabe soll schneller gehen.",
            "Das Formular muss kinderleicht und übersichtlich sein.",
            "Die Antwort kommt in zeitgemäßer Form.",
            "Wir wollen etwas Besseres für die Bestellungen.",
            "Die Suche muss so einfach wie möglich sein.",
            "Ordering should be quick and painless.",
            "We need a more flexible approval.",
            "Reports have to look professional.",
        ],
        [
            "Der Schnellversand-Code steht in der Bestellung.",
            "Das Lager bucht Einfachbuchungen und Doppelbuchungen getrennt.",
            "Gut 20 Minuten nach der Landung öffnet der Schalter.",
            "Fast alle Händler bestellen am Montag.",
            "Guests with a Fast Lane ticket skip the queue.",
            "Good Friday is fully booked.",
            "The Better Hearts programme lists its dates.",
            "Sobald wie möglich ist hier nichts vage.",
            "The new price is effective from 1 May.",
            "The crew opens the gate as soon as the light is green.",
        ],
    ),
    (
        "universal",
        "requirement",
        [
            "Alle Kontakte müssen immer aktuell sein.",
            "Niemand darf jemals wieder eine alte Liste nehmen.",
            "Jede Änderung muss immer protokolliert sein.",
            "Jeder weiss dann Bescheid.",
            "Every contact must always be current.",
            "Everyone sees everything.",
            "No rep should ever lose a single lead.",
        ],
        [
            "Alle 30 Minuten liest der Dienst die Werte.",
            "Jeden Montag bekommt das Lager die Liste.",
            "Alle zwei Wochen sieht der Einkauf die Zahlen.",
            "Jede Filiale pflegt ihre eigenen Zeiten.",
            "Immer montags um acht schickt die Kasse den Abschluss.",
            "Vor allem der Innendienst sieht die Liste.",
            "Every other Friday the depot counts the pallets.",
            "All three countries use one form.",
            "Each branch edits its own hours.",
            "Der Vertrieb sieht nicht alle Kunden.",
        ],
    ),
    (
        "asap",
        "action",
        [
            "Der Vertrieb meldet sich sofort.",
            "Die Technik prüft das schnellstmöglich.",
            "Das Lager liefert so rasch als möglich.",
            "Bitte umgehend erledigen lassen.",
            "Sales calls back ASAP.",
            "Support answers immediately.",
            "The team reacts as soon as humanly possible.",
        ],
        [
            "Der Gast zahlt mit der Sofortüberweisung.",
            "Die Sofortrente gilt ab Januar.",
            "Das ist nicht dringend.",
            "As soon as the form arrives, sales calls back.",
            "Right now that is 41 percent of the calls.",
            "A task for inside sales within two hours.",
        ],
    ),
    (
        "open_list",
        "requirement",
        [
            "Name, E-Mail usw. stehen im Formular.",
            "Wir brauchen Fotos, Texte und so weiter.",
            "Das Profil zeigt Adresse, Grösse, Farbe, …",
            "Name, e-mail etc. on one page",
            "Prices, pictures and the like",
            "Lower cost, lower risk, and more.",
        ],
        [
            "Name und E-Mail stehen im Formular.",
            "Sobald jemand die Preisseite öffnet …",
            "A nicer and more readable form",
            "Und so kommt die Bestellung ins Lager.",
            "The form asks for name, company and budget.",
        ],
    ),
    (
        "passive",
        "action",
        [
            "Die Leads werden im CRM angelegt.",
            "Dann wird eine E-Mail verschickt.",
            "Der Antrag muss geprüft und freigegeben werden.",
            "Es wurde noch nie nachtelefoniert.",
            "Die Bilder werden geupdatet.",
            "Die Belege sind da, danach wird der Betrag überwiesen.",
            "Die Liste wird heute von Hand abgetippt.",
            "A task gets created.",
            "The report is sent every Monday.",
            "Orders have to be checked by Friday.",
            "The room is double-booked.",
        ],
        [
            "Das System legt die Leads an.",
            "Die Leads werden vom Vertrieb geprüft.",
            "Die Leads werden durch das Team in Bern geprüft.",
            "Der Umsatz wird steigen.",
            "Wir werden im Mai den neuen Shop eröffnen.",
            "Wir werden zwei Filialen schliessen und deren Leute anrufen.",
            "The guest is welcomed by two volunteers.",
            "Der Kranführer wird zwei Baustellen betreuen und braucht beide Pläne.",
            "Das Produkt wird teurer.",
            "Der Vertrieb sieht, welche Kunden angeschrieben wurden.",
            "Die Kollegin, die dafür ausgebildet wurde, ruft an.",
            "The list is checked by the data team.",
            "Sales is interested in these leads.",
            "A dealer who is based in Spain calls the hotline.",
            "The planner sees which truck was sent.",
        ],
    ),
    (
        "compound",
        "requirement",
        [
            "Wir brauchen ein Formular und ausserdem soll der Shop Gutscheine können.",
            "Die Leads sollen ins CRM und wir möchten ein Diagramm.",
            "Händler sehen ihre Preise, zusätzlich braucht das Lager Etiketten.",
            "- Preise sehen\n- Etiketten drucken",
            "Leads should go to the CRM and marketing needs a chart.",
            "Guides note the number of guests. Also, the kitchen needs a list.",
            "Clubs book pitches, and on top of that the council wants a survey.",
        ],
        [
            "Name und E-Mail sollen ins CRM.",
            "Wir wollen Inhalte planen und freigeben.",
            "Das bringt zusätzlich 20 Abschlüsse pro Jahr.",
            "Zusätzlich zum Newsletter liegt ein Brief bei.",
            "Vertrieb und Marketing wollen dieselbe Liste.",
            "Editors plan and approve posts.",
            "Prices rise by 3 plus 2 percent.",
            "Besides the name the form asks for the city.",
            "Der Shop zeigt also nur lieferbare Artikel.",
            "-- der Shop - auch am Sonntag - zeigt Preise",
        ],
    ),
    (
        "too_short",
        "requirement",
        ["Besseres CRM", "Newsletter.", "Mail geht raus", "better reporting", "31.12."],
        ["Leads sollen automatisch ins CRM gelangen.", "Der Berater ruft zurück.", "We see open invoices."],
    ),
    (
        "no_measure",
        "goal",
        [
            "Wir wollen mehr Leads gewinnen.",
            "Die Zusammenarbeit der zwei Teams ist besser.",
            "Bis Ende 2027 mehr Leads",
            "Weniger doppelte Einträge bis zum 30. Juni",
            "ISO 9001 erfüllen",
            "We want to increase brand awareness.",
            "Fewer double bookings by Q3",
            "Support is there 24/7",
        ],
        [
            "80 % der Anfragen sind am selben Tag beantwortet.",
            "Die Zahl der Exporte sinkt von 20 auf 0.",
            "Wir halbieren die Zeit für den Bericht.",
            "Zwei von drei Anfragen sind am selben Tag beantwortet.",
            "Null Kontakte ohne Einwilligung",
            "Doppelt so viele Abos",
            "Cut reporting from two days to 2 hours.",
            "Zero contacts without consent by June.",
            "Response time 3 days → 24 h",
            "below one hour",
        ],
    ),
    (
        "no_baseline",
        "goal",
        [
            "Die Öffnungsrate steigt auf 30 %.",
            "90 % der Leads mit Rückmeldung innerhalb von 24 Stunden",
            "1.000 Leads im Jahr",
            "Wir halbieren die Wartezeit.",
            "Win 300 new clients next year.",
            "NPS of at least 60",
        ],
        [
            "Die Antwortzeit sinkt von 9 auf 2 Tage.",
            "Dublettenquote im CRM, Ist 31 %, Soll 5 %",
            "Statt bisher 900 buchen wir nur noch 100 Gutschriften.",
            "20 % heute, 30 % im Juni",
            "Im Mai waren es 212, im Juli sollen es weniger als 50 sein.",
            "From 12 to 3 hours of reporting per month",
            "15 percent now, 40 percent by the end of next year",
            "Complaints: 46 last year, fewer than 10 this year",
            "Mehr Leads",
        ],
    ),
    (
        "solution_bias",
        "requirement",
        [
            "Wir brauchen HubSpot für die Leads.",
            "Wir brauchen eine Software für Umfragen.",
            "Bitte ein Buchungstool für die Schulungen",
            "A new platform for events.",
            "HubSpot must sync with our billing.",
            "We need CarGate for the workshop.",
        ],
        [
            "Kundinnen sollen nach dem Kauf eine Bewertung abgeben können.",
            "Der Vertrieb sieht im CRM den letzten Anruf.",
            "Prospects can book a demo themselves.",
            "As a CRM admin I see contacts without consent.",
        ],
    ),
    (
        "no_trigger",
        "trigger",
        [
            "Der Vertrieb bekommt eine Nachricht.",
            "Automatische Zusammenfassung der Leads.",
            "bei Bedarf",
            "Unser Team in Linz und die Kolleginnen in Wien",
            "Sales gets a message.",
            "from time to time, as needed",
            "The sales team in Hamburg",
        ],
        [
            "Sobald jemand das Formular absendet",
            "Jeden Montag um 8 Uhr",
            "Nach dem Webinar",
            "Ein Kontakt erreicht 50 Punkte",
            "14 Tage vor Ablauf des Vertrags",
            "When a contact downloads a white paper",
            "Every first of the month",
            "A customer cancels the subscription.",
            "Three days after a booking",
            "Neue Rechnung im System",
            "New lead in the CRM",
            "Contact created",
            "Ein Sensor hat den Grenzwert überschritten.",
        ],
    ),
    (
        "no_reason",
        "deadline_reason",
        [
            "Bis 1. Juni",
            "Der Chef hätte es gern bis Ende Mai.",
            "Weil es dringend ist",
            "By June",
            "It would be nice to have it before summer.",
            "Our director wants it.",
        ],
        [
            "Vertragsende des alten Systems",
            "Wegen der Hausmesse am 12. März",
            "Am 27. November ist Black Friday.",
            "Because the contract ends",
            "Because of the product launch",
            "Trade fair on 12 March",
            "The auditors arrive on 3 February.",
        ],
    ),
]


def rules_in(text: str, field: str, *, goal: str = "") -> set[str]:
    """The rules of a kind of question that apply to an answer."""
    return {hint.rule for hint in COACH.hints(text, rules_of(field), field=field, goal=goal)}


def hints(text: str, *rules: CoachRule) -> tuple[Hint, ...]:
    """The hints of these rules to an answer."""
    return COACH.hints(text, rules)


@pytest.mark.parametrize(
    ("rule", "field", "text"),
    [(rule, field, text) for rule, field, texts, _ in EXAMPLES_OF for text in texts],
)
def test_a_hint_where_it_helps(rule: str, field: str, text: str) -> None:
    assert rule in rules_in(text, field)


@pytest.mark.parametrize(
    ("rule", "field", "text"),
    [(rule, field, text) for rule, field, _, texts in EXAMPLES_OF for text in texts],
)
def test_no_hint_where_there_is_nothing_to_hint_at(rule: str, field: str, text: str) -> None:
    assert rule not in rules_in(text, field)


def test_every_rule_has_examples() -> None:
    assert {rule for rule, *_ in EXAMPLES_OF} == set(SIGNS)


def test_a_hint_names_its_words_and_their_places() -> None:
    text = "Der Bericht wird schneller und einfacher verteilt."
    found = {hint.rule: hint for hint in hints(text, "vague_word", "passive")}
    assert found["vague_word"].match == "schneller, einfacher"
    for hint in found.values():
        assert [text[start:end] for start, end in hint.spans] == list(hint.words)
    assert found["passive"].match == "wird schneller und einfacher verteilt"


def test_long_words_are_shortened() -> None:
    hint = Hint("passive", ("wird " + "sehr " * 40 + "verteilt",))
    assert len(hint.match) <= 60
    assert hint.match.endswith("…")


@pytest.mark.parametrize(
    ("goal", "benefit", "same"),
    [
        ("Mehr Leads", "Mehr Leads", True),
        ("Mehr Leads gewinnen", "Wir gewinnen mehr Leads", True),
        ("More leads from fairs", "More leads from the fairs", True),
        ("Mehr Leads", "Mehr Leads bringen dem Vertrieb in Bern neue Termine", False),
        ("Mehr Leads", "12 Leads mehr", False),
        ("Weniger Rückfragen", "Zwei Stunden mehr für Kunden", False),
        ("", "Mehr Leads", False),
    ],
)
def test_the_benefit_says_more_than_the_goal(goal: str, benefit: str, same: bool) -> None:
    assert ("benefit_equals_goal" in rules_in(benefit, "benefit", goal=goal)) == same


def test_an_owner_is_missing_only_if_nobody_is_named() -> None:
    assert hints("", "no_owner", "too_short") == (Hint("no_owner"),)
    assert hints(UNKNOWN, "no_owner") == (Hint("no_owner"),)
    assert hints("person:1", "no_owner") == ()


def test_nothing_is_said_about_an_empty_or_unknown_answer() -> None:
    for text in ("", "  \n", UNKNOWN):
        assert COACH.hints(text, tuple(SIGNS)) == ()


def test_only_the_rules_that_are_asked_for() -> None:
    assert hints("Wir brauchen HubSpot asap, usw.", "open_list")[0].rule == "open_list"
    assert hints("Wir brauchen HubSpot asap, usw.") == ()


# what a page shows ----------------------------------------------------------------------------------


def hints_of(*rules: CoachRule) -> list[Hint]:
    return [Hint(rule) for rule in rules]


def test_at_most_two_hints_and_the_most_helpful_first() -> None:
    found = placed("goal", "x", hints_of("vague_word", "no_measure", "too_short", "compound", "universal"))
    assert [one.hint.rule for one in chosen(found)] == ["no_measure", "compound"]
    assert len(chosen(found)) == MOST_HINTS


def test_the_order_is_that_of_the_notes() -> None:
    rules: list[CoachRule] = ["open_list", "compound", "no_trigger", "no_measure", "solution_bias"]
    assert tuple(sorted(rules, key=rank))[:4] == FIRST
    assert len({rank(rule) for rule in (*SIGNS, "benefit_equals_goal", "no_owner")}) == 14


def test_a_hint_that_people_turned_off_is_not_shown() -> None:
    found = placed("goal", "x", hints_of("no_measure", "vague_word"))
    assert [one.hint.rule for one in chosen(found, muted={"no_measure"})] == ["vague_word"]


def test_a_hint_is_shown_once_for_the_same_text() -> None:
    found = placed("goal", "Mehr Leads", hints_of("no_measure"))
    seen = {one.seen for one in chosen(found)}
    assert chosen(placed("goal", "  Mehr  Leads ", hints_of("no_measure")), seen=seen) == ()
    assert chosen(placed("goal", "Mehr Anfragen", hints_of("no_measure")), seen=seen)
    assert chosen(placed("kpi", "Mehr Leads", hints_of("no_measure")), seen=seen)


def test_hints_of_several_questions_share_the_page() -> None:
    found = [
        *placed("benefit", "b", hints_of("vague_word")),
        *placed("action", "a", hints_of("passive")),
        *placed("trigger", "t", hints_of("no_trigger")),
    ]
    assert [(one.question, one.hint.rule) for one in chosen(found)] == [
        ("trigger", "no_trigger"),
        ("action", "passive"),
    ]


# sentences ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hint_has_a_sentence_in_both_forms_of_address(language: str) -> None:
    for rule in (*SIGNS, "benefit_equals_goal", "no_owner"):
        for address in ("du", "neutral"):
            said = sentence(Hint(rule, ("{words}",)), language, "neutral" if address == "neutral" else "du")
            assert said
            assert ("{words}" in said) == ("{words}" in sentences(language)[f"coach.hint.{rule}.{address}"])


def test_the_neutral_form_says_no_du() -> None:
    for key, said in sentences("de").items():
        if key.startswith("coach.") and key.endswith(".neutral"):
            assert not {"du", "dir", "dein", "magst", "kannst", "würdest"} & set(said.lower().split())


def test_a_solution_without_a_name_has_a_sentence_of_its_own() -> None:
    assert "«»" not in sentence(Hint("solution_bias"), "de")


# questions of flows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "question", "kind"),
    [
        ("marketing_request", "wish", "requirement"),
        ("marketing_request", "trigger", "trigger"),
        ("marketing_request", "goal", "goal"),
        ("marketing_request", "kpi", "kpi"),
        ("marketing_request", "deadline_reason", "deadline_reason"),
        ("data_request", "decide_event", "deadline_reason"),
        ("data_request", "decision", "requirement"),
    ],
)
def test_the_kind_of_a_question(flow: str, question: str, kind: str) -> None:
    found = load(EXAMPLES / "intake_flows").flows[flow].question(question)
    assert found is not None
    assert kind_of(found) == kind


def test_a_question_of_another_name_is_known_by_its_rules() -> None:
    question = Question.model_validate(
        {"id": "ausloeser", "type": "input", "label": {"de": "Wann?"}, "coach": ["no_trigger", "passive"]}
    )
    assert kind_of(question) == "trigger"
    assert [hint.rule for hint in COACH.question(question, "Der Vertrieb bekommt eine Mail.")] == [
        "no_trigger"
    ]


def test_an_unknown_kind_is_treated_as_a_requirement() -> None:
    assert rules_of("whatever") == FIELDS["requirement"]


# without a kind of question -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Wir brauchen HubSpot.", {"solution_bias", "too_short"}),
        ("Der Vertrieb sieht vor dem Besuch die letzten drei Bestellungen.", set()),
        ("By June", {"no_reason", "too_short"}),
        ("Wir wollen mehr Leads gewinnen.", {"no_measure"}),
        ("Sales gets a message.", {"no_trigger"}),
        ("", set()),
    ],
)
def test_a_text_without_a_question_is_a_requirement_unless_it_is_plainly_something_else(
    text: str, rules: set[str]
) -> None:
    assert {hint.rule for hint in COACH.unstated(text)} == rules


# a company's own words ------------------------------------------------------------------------------


def test_a_company_adds_words(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(
        "vague_word:\n  de:\n    adjectives: rockig\n    not: [schnelle Eingreiftruppe]\n"
        "tools:\n  de: fachverfahren\n",
        encoding="utf-8",
    )
    vague: tuple[CoachRule, ...] = ("vague_word",)
    own = Coach(extended(file), COACH.models, COACH.names_in)
    assert [hint.match for hint in own.hints("Die Seite soll rockiger sein.", vague)] == ["rockiger"]
    assert own.hints("Die schnelle Eingreiftruppe kommt.", vague) == ()
    assert own.hints("Wir wollen ein neues Fachverfahren.", rules_of("requirement"))
    assert COACH.hints("Die Seite soll rockiger sein.", vague) == ()


def test_a_wrong_file_of_words_names_the_mistake(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("vague_wrod:\n  de:\n    words: x\n", encoding="utf-8")
    with pytest.raises(FileBroken) as broken:
        extended(file)
    assert [(found.line, found.code) for found in broken.value.findings] == [(1, "unknown_key")]
    assert broken.value.findings[0].values["hint"] == "vague_word"
