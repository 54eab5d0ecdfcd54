"""The Slack channel: the only importer of slack_bolt and slack_sdk. Knows no feature and no database."""
