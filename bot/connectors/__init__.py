"""Where a request goes on to: a signed webhook, e-mail, Jira, GitHub; and how its state comes back."""
