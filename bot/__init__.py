"""Klartext: the same word, explained for each department; a tool wish, turned into a use case."""
