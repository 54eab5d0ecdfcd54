"""What can be wrong in the files that flows refer to.

A row is the file, the code of the finding, what stands in the clean file, and what stands there instead;
`§` marks the line that the finding must name.
"""

AGAIN = (
    "  - {id: again, from: mails, to: crm, direction: one_way, data: {de: Adressen, en: addresses}, "
    "frequency: daily, method: api, status: live, owner: it}§\n  - id: crm_mails"
)

OTHERS = {
    "an unknown owner": (
        "landscape",
        "unknown_owner",
        "owner: it\n    status: live",
        "owner: ti§\n    status: live",
    ),
    "an unknown capability": (
        "landscape",
        "unknown_capability",
        "capabilities: [crm]",
        "capabilities: [crn]§",
    ),
    "a system twice": ("landscape", "twice", "- id: old\n    name", "- id: mails§\n    name"),
    "a name twice": ("landscape", "twice", '"Altes"', '"CleverReach"§'),
    "an interface twice": ("landscape", "twice", "- id: crm_mails", "- id: mails_crm§"),
    "the same interface": (
        "landscape",
        "same_interface",
        "  - id: crm_mails",
        AGAIN,
    ),
    "an unknown heir": ("landscape", "unknown_system", "replaced_by: crm", "replaced_by: crn§"),
    "an heir that is out of use": ("landscape", "retired_heir", "replaced_by: crm", "replaced_by: old§"),
    "an heir of itself": ("landscape", "system_itself", "replaced_by: crm", "replaced_by: mails§"),
    "no heir": ("landscape", "retiring_alone", "retiring\n    replaced_by: crm", "retiring§"),
    "an interface from nowhere": ("landscape", "unknown_system", "from: mails", "from: mail§"),
    "an interface to itself": ("landscape", "system_itself", "mails\n    to: crm", "mails\n    to: mails§"),
    "an interface to the past": ("landscape", "retired_end", "mails\n    to: crm", "mails\n    to: old§"),
    "a plan without a date": (
        "landscape",
        "planned_without_date",
        'planned\n    planned_for: "2027-Q1"',
        "planned§",
    ),
    "a plan for last quarter": ("landscape", "planned_in_past", '"2027-Q1"', '"2026-Q3"§'),
    "a plan for last month": ("landscape", "planned_in_past", '"2027-Q1"', '"2026-10"§'),
    "a plan for yesterday": ("landscape", "planned_in_past", '"2027-Q1"', '"2026-11-27"§'),
    "a date that is none": ("landscape", "bad_quarter", '"2027-Q1"', '"spring"§'),
    "a plan for a month that is none": ("landscape", "bad_quarter", '"2027-Q1"', '"2027-13"§'),
    "an update on a day that is none": ("landscape", "bad_date", '"2026-11-01"', '"2026-02-30"§'),
    "an update that is no day": ("landscape", "bad_date", '"2026-11-01"', '"gestern"§'),
    "an end on a day that is none": (
        "landscape",
        "bad_date",
        "status: live\n    owner: it\n",
        'status: live\n    owner: it\n    retired_on: "2026-02-30"§\n',
    ),
    "a landscape of last year": ("landscape", "stale_landscape", '"2026-11-01"', '"2025-11-01"§'),
    "data in one language": ("landscape", "text_missing", ', en: "addresses"}', "}§"),
    "an owner in one language": ("landscape", "text_missing", ', en: "IT"}', "}§"),
    "an owner who is nobody": (
        "landscape",
        "owner_without_role",
        "owners:\n",
        "owners:\n  web: {de: x, en: y}§\n",
    ),
    "a misspelt status": ("landscape", "not_one_of", "status: retired", "status: retird§"),
    "a misspelt place": ("landscape", "not_one_of", "location: US", "location: USA§"),
    "an unknown neighbour": ("capabilities", "unknown_capability", "[email]", "[emails]§"),
    "a word of another": ("capabilities", "word_of_other", '["Newsletter"]', '["Newsletter", "crm"]§'),
    "a question in one language": ("capabilities", "text_missing", ', en: "How many?"}', "}§"),
    "a misspelt key": ("capabilities", "unknown_key", "neighbours:", "neighbors:§"),
    "a member that is nobody": ("roles", "unknown_member", "privacy: [user:anna]", "privacy: [user:ann]§"),
    "a role without members": ("roles", "nobody", "privacy: [user:anna]", "privacy: []§"),
    "an address that is none": ("roles", "bad_email", "anna@example.com", "anna§"),
    "a slip": ("connectors", "tab", "  jira: {", "\tjira: {§"),
}
