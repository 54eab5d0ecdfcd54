"""The forms under which a label is found."""

import pytest

from bot.glossary.keys import bag, skeleton, squash, stem_word, words


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Öffnungs-Rate", "oeffnungsrate"),
        ("A/B-Test", "abtest"),
        ("A&B", "a&b"),
        ("R&D", "r&d"),
        ("C++", "c++"),
        ("M.Q.L.", "mql"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("лид", "лид"),
        ("?!", ""),
    ],
)
def test_squash_keeps_what_tells_labels_apart(label: str, key: str) -> None:
    assert squash(label) == key


@pytest.mark.parametrize(
    "forms",
    [
        ("Lead", "Leads", "leads"),
        ("Funktion", "Funktionen"),
        ("Ansprechperson", "Ansprechpersonen"),
        ("Übergabe", "Übergaben", "Uebergabe", "Ubergabe"),
        ("category", "categories"),
        ("Kunde", "Kunden"),
        ("Regel", "Regeln"),
        ("Kampagne", "Kampagnen"),
    ],
)
def test_forms_of_one_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem_word(form) for form in forms}) == 1


def test_the_three_spellings_of_an_umlaut_share_a_skeleton() -> None:
    assert {skeleton(squash(form)) for form in ("Märkte", "Maerkte", "Markte")} == {"markte"}


def _bag(text: str) -> str | None:
    return bag([stem_word(word) for word in words(text)])


def test_a_bag_ignores_the_order_of_words() -> None:
    assert _bag("Rate Bounce") == _bag("Bounce Rates")
    assert bag(["Lead"]) is None
