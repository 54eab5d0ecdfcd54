"""The playground: a page on this machine that plays Slack and Teams, for trying Klartext without either."""
