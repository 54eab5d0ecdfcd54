"""The living glossary: terms, what each department means by them, and how people ask for them."""
