"""The lists of a folder: products (`products.csv`, and a company's own) and the kinds of tools.

A company adds `products_*.csv` with the same columns beside ours; its names win.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.files.findings import FileBroken, Finding
from bot.files.form import complaints
from bot.files.source import read
from bot.intake.file import CAPABILITIES, DEFAULT_FOLDER
from bot.intake.kinds import Kinds
from bot.intake.product_file import check_products, rows_of
from bot.intake.products import Catalogue
from bot.intake.systems import Capabilities

PRODUCTS = "products.csv"
OWN_PRODUCTS = "products_*.csv"


@dataclass(frozen=True, slots=True)
class Lists:
    """What the analysis of wishes knows by name."""

    catalogue: Catalogue
    kinds: Kinds
    capabilities: Capabilities


def load_lists(folder: Path = DEFAULT_FOLDER) -> Lists:
    """The lists of a folder. Raises FileBroken with every mistake in them."""
    capabilities = load_capabilities(folder / CAPABILITIES)
    files = product_files(folder)
    if findings := [
        finding for file in files for finding in check_products(file, capabilities.capabilities)
    ]:
        raise FileBroken(findings)
    names = (name for file in files for row in rows_of(file) for name in row.names())
    return Lists(Catalogue(names), kinds_of(capabilities), capabilities)


def load_capabilities(path: Path) -> Capabilities:
    """The kinds of tools. Raises FileBroken with every mistake of form."""
    source = read(path)
    findings: list[Finding] = []
    try:
        return Capabilities.model_validate(source.data)
    except ValidationError as errors:
        findings += complaints(source, (), errors, Capabilities)
    raise FileBroken(findings)


def kinds_of(capabilities: Capabilities) -> Kinds:
    """The words for kinds of tools and for what tools are used for, in every language."""
    listed = capabilities.capabilities.items()
    return Kinds(
        [(word, id_) for id_, one in listed for words in one.words.values() for word in words],
        [(word, id_) for id_, one in listed for words in one.purposes.values() for word in words],
    )


def product_files(folder: Path) -> list[Path]:
    """Our list and the company's, in the order in which later names win."""
    return [folder / PRODUCTS, *sorted(folder.glob(OWN_PRODUCTS))]
