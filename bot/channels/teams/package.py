"""The app package of Teams: a zip with manifest, both languages and icons, for one bot registration."""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MANIFEST = "manifest.json"
_FILES = ("en.json", "color.png", "outline.png")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_VERSION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){2}")
_FIRST = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can name: the same input makes the same file
_NAME = 32  # characters of the developer's name, by Microsoft's schema


class NoPackage(Exception):
    """What was given makes no package; `key` names the sentence that says why."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who stands behind the app inside the company. Teams shows the page to whoever wants to know more."""

    app_id: str
    company: str
    website: str
    version: str = ""


def package(folder: Path, publisher: Publisher) -> bytes:
    """The zip, from the templates of a folder. Raises NoPackage."""
    try:
        filled = json.dumps(manifest(_template(folder), publisher), ensure_ascii=False, indent=2)
        files = {MANIFEST: filled.encode(), **{name: (folder / name).read_bytes() for name in _FILES}}
    except OSError as error:
        raise NoPackage("teams.package.no_template", folder=folder) from error
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _FIRST), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def manifest(template: dict[str, Any], publisher: Publisher) -> dict[str, Any]:
    """The manifest for one bot. Raises NoPackage."""
    if not _GUID.fullmatch(publisher.app_id):
        raise NoPackage("teams.package.bad_id", id=publisher.app_id)
    if publisher.version and not _VERSION.fullmatch(publisher.version):
        raise NoPackage("teams.package.bad_version", version=publisher.version)
    if not 0 < len(publisher.company.strip()) <= _NAME:
        raise NoPackage("teams.package.bad_company", most=_NAME)
    address = urlsplit(publisher.website)
    if address.scheme != "https" or not address.hostname:
        raise NoPackage("teams.package.bad_website", website=publisher.website)
    pages = dict.fromkeys(("websiteUrl", "privacyUrl", "termsOfUseUrl"), publisher.website)
    filled = template | {
        "id": publisher.app_id,
        "version": publisher.version or template["version"],
        "developer": {"name": publisher.company.strip(), **pages},
    }
    for part in ("bots", "composeExtensions"):
        filled[part] = [entry | {"botId": publisher.app_id} for entry in template[part]]
    return filled


def _template(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    return found
