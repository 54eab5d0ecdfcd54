"""German or English? By the everyday words and letters of a text."""

from collections.abc import Iterable

_GERMAN = frozenset(
    """
    aber alle als also am an auch auf aus bei beim bin bis bitte brauche brauchen braucht da damit danke dann das
    dass dem den denn der des dich die dies diese diesem diesen dieser dieses doch du durch ein eine einem einen
    einer eines endlich er es etwas euch eure fehlt für fuer gegen geht gerne gern gibt haben habt hat hatte hatten
    hätte hätten hätt haette haetten heisst heißt heute hier ich ihr im immer in ins ist ja jede jeden jetzt kann
    kein keine keinen können könnt könnte könnten koennen kriegen macht man mehr mein meine mich mir mit
    möchte möchten moechte moechten muss müssen muessen nach neue neuen neues nicht noch nur nutzen ob oder ohne
    schon sehr sein seit sich sie sind so soll sollen sollte sollten sonst statt über um und uns unser unsere
    unseren unserem unserer viel vom von vor wäre wären waere waeren war warum was weil weiss weiß wenn wer werden
    wie will wir wird wo wollen würde würden wuerde wuerden zu zum zur zwei kriegt kriegt's mal nix ned isch wär
    chönd mir heuer halt eh bräuchte bräuchten beim wünschen wünscht neues zugang passwort
    """.split()
)
_ENGLISH = frozenset(
    """
    a about after all an and any anyone are as asap at be been but by can cannot could did do does don't dont for
    from get gets give got had has have he her here him his how i i'd i'm i've if in into is isn't it it's its just
    know let let's like may me might more much my need needs new no not now of off on one only or our out over own
    please pls plz really she should so some somebody someone than that the their them then there these they this
    to too try up us use using want wants was we we'd we're we've were what when where which who why will with
    without would you your yet thanks thx hey get's lets gonna wanna everyone everybody nobody
    """.split()
)
_BOTH = _GERMAN & _ENGLISH
_UMLAUTS = frozenset("äöüß")
_READ = 2_000  # characters that tell the language


def language_of(text: str) -> str | None:
    """ "de" or "en"; None if the text does not tell."""
    return language_of_words(word.strip("?!.,:;'\"()„“”«»").lower() for word in text[:_READ].split())


def language_of_words(words: Iterable[str]) -> str | None:
    """The same by words in lower case."""
    german = english = 0
    for word in words:
        german += word in _GERMAN and word not in _BOTH
        english += word in _ENGLISH and word not in _BOTH
        german += not _UMLAUTS.isdisjoint(word)
    return None if german == english else "de" if german > english else "en"
