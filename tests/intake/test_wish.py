"""What a message wants: the label, products with their role, the need, the desk; and what it never does."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.intake.lists import load_lists
from bot.intake.need import MOST, stated_need
from bot.intake.systems import Landscape
from bot.intake.training import FOLDER, make
from bot.intake.wish import LABELS, Analyst, existing_system, facts, judged
from bot.text.linear import dump_model

FLOWS = Path(__file__).parents[2] / "intake_flows"
LISTS = load_lists(FLOWS)
ANALYST = Analyst(LISTS.catalogue, LISTS.kinds)


def roles(text: str) -> dict[str, str]:
    return {product.name: product.role for product in ANALYST.analyse(text).products}


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("tool_wish", "Wir brauchen HubSpot"),
        ("tool_wish", "Kann jemand mal Notion anschaffen?"),
        ("tool_wish", "we need a new CRM"),
        ("tool_wish", "My team fancies one of those apps for shift plans."),
        ("mixed", "Wir brauchen ein Tool, damit Anfragen von der Webseite automatisch verteilt werden."),
        ("mixed", "We'd love to replace Mailchimp with Brevo because newsletters take forever"),
        ("mixed", "Wir bräuchten dringend was, mit dem man Umfragen an Kunden schicken kann"),
        ("requirement", "Anmeldungen vom Webinar sollen automatisch ins CRM"),
        ("requirement", "The dashboard should show monthly churn by region so that sales can react"),
        ("not_wish", "Danke für die Hilfe gestern mit Jira!"),
        ("not_wish", "Outlook stürzt dauernd ab"),
        ("not_wish", "Hat jemand was gegen Kopfschmerzen?"),
        ("not_wish", "Do you need something from me for the slides?"),
        ("not_wish", "Der Slack in meinem Kletterseil macht mir Sorgen."),
    ],
)
def test_what_a_message_wants(label: str, text: str) -> None:
    wish = ANALYST.analyse(text)
    assert wish.label == label
    assert not wish.in_doubt


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wir wollen von Mailchimp zu Brevo wechseln", {"Mailchimp": "rejected", "Brevo": "wished"}),
        ("Trello or Asana, we're not fussy", {"Trello": "candidate", "Asana": "candidate"}),
        ("Wir brauchen Hubspott", {"HubSpot": "wished"}),
        ("In SharePoint soll man Offerten finden", {"SharePoint": "existing"}),
        ("Wir hätten gern mehr Zeit für das Konzept", {}),
        ("Wir brauchen den Slack im Zeitplan", {}),
    ],
)
def test_products_have_a_role_and_their_listed_name(text: str, found: dict[str, str]) -> None:
    assert roles(text) == found


@pytest.mark.parametrize(
    ("text", "wished", "rejected"),
    [
        ("Storyblok statt TYPO3, das wäre schön", "Storyblok", "TYPO3"),
        ("We'd like Linear instead of our old Jira", "Linear", "Jira"),
        ("Klaviyo rather than Mailchimp please", "Klaviyo", "Mailchimp"),
        ("Lieber Canto als SharePoint", "Canto", "SharePoint"),
        ("Pipedrive soll unser Salesforce ablösen", "Pipedrive", "Salesforce"),
        ("Jira weg, Asana rein", "Asana", "Jira"),
        ("Wir wollen Figma und nicht Sketch", "Figma", "Sketch"),
        ("We'd like to cancel Hootsuite and buy Buffer", "Buffer", "Hootsuite"),
        ("Notion anstelle unserer Word-Dokumente", "Notion", "Microsoft Word"),
    ],
)
def test_what_is_replaced_is_told_from_what_is_wished_in_any_order(
    text: str, wished: str, rejected: str
) -> None:
    assert roles(text) == {wished: "wished", rejected: "rejected"}


@pytest.mark.parametrize(
    ("text", "names", "role"),
    [
        ("Wir brauchen Semrush und Sistrix", {"Semrush", "SISTRIX"}, "wished"),
        ("Could we have Notion, Miro and Slack?", {"Notion", "Miro", "Slack"}, "wished"),
        ("We need both Personio and DATEV", {"Personio", "DATEV"}, "wished"),
        ("Wir evaluieren Bynder und Canto", {"Bynder", "Canto"}, "candidate"),
        ("Something like Calendly would be great", {"Calendly"}, "candidate"),
    ],
)
def test_names_that_are_counted_up_have_one_role(text: str, names: set[str], role: str) -> None:
    assert roles(text) == dict.fromkeys(names, role)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wir möchten endlich weg von TYPO3", "TYPO3"),
        ("Können wir Doodle abschaffen?", "Doodle"),
        ("Time to get rid of our old Sage", "Sage"),
    ],
)
def test_what_somebody_wants_to_lose_is_not_wished(text: str, name: str) -> None:
    wish = ANALYST.analyse(text)
    assert roles(text) == {name: "rejected"}
    assert wish.wanted == ()
    assert wish.capability == LISTS.catalogue.product(name).category  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nobody asked for Klaviyo, thanks", "Klaviyo"),
        ("Früher haben wir mit Magento gearbeitet", "Magento"),
        ("Die Stadtbibliothek lehnt Padlet ab", "Padlet"),
    ],
)
def test_what_is_refused_or_past_is_rejected_without_a_wish(text: str, name: str) -> None:
    assert ANALYST.analyse(text).label == "not_wish"
    assert roles(text) == {name: "rejected"}


@pytest.mark.parametrize(
    "text",
    [
        "Wir möchten Asana. Heute nutzen wir Trello.",
        "We would love to have Asana. Today we use Trello.",
        "Wir brauchen Asana, Trello haben wir schon.",
        "Könnten wir Asana bekommen? Unser altes Trello kann keine Vorlagen.",
    ],
)
def test_what_is_in_use_is_not_wished(text: str) -> None:
    found = roles(text)
    assert found["Asana"] == "wished"
    assert found["Trello"] in {"existing", "rejected"}


@pytest.mark.parametrize(
    "text",
    [
        "Bitte Personio mit Outlook verbinden",
        "Can you integrate Typeform with Salesforce?",
        "Wir hätten gern eine Schnittstelle zwischen Shopware und Navision",
        "Wir möchten HubSpot und Salesforce koppeln",
    ],
)
def test_whoever_wants_systems_connected_wishes_none_of_them(text: str) -> None:
    wish = ANALYST.analyse(text)
    assert wish.label == "requirement"
    assert {product.role for product in wish.products} == {"existing"}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Zendesc", "Zendesk"),  # as it sounds
        ("Pipedraiv", "Pipedrive"),
        ("Gainsite", "Gainsight"),
        ("Canvaa", "Canva"),  # a doubled letter is likelier than a wrong one (Canvas)
        ("Powr BI", "Power BI"),
        ("Goggle Docs", "Google Docs"),
    ],
)
def test_a_misspelt_name_is_found(typed: str, name: str) -> None:
    assert [mention.product.name for mention in LISTS.catalogue.find(typed)] == [name]


@pytest.mark.parametrize("word", ["mikro", "Eventteam", "Messestand"])
def test_an_ordinary_word_is_no_misspelt_name(word: str) -> None:
    assert LISTS.catalogue.find(word) == []


@pytest.mark.parametrize(
    "text", ["Please update my profile.", "Sign me up for the course", "You could involve me earlier."]
)
def test_ordinary_words_are_no_name_that_is_written_otherwise(text: str) -> None:
    assert roles(text) == {}


def test_a_word_is_a_name_in_a_list_of_names() -> None:
    assert "Notion" in roles("Trello, Asana oder Notion, egal was.")


@pytest.mark.parametrize(
    ("text", "need"),
    [
        (
            "Wir brauchen HubSpot, damit wir Leads automatisch bewerten können.",
            "Leads automatisch bewerten",
        ),
        ("Wir suchen ein Tool, um Kunden anzuschreiben.", "Kunden anschreiben"),
        ("With Hotjar we could see where visitors leave.", "see where visitors leave"),
        ("Bitte HubSpot.", None),
    ],
)
def test_the_need_stays_in_the_words_of_whoever_asks(text: str, need: str | None) -> None:
    spans = [(at, at + len(name)) for name in ("HubSpot", "Tool", "Hotjar") if (at := text.find(name)) >= 0]
    found = stated_need(text, spans)
    assert (found.text if found else None) == need


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        (
            "Bitte Calendly, damit Gäste ihren Tisch selbst buchen können",
            "Wir möchten, dass Gäste ihren Tisch selbst buchen können",
        ),
        ("Bitte Calendly, damit wir Tische selbst buchen können", "Tische selbst buchen"),
        ("Bitte Calendly, dann könnten Gäste selbst buchen", "Gäste könnten selbst buchen"),
        ("Calendly, um Anfragen zu sammeln und zu beantworten", "Anfragen sammeln und beantworten"),
        (
            "Calendly, um Bilder hinzuzufügen und zu neuen Ordnern zu schieben",
            "Bilder hinzufügen und zu neuen Ordnern schieben",
        ),
        ("Calendly, um Termine zuzuordnen", "Termine zuordnen"),
        ("Mit Calendly könnten wir Termine ins CRM übernehmen", "Termine ins CRM übernehmen"),
        ("We want Calendly so that guests can book a table", "Guests can book a table"),
        ("Könnten wir Calendly zum Planen von Terminen bekommen?", "Planen von Terminen"),
        ("We want Calendly because we want to book faster", "Book faster"),
        ("Bitte Calendly, weil niemand die Termine findet", ""),
        ("We need Calendly because nobody finds a slot", ""),
        ("Wir brauchen Calendly, weil Doodle keine Serien kann", ""),
    ],
)
def test_what_one_can_do_afterwards_is_a_sentence_and_no_complaint(text: str, aim: str) -> None:
    at = text.index("Calendly")
    found = stated_need(text, [(at, at + len("Calendly"))])
    assert found is not None
    assert found.aim == aim


def test_a_complaint_does_not_replace_the_sentence_of_the_capability() -> None:
    wish = ANALYST.analyse("Wir brauchen HubSpot, weil niemand weiss, welche Leads heiss sind")
    found = facts(wish, LISTS.capabilities, Landscape(schema=1), "de")
    assert found["detected.need"] == "niemand weiss, welche Leads heiss sind"
    assert str(found["detected.suggested_requirement"]).startswith("Wir müssen Kontakte")


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("Wir suchen ein Tool für Kundenumfragen", "survey_forms"),  # the end of a compound
        ("Bitte eine Software zur Verwaltung unserer Logos", "dam"),
        ("Wir brauchen etwas für Reisekosten", "finance"),
        ("Wir hätten gern eine Projektplanungs-App", "project_mgmt"),
        ("We need software to translate our product texts", "translation"),
        ("Could we get a tool for booking appointments?", "scheduling"),
        ("We want a survey app", "survey_forms"),
        ("Wir brauchen ein Tool für Montag", None),
        ("Wir brauchen ein CRM für Veranstaltungen", "crm"),
        ("Wir brauchen Miro für Umfragen", "project_mgmt"),  # of a named product the list knows it
    ],
)
def test_what_a_tool_is_for_tells_the_capability(text: str, capability: str | None) -> None:
    wish = ANALYST.analyse(text)
    assert wish.is_tool_wish
    assert wish.capability == capability


def test_a_purpose_counts_only_beside_a_word_for_a_tool() -> None:
    assert LISTS.kinds.find("Die Umfrage ist fertig, bitte Feedback") == []
    assert ANALYST.analyse("Wir brauchen mehr Feedback zu den Folien").capability is None


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ({"status": "live"}, {"status": "pilot"}, "Alpha"),
        ({"status": "pilot"}, {"status": "live"}, "Beta"),
        ({"status": "pilot"}, {"status": "planned"}, "Alpha"),
        ({"status": "planned"}, {"status": "retired"}, None),
        ({"status": "retiring", "replaced_by": "beta"}, {"status": "live", "capabilities": []}, "Beta"),
        ({"status": "retiring", "replaced_by": "beta"}, {"status": "planned"}, None),
        ({"status": "retiring"}, {"status": "retired"}, None),
    ],
)
def test_what_can_do_it_already_runs_or_is_the_heir_of_what_retires(
    first: dict[str, object], second: dict[str, object], name: str | None
) -> None:
    common = {
        "category": "crm",
        "capabilities": ["crm"],
        "owner": "it",
        "personal_data": "none",
        "hosting": {"model": "saas", "location": "CH"},
    }
    systems = [
        {**common, "id": "alpha", "name": "Alpha", **first},
        {**common, "id": "beta", "name": "Beta", **second},
    ]
    landscape = Landscape.model_validate({"schema": 1, "systems": systems})
    system = existing_system(ANALYST.analyse("Wir brauchen ein CRM"), landscape)
    assert (system.name if system else None) == name


def test_what_is_said_about_the_tool_that_goes_is_a_need_and_no_aim() -> None:
    text = "Der Forecast in Excel stürzt täglich ab. Können wir auf Causal umsteigen?"
    wish = ANALYST.analyse(text)
    assert roles(text) == {"Microsoft Excel": "rejected", "Causal": "wished"}
    assert (wish.need, wish.aim) == ("Der Forecast in Excel stürzt täglich ab", "")


def test_a_pronoun_can_be_the_tool_of_which_a_need_is_told() -> None:
    wish = ANALYST.analyse("Wir bräuchten was, mit dem man Umfragen an Kunden schicken kann")
    assert wish.need == "Umfragen an Kunden schicken"
    assert wish.products == ()


@pytest.mark.parametrize(
    ("text", "desk"),
    [
        ("Bitte HubSpot-Zugang für Frau Keller", "access"),
        ("Please reset my SAP password, it expired.", "access"),
        ("Seit heute früh lädt in Typeform gar nichts mehr.", "incident"),
        ("Unsere Lizenz für Figma läuft nächste Woche aus", "licence"),
        ("Danke für den Kuchen!", None),
    ],
)
def test_whoever_needs_another_desk_is_pointed_there(text: str, desk: str | None) -> None:
    assert ANALYST.analyse(text).desk == desk


def test_the_capability_is_that_of_what_is_wished() -> None:
    assert ANALYST.analyse("Weg mit Mailchimp, wir wollen Personio für die Ferien").capability == "hr"
    wish = ANALYST.analyse("Wir brauchen ein CRM")
    assert (wish.capability, wish.kind) == ("crm", "CRM")


def test_a_language_that_is_not_known_is_in_doubt() -> None:
    assert ANALYST.analyse("Necesitamos una herramienta nueva para encuestas").in_doubt


def test_each_reading_has_a_bar_of_its_own() -> None:
    sure: dict[str, float] = {"tool_wish": 0.5, "mixed": 0.35, "requirement": 0.1, "not_wish": 0.05}
    assert judged(sure) == ("tool_wish", False)
    assert judged({**sure, "mixed": 0.2, "requirement": 0.25}) == ("tool_wish", True)
    assert judged({**dict.fromkeys(sure, 0.0), "not_wish": 0.56}) == ("not_wish", False)


@pytest.mark.parametrize(
    "text", ["", " ", "…", "🙂", "\u200b", "a" * 50_000, "HubSpot " * 5_000, "was, " * 9_000]
)
def test_the_analysis_takes_whatever_is_typed(text: str) -> None:
    assert ANALYST.analyse(text).label in LABELS


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    wish = ANALYST.analyse(text, why=True)
    assert wish.label in LABELS
    assert wish.need is None or 0 < len(wish.need) <= MOST


def test_it_says_why() -> None:
    why = ANALYST.analyse("Wir brauchen HubSpot", why=True).why
    assert sum(why.probabilities.values()) == pytest.approx(1.0)
    assert why.reasons


def test_the_weights_are_those_of_the_sentences() -> None:
    """The quickest of the models, computed again; the others by their classes."""
    rows = make.sentences(LISTS.catalogue, LISTS.kinds, FOLDER)
    assert dump_model(make.train_senses(rows)) == (FOLDER / "senses.json").read_text("utf-8")


def test_the_sentences_are_labelled_as_the_readers_expect() -> None:
    rows = make.sentences(LISTS.catalogue, LISTS.kinds, FOLDER)
    assert {row.label for row in rows} == set(LABELS)
    assert {row.author for row in rows} == {path.stem for path in FOLDER.glob("wishes_*.jsonl")}
    assert len({row.text for row in rows}) > 0.97 * len(rows)


def test_the_command_answers_a_line_for_a_line() -> None:
    lines = [{"id": "a", "text": "Wir brauchen HubSpot"}, {"id": "b", "text": "Danke!"}]
    given_lines = "\n".join(json.dumps(line) for line in lines)
    result = CliRunner().invoke(app, ["analyse", "--batch"], input=given_lines)
    first, second = map(json.loads, result.stdout.splitlines())
    assert list(first) == ["id", "label", "in_doubt", "products", "need", "capability", "language", "us"]
    assert first["products"] == [{"name": "HubSpot", "role": "wished"}]
    assert (second["id"], second["label"]) == ("b", "not_wish")
