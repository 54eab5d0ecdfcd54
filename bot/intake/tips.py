"""Hints of the coach on a page: which are new, which were heard already, which do not fit."""
