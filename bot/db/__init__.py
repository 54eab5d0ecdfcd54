"""The memory: SQLite or PostgreSQL, one unit of work per event, migrations. Knows no feature."""
