"""Microsoft Teams, over Bot Framework: the only importer of botbuilder, to which it gives plain dicts."""
