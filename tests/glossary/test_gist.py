"""What is always in memory says the same as the terms; terms that are kept as text are the same terms."""

import pytest

from bot.glossary.book import Book, gists_of
from bot.glossary.model import Glossary, labels_of
from bot.glossary.stored import GlossaryUnreadable, StoredTerms


def texts(book: Book) -> dict[str, bytes]:
    terms = book.glossary.terms.items()
    return {id_: term.model_dump_json(by_alias=True, exclude_defaults=True).encode() for id_, term in terms}


@pytest.mark.parametrize("name", ["example", "shipped"])
def test_a_gist_says_what_the_term_says(name: str, request: pytest.FixtureRequest) -> None:
    book: Book = request.getfixturevalue(name)
    assert book.gists
    for id_, gist in book.gists.items():
        term = book.glossary.terms[id_]
        assert gist.labels == tuple((kind, text) for _, kind, text in labels_of(term))
        assert {language: gist.name(language) for language in ("de", "en", "fr")} == {
            language: term.names(language).pref for language in ("de", "en", "fr")
        }
        avoided = [word for labels in term.labels.values() for word in labels.avoid]
        assert gist.avoided == tuple((word.label, word.use) for word in avoided)
        assert (gist.kind, gist.status, gist.tags) == (term.kind, term.status, tuple(term.tags))
        assert gist.departments == {*term.departments, *(sense.department for sense in term.senses)}
        assert gist.visibility == set(term.visibility)
        assert gist.approved == set(term.approved)
        relations = term.relations
        assert gist.near == {*relations.related, *relations.broader, *relations.part_of}


def test_a_gist_knows_the_last_word_about_a_term(example: Book) -> None:
    days = [approval.date for approval in example.glossary.terms["lead"].approved.values()]
    days += [s.objection.date for s in example.glossary.terms["lead"].senses if s.objection]
    assert example.gists["lead"].changed == max(days)


def test_terms_that_are_kept_as_text_are_the_same_terms(shipped: Book) -> None:
    terms = StoredTerms(texts(shipped))
    assert list(terms) == list(shipped.glossary.terms)
    assert dict(terms.items()) == shipped.glossary.terms
    assert gists_of(terms) == shipped.gists
    assert terms["lead"] is terms["lead"]
    assert list(terms.only({"lead"})) == ["lead"]
    assert "nothing" not in terms


def test_a_book_of_texts_answers_like_one_of_terms(shipped: Book) -> None:
    book = Book(shipped.glossary.model_copy(update={"terms": StoredTerms(texts(shipped))}))
    for question in ("was heisst Lead", "list sales", "MQL vs SQL", "Kampange", "list k"):
        for department in (None, "marketing", "sales"):
            ours, theirs = book.define(question, department), shipped.define(question, department)
            assert (ours.terms, ours.suggestions, ours.listed) == (
                theirs.terms,
                theirs.suggestions,
                theirs.listed,
            )


@pytest.mark.parametrize("text", [b"{}", b"[]", b"null", b"{", b'{"labels": [], "status": "agreed"}'])
def test_what_a_newer_version_wrote_is_said(text: bytes) -> None:
    with pytest.raises(GlossaryUnreadable):
        gists_of(StoredTerms({"lead": text}))


def test_a_term_with_unknown_parts_is_said_when_it_is_read(shipped: Book) -> None:
    text = texts(shipped)["lead"].removesuffix(b"}") + b', "invented": 1}'
    terms = StoredTerms({"lead": text})
    assert list(gists_of(terms)) == ["lead"]
    with pytest.raises(GlossaryUnreadable, match="invented"):
        terms["lead"]


def test_nothing_but_a_glossary_makes_a_book() -> None:
    empty = Glossary.model_validate(
        {
            "version": 1,
            "glossary": {"id": "g", "languages": ["de"], "departments": {"it": {"label": {"de": "IT"}}}},
        }
    )
    assert Book(empty).define("lead").outcome == "unknown"
