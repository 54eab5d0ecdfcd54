"""A small folder `intake_flows/` without any mistake, and what it looks like with one."""

import datetime as dt
from pathlib import Path

from bot.files.findings import Finding
from bot.intake.check import Known, check

TODAY = dt.date(2026, 11, 28)
MARK = "§"  # stands on the lines where a mistake is expected; it is taken out before the file is read

FLOW = """\
schema: 1
id: wish
version: 3
languages: [de, en]
title: {de: "Vorhaben", en: "Request"}
command: /request
audience: [everyone, sales]
steps:
  - id: need
    title: {de: "Worum geht es?", en: "What is it?"}
    questions:
      - id: wish
        type: textarea
        label: {de: "Was möchtest du?", de_neutral: "Was fehlt?", en: "What do you want?"}
        required: true
        max_length: 1500
        prefill: command_text
        coach: [vague_word]
        maps_to: original_wish
      - id: tool
        type: dropdown
        label: {de: "Wie fest ist es?", en: "How fixed is it?"}
        allow_unknown: true
        unknown_goes_to: role:it
        options:
          - value: idea
            label: {de: "Idee", en: "Idea"}
          - value: decided
            label: {de: "Beschlossen", en: "Decided"}
        maps_to: solution.status
  - id: data
    title: {de: "Daten", en: "Data"}
    show_if:
      tool: {not: decided}
    questions:
      - id: note
        type: markdown
        label: {de: "Zu «{wish}»", en: "About “{wish}”"}
        show_if:
          detected.tool_wish: true
      - id: systems
        type: multiselect
        label: {de: "Welche Systeme?", en: "Which systems?"}
        options_from: landscape.systems
        allow_other: true
        show_analysis: interfaces
        maps_to: landscape.systems
      - id: kinds
        type: checkboxes
        label: {de: "Welche Daten?", en: "Which data?"}
        options:
          - value: none
            label: {de: "Keine", en: "None"}
            exclusive: true
          - value: people
            label: {de: "Von Personen", en: "Of people"}
        maps_to: privacy.kinds
      - id: flow
        type: input
        label: {de: "Was fliesst?", en: "What flows?"}
        show_if:
          interfaces.missing: {more_than: 0}
        maps_to: landscape.flow
      - id: start
        type: date
        label: {de: "Ab wann?", en: "From when?"}
        min: today
        maps_to: dates.start
      - id: end
        type: date
        label: {de: "Bis wann?", en: "Until when?"}
        min: start
        show_if:
          start: {answered: true}
        maps_to: dates.end
      - id: seats
        type: number
        label: {de: "Wie viele?", en: "How many?"}
        min: 1
        max: 500
        maps_to: seats
      - id: owner
        type: user
        label: {de: "Wer entscheidet?", en: "Who decides?"}
        default: requester
        fallback: wish
        maps_to: owner
review:
  readiness:
    criteria:
      - id: need
        points: 60
        answered: [wish]
        without: [vague_word]
        label: {de: "Bedarf", en: "Need"}
      - id: data
        points: 40
        answered: [systems, kinds]
        label: {de: "Daten", en: "Data"}
rules:
  - when:
      kinds: {includes: people}
    do:
      add_stakeholder: role:privacy
      add_open_question:
        text: {de: "Darf man das?", en: "Is it allowed?"}
        ask: role:privacy
  - when:
      tool: decided
    do:
      route: fast
routing:
  default: {queue: it, channel: "#it", assignee: role:it}
  fast: {queue: fast, channel: "#fast", assignee: role:it}
sla:
  calendar: {timezone: Europe/Zurich, hours: "08:00-17:00", days: [mon, tue], holidays: CH-ZH}
  team: {first_response: 2bd}
  requester: {answer_question: 4bh}
ticket:
  title: "{wish}"
  connectors: [jira]
"""
OTHER = """\
schema: 1
id: data
version: 1
languages: [de, en]
title: {de: "Daten", en: "Data"}
command: /request
keywords: {de: ["daten"], en: ["data"]}
steps:
  - id: ask
    title: {de: "Frage", en: "Question"}
    questions:
      - id: question
        type: input
        label: {de: "Welche Zahl?", en: "Which number?"}
        prefill: command_text
        maps_to: original_wish
routing:
  default: {queue: data, channel: "#data", assignee: role:it}
ticket:
  title: "{question}"
"""
LANDSCAPE = """\
schema: 1
updated: "2026-11-01"
owners:
  it: {de: "IT", en: "IT"}
systems:
  - id: crm
    name: "Salesforce"
    category: crm
    capabilities: [crm]
    owner: it
    status: live
    personal_data: personal
    hosting: {model: saas, location: EU}
    master_for: {de: "Kontakte", en: "contacts"}
  - id: mails
    name: "CleverReach"
    category: email
    owner: it
    status: retiring
    replaced_by: crm
    personal_data: personal
    hosting: {model: saas, location: US}
  - id: old
    name: "Altes"
    category: crm
    owner: it
    status: retired
    personal_data: none
    hosting: {model: on_premises, location: CH}
interfaces:
  - id: mails_crm
    from: mails
    to: crm
    direction: one_way
    data: {de: "Adressen", en: "addresses"}
    frequency: daily
    method: api
    status: live
    owner: it
  - id: crm_mails
    from: crm
    to: mails
    direction: one_way
    data: {de: "Kontakte", en: "contacts"}
    frequency: daily
    method: api
    status: planned
    planned_for: "2027-Q1"
    owner: it
"""
CAPABILITIES = """\
schema: 1
capabilities:
  crm:
    label: {de: "Kunden führen", en: "Keep customers"}
    requirement: {de: "Wir müssen Kontakte pflegen.", en: "We need to maintain contacts."}
    question: {de: "Wer pflegt was?", en: "Who maintains what?"}
    words: {de: ["CRM"], en: ["CRM"]}
    neighbours: [email]
    personal_data: likely
  email:
    label: {de: "Mails senden", en: "Send mail"}
    question: {de: "Wie viele?", en: "How many?"}
    words: {de: ["Newsletter"], en: ["newsletter"]}
    personal_data: likely
"""
ROLES = """\
users:
  anna: anna@example.com
roles:
  it: [user:anna]
  privacy: [user:anna]
"""
CONNECTORS = """\
schema: 1
connectors:
  jira: {type: webhook, url: "https://example.com", secret_env: HOOK_SECRET}
"""
CLEAN = {
    "wish.yaml": FLOW,
    "data.yaml": OTHER,
    "landscape.yaml": LANDSCAPE,
    "capabilities.yaml": CAPABILITIES,
    "roles.yaml": ROLES,
    "connectors.yaml": CONNECTORS,
}
KNOWN = Known({"departments": ["sales", "it"], "glossary.kpis": ["conversion-rate", "win-rate"]})


def written(folder: Path, **changed: str) -> Path:
    """The clean folder with other texts for some files (`wish=…`); "" leaves a file out."""
    for name, clean in CLEAN.items():
        if text := changed.pop(name.removesuffix(".yaml"), clean):
            (folder / name).write_text(text, encoding="utf-8")
    for name, text in changed.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, **changed: str) -> list[Finding]:
    """What is found in the clean folder with other texts for some files."""
    return check(written(folder, **changed), TODAY, KNOWN)


def changed(text: str, old: str, new: str) -> str:
    """The text with something in it that is not right."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the clean file"
    return text.replace(old, new)


def marked(text: str) -> tuple[str, list[int]]:
    """The text without its marks, and the lines where a mistake is expected."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]
    return text.replace(MARK, ""), lines
