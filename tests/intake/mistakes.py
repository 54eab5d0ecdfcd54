"""What can be wrong in the flow of `folders.FLOW`, kind by kind.

A row is the code of the finding, what stands in the clean flow, and what stands there instead; `§` marks
the line that the finding must name.
"""

WISH = '{de: "Was möchtest du?", de_neutral: "Was fehlt?", en: "What do you want?"}'
IDEA = '{de: "Idee", en: "Idea"}'
ABOUT = '{de: "Zu «{wish}»", en: "About “{wish}”"}'
ALLOWED = '{de: "Darf man das?", en: "Is it allowed?"}'
DATA = '{de: "Daten", en: "Data"}\n    show_if'
WISHED = "detected.tool_wish: true"
STARTED = "start: {answered: true}"
NONE = """\
options:
          - value: none
            label: {de: "Keine", en: "None"}
            exclusive: true"""
BOXES = "".join(f'\n          - {{value: v{n}, label: {{de: "D{n}", en: "E{n}"}}}}' for n in range(100))
WISH_OF = f"label: {WISH}"


def german(text: str) -> str:
    """The label of the first question with this German text, typed without quotes."""
    return f"label:\n          en: x\n          de: {text}§"


def more(question: str) -> tuple[str, str]:
    """One question more; the text follows its id."""
    return "- id: seats\n", f"- id: more{question}      - id: seats\n"


TEXTS = {
    "a language is missing": ("text_missing", IDEA, '{de: "Idee"}§'),
    "a language of a rule is missing": ("text_missing", ALLOWED, '{de: "Darf man das?"}§'),
    "a language of a title is missing": ("text_missing", ', en: "Request"}', "}§"),
    "a language that is not the file's": ("text_language", IDEA, '{de: "x", en: "y", fr: "z"}§'),
    "no language": ("bad_language", IDEA, '{de: "x", en: "y", german: "z"}§'),
    "an unknown placeholder": ("unknown_placeholder", ABOUT, '{de: "x", en: "{wihs}"}§'),
    "a placeholder of the same page": ("unknown_placeholder", ABOUT, '{de: "x", en: "{flow}"}§'),
    "an unknown placeholder of the ticket": ("unknown_placeholder", '"{wish}"\n', '"{wihs}"§\n'),
    "an unknown placeholder of a rule": ("unknown_placeholder", ALLOWED, '{de: "x", en: "{x}"}§'),
    "a placeholder with blanks": ("unknown_placeholder", ABOUT, '{de: "x", en: "{ wish }"}§'),
    "an empty text": ("empty", IDEA, '{de: "", en: "x"}§'),
    "a text of blanks": ("empty", IDEA, '{de: " ", en: "x"}§'),
    "no text": ("nothing_inside", IDEA, "{}§"),
    "a number for a text": ("not_text", IDEA, '{de: 2024, en: "x"}§'),
    "a truth value for a text": ("not_text", IDEA, '{de: true, en: "x"}§'),
}
LIMITS = {
    "a title of 25 letters": ("too_long", DATA, f'{{de: "{"x" * 25}", en: "Data"}}§\n    show_if'),
    "an option of 76 letters": ("too_long", IDEA, f'{{de: "{"x" * 76}", en: "Idea"}}§'),
    "an example of 151 letters": (
        "too_long",
        "max_length: 1500",
        f'placeholder: {{de: "{"x" * 151}", en: "x"}}§',
    ),
    "a label of 2001 letters": ("too_long", WISH, f'{{de: "{"x" * 2001}", en: "x"}}§'),
    "an answer of 3001 letters": ("too_large", "max_length: 1500", "max_length: 3001§"),
    "an answer of no letters": ("not_number", "max_length: 1500", "max_length: 0§"),
    "a similarity of 2": (
        "too_large",
        "review:\n",
        "review:\n  duplicates: {check: true, min_similarity: 2}§\n",
    ),
    "a score below nothing": ("too_small", "  readiness:\n", "  readiness:\n    min_score: -1§\n"),
    "eleven boxes": ("too_many", NONE, "options:§" + "".join(BOXES.splitlines(keepends=True)[:11])),
    "a hundred and one options": (
        "too_many",
        f"options:\n          - value: idea\n            label: {IDEA}",
        f"options:§{BOXES}",
    ),
}
FORM = {
    "an unknown key": ("unknown_key", "required: true", "requierd: true§"),
    "an unknown key of the file": ("unknown_key", "version: 3", "version: 3\nversoin: 3§"),
    "a missing key": ("missing_key", f"- value: idea\n            label: {IDEA}", "- value: idea§"),
    "an unknown type": ("not_one_of", "type: textarea", "type: textaera§"),
    "an unknown coaching rule": ("not_one_of", "coach: [vague_word]", "coach: [vague_word, vage_word]§"),
    "an unknown source of options": (
        "not_one_of",
        "options_from: landscape.systems",
        "options_from: landscape.sytems§",
    ),
    "an unknown prefill": ("not_one_of", "command_text", "command_txt§"),
    "an id with a capital": ("bad_name", "- id: seats", "- id: Seats§"),
    "a version with a point": ("not_number", "version: 3", "version: 1.10§"),
    "a version in quotes": ("not_number", "version: 3", 'version: "3"§'),
    "a version of nothing": ("not_number", "version: 3", "version: 0§"),
    "a word for a truth value": ("not_truth", "required: true", "required: maybe§"),
    "a list for a text": ("not_text", "id: wish\nversion", "id: [wish]§\nversion"),
    "a text for a list": ("wrong_shape", "coach: [vague_word]", "coach: vague_word§"),
    "a place in the result that is none": ("bad_path", "maps_to: seats", "maps_to: How many§"),
    "a channel without quotes": (
        "hash_comment",
        'default: {queue: it, channel: "#it", assignee: role:it}',
        "default:\n    queue: it\n    assignee: role:it\n    channel: #it§",
    ),
    "a channel that is none": ("bad_place", '"#fast", assignee: role:it}', '"fast", assignee: role:it}§'),
    "a channel that nobody can bind": ("too_long", '"#fast"', f'"#{"x" * 80}"§'),
    "a command that is none": ("bad_command", "command: /request", "command: request§"),
    "a person for a role": ("bad_role", "add_stakeholder: role:privacy", "add_stakeholder: anna§"),
    "hours that are none": ("bad_hours", '"08:00-17:00"', '"8-17"§'),
    "a time zone that is none": ("bad_timezone", "Europe/Zurich", "MEZ§"),
    "holidays that are none": ("bad_holidays", "CH-ZH", "Zürich§"),
    "a promise that is none": ("bad_duration", "2bd", "2 days§"),
    "a department that is none": ("bad_name", "[everyone, sales]", '["All of them"]§'),
}
QUESTIONS = {
    "a question twice": ("twice", "- id: seats", "- id: flow§"),
    "a step twice": ("twice", "  - id: data\n    title", "  - id: need§\n    title"),
    "an option twice": (
        "twice",
        "- value: decided\n",
        "- {value: idea, label: {de: x, en: y}}§\n          - value: decided\n",
    ),
    "a label twice": ("twice", '{de: "Beschlossen", en: "Decided"}', '{de: "idee", en: "Decided"}§'),
    "a place in the result twice": ("twice", "maps_to: seats", "maps_to: dates.end§"),
    "a criterion twice": ("twice", "- id: data\n        points", "- id: need§\n        points"),
    "a language twice": ("twice", "languages: [de, en]", "languages: [de, en, de]§"),
    "a place inside another": ("maps_to_inside", "maps_to: seats", "maps_to: dates.end.seats§"),
    "a place that is Klartext's": ("maps_to_reserved", "maps_to: seats", "maps_to: readiness.seats§"),
    "no place in the result": (
        "not_mapped",
        *more("§\n        type: url\n        label: {de: x, en: y}\n"),
    ),
    "a key that the type lacks": ("not_for_type", "max: 500", "max: 500\n        coach: [universal]§"),
    "an answer to a text": ("not_for_type", "type: markdown", "type: markdown\n        required: true§"),
    "an exclusive choice of one": (
        "not_for_type",
        f"label: {IDEA}",
        f"label: {IDEA}\n            exclusive: true§",
    ),
    "nothing to choose from": (
        "no_options",
        *more("§\n        type: dropdown\n        label: {de: x, en: y}\n        maps_to: more\n"),
    ),
    "two sources of options": (
        "two_sources",
        "- id: systems\n",
        "- id: systems§\n        options: [{value: crm, label: {de: A, en: A}}]\n",
    ),
    "boxes from elsewhere": (
        "source_of_boxes",
        *more(
            "\n        type: checkboxes\n        label: {de: x, en: y}\n"
            "        options_from: departments§\n        maps_to: more\n"
        ),
    ),
    "unknown goes to, but is not allowed": (
        "unknown_not_allowed",
        "allow_unknown: true\n        unknown_goes_to: role:it",
        "unknown_goes_to: role:it§",
    ),
    "a value of our own": ("reserved_value", "- value: idea", "- value: unknown§"),
    "another value of our own": (
        "reserved_value",
        *more(
            "\n        type: dropdown\n        label: {de: x, en: y}\n        allow_other: true\n"
            "        options:\n          - {value: other, label: {de: x, en: y}}§\n        maps_to: more\n"
        ),
    ),
    "a person where none is asked for": ("default_person", "min: 1\n", "default: requester§\n"),
    "a default that is nobody": ("bad_default_person", "default: requester", "default: requestor§"),
    "a default that is a member": ("bad_default_person", "default: requester", "default: user:anna§"),
    "a default that nobody can name": ("bad_default_person", "default: requester", "default: person:7§"),
    "a default that is no role": ("unknown_actor", "default: requester", "default: role:itt§"),
    "a default that is no day": (
        "bad_default_date",
        "min: start\n",
        "default: morgen§\n        min: start\n",
    ),
    "a default that will be over": (
        "bad_default_date",
        "min: today\n",
        'min: today\n        default: "2027-03-31"§\n',
    ),
    "a default that is no number": ("bad_default", "min: 1\n", "min: 1\n        default: viele§\n"),
    "a default over the maximum": ("bad_default", "min: 1\n", "min: 1\n        default: 501§\n"),
    "a default that is too long": (
        "bad_default",
        "max_length: 1500\n",
        "max_length: 3\n        default: abcd§\n",
    ),
    "a default that cannot be chosen": (
        "unknown_option",
        "allow_unknown: true",
        "default: ideea§\n        allow_unknown: true",
    ),
    "an analysis of something else": (
        "analysis_source",
        "show_analysis: interfaces",
        "show_analysis: glossary§",
    ),
    "a minimum that is no number": ("bad_bound_number", "min: 1\n", "min: one§\n"),
    "a minimum that is no day": ("bad_bound_date", "min: today", "min: tody§"),
    "a minimum that comes later": ("bad_bound_date", "min: today", "min: end§"),
    "a minimum over the maximum": ("min_over_max", "min: 1\n", "min: 501§\n"),
    "a fallback to nothing": ("unknown_question", "fallback: wish", "fallback: wihs§"),
    "a fallback to what comes later": ("later_question", "min: 1\n", "fallback: owner§\n"),
}
CONDITIONS = {
    "an unknown question": ("unknown_question", STARTED, "strat: {answered: true}§"),
    "an unknown fact": ("unknown_question", WISHED, "detected.toolwish: true§"),
    "a later question": ("later_question", STARTED, "owner: {answered: true}§"),
    "the question itself": ("own_condition", STARTED, "end: {answered: true}§"),
    "a step on its own question": ("later_question", "tool: {not: decided}", "seats: {more_than: 3}§"),
    "a text": ("no_answer", STARTED, "note: {answered: true}§"),
    "an unknown option": ("unknown_option", "tool: decided\n", "tool: decidet§\n"),
    "an unknown option of several": ("unknown_option", "tool: decided\n", "tool: [decided, decidet]§\n"),
    "an unknown system": ("unknown_option", STARTED, "systems: {includes: crn}§"),
    "an unknown system that is left out": ("unknown_option", STARTED, "systems: {excludes: [crm, crn]}§"),
    "an unknown capability": ("unknown_option", WISHED, "detected.category_id: crn§"),
    "an unknown kind of wish": ("unknown_option", WISHED, "detected.kind: wish§"),
    "nothing": ("empty_condition", f"show_if:\n          {STARTED}", "show_if: {}§"),
    "a question and nothing more": ("empty_condition", STARTED, "start: {}§"),
    "a part of one answer": ("includes_one", "tool: decided\n", "tool: {includes: decided}§\n"),
    "several answers as one": ("use_includes", "kinds: {includes: people}", "kinds: people§"),
    "several answers as not one": ("use_includes", "kinds: {includes: people}", "kinds: {not: people}§"),
    "the number of a text": ("not_countable", "tool: decided\n", "tool: {more_than: 1}§\n"),
    "the value for unknown": ("compares_unknown", "tool: decided\n", "tool: __unknown__§\n"),
    "a truth as a word": ("truth_fact", WISHED, "detected.tool_wish: yes§"),
    "a list as a word": ("list_fact", "interfaces.missing: {more_than: 0}", "interfaces.missing: crm§"),
    "the number of a name": ("not_countable", WISHED, "detected.product: {more_than: 1}§"),
    "an unknown comparison": ("unknown_key", "{more_than: 0}", "{more_then: 0}§"),
    "a comparison with a word": ("not_a_number", "{more_than: 0}", "{more_than: many}§"),
    "a comparison with a truth value": ("not_a_number", "{more_than: 0}", "{more_than: true}§"),
    "a comparison with a list of lists": ("not_scalar", "tool: decided\n", "tool: [[idea]]§\n"),
    "a question that nothing leads to": (
        "never_shown",
        f"show_if:\n          {STARTED}",
        "show_if:§\n          tool: decided",
    ),
    "a step that nothing leads to": (
        "never_shown",
        "show_if:\n      tool: {not: decided}",
        "show_if:§\n      tool: {is: idea, not: idea}",
    ),
    "a step without an answer that is required": (
        "never_shown",
        "show_if:\n      tool: {not: decided}",
        "show_if:§\n      wish: {answered: false}",
    ),
}
REST = {
    "points that make 105": (
        "points_sum",
        "criteria:\n      - id: need\n        points: 60",
        "criteria:§\n      - id: need\n        points: 65",
    ),
    "points for an unknown question": ("unknown_question", "[systems, kinds]", "[systems, kindes]§"),
    "points for a text": ("no_answer", "[systems, kinds]", "[systems, note]§"),
    "points for a hint that nobody sees": ("unseen_hint", "without: [vague_word]", "without: [too_short]§"),
    "an unknown route": ("unknown_route", "route: fast", "route: fsat§"),
    "no default route": ("no_default_route", "routing:\n  default: ", "routing:§\n  normal: "),
    "a rule without effect": ("empty_rule", "do:\n      route: fast", "do: {}§"),
    "a rule without condition": ("nothing_inside", "when:\n      tool: decided", "when: {}§"),
    "an unknown role": ("unknown_actor", "unknown_goes_to: role:it", "unknown_goes_to: role:itt§"),
    "an unknown role of a route": (
        "unknown_actor",
        '"#fast", assignee: role:it}',
        '"#fast", assignee: role:ti}§',
    ),
    "a command that nobody hears": ("unknown_command", "command: /request", "command: /requst§"),
    "an unknown department": ("unknown_department", "[everyone, sales]", "[everyone, slaes]§"),
    "hours that end first": ("hours_order", '"08:00-17:00"', '"17:00-08:00"§'),
    "a meeting at a time that is none": (
        "bad_time",
        "routing:\n",
        'agenda: {day: thu, time: "25:00"}§\nrouting:\n',
    ),
    "hours after midnight": ("bad_hours", '"08:00-17:00"', '"08:00-24:30"§'),
    "holidays of nowhere": ("unknown_country", "CH-ZH", "XX§"),
    "holidays of no region": ("unknown_region", "CH-ZH", "CH-XX§"),
    "holidays of a region where there are none": ("no_regions", "CH-ZH", "LI-VA§"),
    "an unknown time zone": ("unknown_timezone", "Europe/Zurich", "Europe/Zurch§"),
    "a connector that is not set up": ("no_connector", "[jira]", "[jria]§"),
    "a file with another name": ("id_not_file", "id: wish\nversion", "id: wishes§\nversion"),
}
TRAPS = {
    "a colon in a text": ("quote_colon", WISH_OF, german("Auslöser: Wann?")),
    "a star before a text": ("quote_start", WISH_OF, german("*fett*")),
    "an at before a text": ("quote_start", WISH_OF, german("@it")),
    "a placeholder before a text": ("quote_start", WISH_OF, german("{wish} geht")),
    "a percent sign before a text": ("quote_start", WISH_OF, german("%x")),
    "an exclamation mark before a text": ("quote_start", WISH_OF, german("!wichtig los")),
    "an ampersand before a text": ("anchor", WISH_OF, german("&wichtig los")),
    "a sign of YAML before a text": ("quote_start", WISH_OF, german("> 5 Leads")),
    "a quote in a quote": ("inner_quote", WISH_OF, german('"Was ist "das" hier?"')),
    "a backslash": ("backslash", WISH_OF, german('"C:\\q"')),
    "a comma in a text in braces": ("bare_word", IDEA, "{de: Idee, vage, en: Idea}§"),
    "a tab": ("tab", "        required: true", "\trequired: true§"),
    "a quote that stays open": (
        "open_quote",
        WISH_OF,
        'label:\n          de: "Was?§\n          en: "What?"',
    ),
    "a line that is indented wrongly": ("indent", "        required: true", "         required: true§"),
    "a bracket that stays open": ("open_bracket", "coach: [vague_word]", "coach: [vague_word§"),
    "a missing colon": ("missing_colon", "required: true\n", "required§\n"),
    "a missing blank": ("missing_colon", "required: true\n", "required:true§\n"),
    "a key twice": ("duplicate_key", "required: true", "required: true\n        required: true§"),
    "two documents": ("two_documents", "review:\n", "---§\nreview:\n"),
}
MISTAKES = (
    TEXTS
    | LIMITS
    | FORM
    | QUESTIONS
    | REST
    | TRAPS
    | {f"a condition on {name}": row for name, row in CONDITIONS.items()}
)
