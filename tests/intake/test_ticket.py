"""The ticket and the other notations: everything that IT needs, and every word as it was typed."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.intake.export import COLUMNS, guarded, table
from bot.intake.landscape import facts as landscape_facts
from bot.intake.landscape import interfaces
from bot.intake.markdown import JOINER, literal
from bot.intake.names import Names, names
from bot.intake.notations import ears, gherkin, story
from bot.intake.picture import lines, mermaid
from bot.intake.result import build
from bot.intake.standing import standing
from bot.intake.ticket import ticket, title
from bot.intake.usecase import Readiness, Term, UseCase
from bot.intake.wording import Wording, day_text
from tests.intake.examples import EXAMPLES, answers, around, cases, draft, intake

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
KNOWN = {
    "role:inside_sales_lead": "Leitung Innendienst (Vertrieb)",
    "lead-response-time": "Lead-Reaktionszeit",
    "marketing-qualified-lead": "Marketing Qualified Lead",
}
NASTY = [
    "a | b\n\nc",
    "# Titel #",
    "[Link](https://evil.example) ![Bild](x)",
    "<b>fett</b> <script>alert(1)</script> <!channel>",
    "`code` *fett* _kursiv_ ~~weg~~ $x$",
    "@channel @it-team a@example.com #12 :smile:",
    "https://evil.example www.evil.example",
    "&lt;b&gt; &amp; &#60;",
    "- [ ] Aufgabe\n1. eins\n> Zitat\n---\n***",
    "```\nmermaid\n```",
    "{requirement} {{x}} %s",
    "=HYPERLINK(1)",
    "1. eins",
    "7) sieben",
    "\\| \\\\ \\",
    "|" * 50,
]


def words(of: str, language: str) -> Wording:
    landscape = intake().landscape
    named = names(landscape, language, KNOWN | {"person:7": "Anna Muster"})
    return Wording(
        intake().flows[of],
        language,
        replace(named, term=lambda one: KNOWN.get(one, one), department=str.title),
    )


def made(name: str, changed: dict[str, Any] | None = None, **more: Any) -> UseCase:
    """The use case of an example, with some answers changed."""
    case = cases()[name]
    landscape = intake().landscape
    of = intake().flows[case["flow"]]
    state = replace(draft(case), answers=answers(case) | (changed or {}))

    def analyse(texts: tuple[str, ...]) -> Any:
        return landscape_facts(landscape, texts, interfaces(landscape, texts))

    now = standing(of, state, replace(around(case), interfaces=analyse))
    systems = tuple(one.removeprefix("other:") for one in now.answers.get("systems", ()))
    given: dict[str, Any] = {
        "interfaces": interfaces(landscape, systems) if systems else None,
        "readiness": Readiness(score=95, band="ready"),
    }
    return build(words(of.id, case["language"]), now, number="REQ-42", requester="person:7", **given | more)


def drawn(text: str) -> list[Token]:
    return MARKDOWN.parse(text)


def plain(tokens: list[Token]) -> list[str]:
    """What one reads in each paragraph, heading or cell; nothing but text may be in it."""
    read = []
    for token in tokens:
        if token.type == "inline":
            kinds = {child.type for child in token.children or []}
            assert kinds <= {
                "text",
                "strong_open",
                "strong_close",
                "softbreak",
                "hardbreak",
                "em_open",
                "em_close",
            }
            read.append("".join(child.content for child in token.children or []).replace(JOINER, ""))
    return read


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_worked_example_has_the_structure_of_the_example(language: str) -> None:
    terms = [
        Term(text="Lead-Reaktionszeit", term="lead-response-time", sense="agreed", in_="kpi.text"),
        Term(text="MQL", term="marketing-qualified-lead", sense="agreed", in_="kpi.text"),
    ]
    case = made(f"worked_{language}", terms=terms)
    text = ticket(case, words("marketing_request", language))
    wanted = (EXAMPLES / f"ticket_{language}.md").read_text()
    for pattern in (r"^#.*$", r"^\| .*$", r"^```mermaid.*?^```$", r"^- \[ \].*$", r"^- [✅↪❌].*$"):
        flags = re.MULTILINE | re.DOTALL if "mermaid" in pattern else re.MULTILINE
        assert re.findall(pattern, text, flags) == re.findall(pattern, wanted, flags)
    if language == "de":
        assert "**Begriffe aus dem Glossar:** Lead-Reaktionszeit, MQL (Marketing Qualified Lead)" in text
        assert "**Von Anfang an dabei:** Leitung Innendienst (Vertrieb), Datenschutz" in text


def test_labels_are_translated_and_answers_stay() -> None:
    text = ticket(made("worked_de"), words("marketing_request", "en"))
    assert "| **Trigger** | Sobald ein Kontakt" in text
    assert "- Access: Marketing, Sales" in text


def test_a_flow_of_ones_own_is_listed_by_step() -> None:
    case = made(
        "data_request_de", {"period": "custom", "period_from": "2026-01-01", "period_to": "2026-06-30"}
    )
    text = ticket(case, words("data_request", "de"))
    assert "## Segment und Zeitraum" in text
    assert "**Von:** 01.01.2026" in text
    assert "**Welche Entscheidung triffst du mit der Antwort?** Ob das Budget" in text
    assert "Use Case" not in text
    assert "> " not in text  # the wish is the title already


def test_a_bare_wish_says_what_is_open() -> None:
    text = ticket(made("bare_de"), words("marketing_request", "de"))
    assert text.count("*noch offen*") == 4
    assert "**Lösungsidee:** HubSpot – nicht entschieden" in text
    assert "```mermaid" not in text


def test_a_page_that_was_skipped_leaves_nothing_open() -> None:
    case = made("worked_de").model_copy(update={"use_case": None})
    assert "noch offen" not in ticket(case, words("marketing_request", "de"))


def test_more_that_belongs_to_it() -> None:
    term = Term(text="Lead", term="lead", sense="sales", in_="requirement")
    case = made(
        "worked_de",
        {
            "existing_fit": "gap",
            "fit_gap": "Kein Webhook",
            "deadline": "",
            "systems": ("evalanche", "other:Neu"),
        },
        terms=[term],
        links=["https://example.com/x"],
        confidential=True,
    )
    text = ticket(case, words("marketing_request", "de"))
    assert "Lead (wie Sales es meint)" in text
    assert r"**Links:** https:\//example.com/x" in text
    assert "**Vertraulich:**" in text
    assert "- Kann das laut Systemlandschaft: Evalanche\n- Passt das: Nein, es fehlt etwas\n" in text
    assert "- Was dort fehlt: Kein Webhook\n" in text
    assert "- ❔ Neu – steht noch nicht in der Systemlandschaft" in text
    assert "**Termin:**" not in text


def test_a_title_is_one_line_of_at_most_255_characters() -> None:
    case = made("worked_de", {"requirement": "Zeile\n" * 200})
    named = title(case, words("marketing_request", "de"))
    assert len(named) == 255
    assert "\n" not in named
    nameless = case.model_copy(update={"requirement": None, "original_wish": None})
    assert title(nameless, words("marketing_request", "de")) == "REQ-42"


@pytest.mark.parametrize("text", NASTY)
def test_what_is_typed_is_what_is_read(text: str) -> None:
    read = plain(drawn(f"- {literal(text)}"))
    assert read == [" ".join(re.sub(r"\s*\n+\s*", " / ", text).split())]


@settings(max_examples=300, deadline=None)
@given(st.text("|\n\\`*_[]()<>#@&;:$~!-+=.1 aä/wlt", max_size=30))
def test_any_text_is_read_as_it_was_typed(text: str) -> None:
    shown = " ".join(re.sub(r"\s*\n+\s*", " / ", text.strip()).split())
    for frame in ("{}", "- {}", "> «{}»", "# {}", "**Name:** {}", "| a | b |\n|---|---|\n| x | {} |"):
        tokens = drawn(frame.format(literal(text)))
        framed = frame.rpartition("\n")[2].strip("-># |").replace("x | ", "").replace("**", "")
        read = plain(tokens)
        assert (read[-1:] or [""])[0].strip() == framed.format(shown).strip()


@pytest.mark.parametrize("text", NASTY)
def test_nobody_is_called_and_nothing_becomes_a_link(text: str) -> None:
    """What GitHub and others look for after the Markdown is drawn, or beside it."""
    shown = literal(text)
    assert not re.search(r"(?<!\\)(?:https?|ftp)://|(?<!\\)\bwww\.", shown)
    assert not re.search(r"@\w|(?<!\w)#\d|:[a-z]+:", shown)


@pytest.mark.parametrize("text", NASTY)
def test_hostile_answers_leave_the_ticket_in_order(text: str) -> None:
    prose = ("wish", "requirement", *("trigger", "action", "goal", "benefit"), "data_flow", "kpi")
    typed = dict.fromkeys((*prose, "deadline_reason"), text)
    case = made("worked_de", typed | {"systems": ("evalanche", "gotowebinar", f"other:{text}")})
    tokens = drawn(ticket(case, words("marketing_request", "de")))
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 1
    assert kinds.count("tr_open") == 5
    assert [token.tag for token in tokens if token.type == "heading_open"].count("h2") == 5
    assert kinds.count("fence") == 1
    assert kinds.count("blockquote_open") <= 1
    assert "html_block" not in kinds
    shown = " ".join(re.sub(r"\s*\n+\s*", " / ", text).split())
    assert plain(tokens).count(shown) >= 3  # action, goal, benefit


@pytest.mark.parametrize("text", NASTY)
def test_names_cannot_leave_their_box_in_the_picture(text: str) -> None:
    found = interfaces(intake().landscape, ("evalanche", text))
    picture = mermaid(("evalanche", text), found, lambda one: one, "de").splitlines()
    assert picture[:2] == ["graph LR", '  evalanche["evalanche"]']
    assert len(picture) == 3
    inside = picture[2].removeprefix('  unknown1["').removesuffix('"]')
    assert not set('"<>`\\') & set(inside)


def test_the_picture_shows_what_lies_between_and_what_is_planned() -> None:
    landscape = intake().landscape
    chosen = ("salesforce", "power_bi", "sap_s4")
    named = names(landscape, "en")
    found = interfaces(landscape, chosen)
    picture = mermaid(chosen, found, named.system, "en")
    assert "  salesforce --> snowflake\n  snowflake --> power_bi" in picture
    assert "  salesforce -.->|planned 2027-Q2| sap_s4" in picture
    assert (
        "🕒 Salesforce Sales Cloud → SAP S/4HANA – planned (won opportunities as orders, 2027-Q2)"
        in lines(found, named.system, "en")
    )
    apart = interfaces(landscape, ("evalanche", "akeneo"))
    assert lines(apart, named.system, "de") == ["❌ Evalanche und Akeneo – nicht verbunden"]


def test_ears_says_when_and_what() -> None:
    assert ears(made("worked_en"), words("marketing_request", "en")).startswith(
        "When a contact opens the price page twice within 14 days after a webinar, the solution shall"
    )
    german = words("marketing_request", "de")
    assert ears(made("worked_de"), german).startswith("Wenn ein Kontakt nach einem Webinar")
    assert ears(made("weak_de"), german).startswith("Auslöser: Nach dem Webinar. Dann")
    assert "(noch offen)" in ears(made("bare_de"), german)


def test_gherkin_has_a_step_per_line() -> None:
    text = gherkin(made("worked_de", {"action": "a\nUnd b\n\n| c |"}), words("marketing_request", "de"))
    assert text.startswith("# language: de\nFunktionalität: ")
    steps = [line.split()[0] for line in text.splitlines() if line.startswith("    ")]
    assert steps == ["Angenommen", "Und", "Wenn", "Dann", "Und"]
    assert "    Dann a Und b | c |" in text


def test_a_user_story_says_who_what_and_why() -> None:
    text = story(made("worked_en"), words("marketing_request", "en"))
    assert text.startswith("As Marketing automation product owner (marketing) I need this: Anyone who")
    assert "without manual work. It brings: Fewer lost enquiries" in text


def test_a_row_per_use_case_and_no_formula() -> None:
    both = [
        (
            made("worked_de", {"requirement": "=1+1", "action": ' @SUM(A1)"\n'}),
            words("marketing_request", "de"),
        ),
        (made("data_request_de"), words("data_request", "en")),
    ]
    header, first, second = csv.reader(io.StringIO(table(both)))
    cells = dict(zip(COLUMNS, first, strict=True))
    assert tuple(header) == COLUMNS
    assert cells["requirement"] == cells["title"] == "'=1+1"
    assert cells["action"] == "'@SUM(A1)\""
    assert cells["missing_interfaces"] == "GoToWebinar → Evalanche"
    assert cells["requester"] == "Anna Muster"
    assert (cells["priority"], cells["readiness"]) == ("P3", "95")
    assert dict(zip(COLUMNS, second, strict=True))["deadline"] == "2027-01-20"


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\n-x"])
def test_a_formula_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded(f"a{cell}") == f"a{cell}"


def test_days_as_one_writes_them() -> None:
    assert (day_text("2027-03-12", "de"), day_text("2027-03-12", "en")) == ("12.03.2027", "12 March 2027")
    assert day_text("bald", "de") == "bald"


def test_roles_have_names() -> None:
    named = names(intake().landscape, "en")
    assert named.person("role:crm_owner") == "CRM product owner (sales)"
    assert named.person("role:it_triage") == "IT triage"
    assert named.person("role:brand_new") == "Brand new"
    assert named.person("person:9") == "person:9"
    assert Names().system("x") == "x"
