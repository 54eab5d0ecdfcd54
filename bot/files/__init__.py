"""YAML that people edit: read with the place of every value, so that a mistake can be pointed at."""
