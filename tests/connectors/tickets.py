"""A request as tools get it, and texts that would like to be more than texts."""

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.connectors.ports import Ticket
from bot.intake.markdown import literal

AT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
HOSTILE = [
    "a | b || c",
    "line\nbreak\r\nand\u2028more",
    "*bold* _it_ `code` ~~gone~~ $x$",
    "<script>alert(1)</script> <img src=x onerror=y> <b>b</b>",
    "[click](https://evil.example) ![p](https://evil.example/p.png) https://evil.example www.evil.example",
    "@octocat @org/team [~accountid:5b10ac8d82e05b22cc7d4ef5] #12 org/repo#3 GH-4 !5",
    "# no heading",
    "- [ ] no box",
    "1. no list",
    "```mermaid\nno fence",
    "&amp; &lt; :smile: \\| \\",
    "<!-- klartext-req-1 -->",
    "{{template}} {jinja} %s ${HOME}",
    "ß 🙂 \u202ereversed",
]


def ticket(text: str = "Webinare ohne Abtippen", **changes: Any) -> Ticket:
    """One of Mara's."""
    said = literal(text)
    table = f"| | |\n|---|---|\n| **Auslöser** | {said} |"
    markdown = f"# {said}\n\n{table}\n\n## Offen\n\n- [ ] {said}\n- [ ] Zweite\n"
    made = Ticket(
        number=42,
        label="REQ-42",
        key="klartext-req-42",
        title=text,
        language="de",
        state="accepted",
        state_text="angenommen",
        course="open",
        markdown=markdown,
        use_case={"schema": "intake.usecase/1", "id": "REQ-42", "status": "accepted", "requirement": text},
        changed_at=AT,
    )
    return replace(made, **changes)


def words(text: str) -> str:
    """A text without what tools may add or take: space, and signs that nobody sees."""
    seen = "".join(one for one in text if one.isprintable() or one.isspace())
    return "".join(seen.split()).replace("/", "")
