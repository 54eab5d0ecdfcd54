"""The flows as the playground shows them to whoever edits them: read anew each time, with what is wrong."""

from collections.abc import Mapping

from bot.app import Klartext
from bot.channels.playground.samples import Sample, Samples
from bot.chat.events import Asker
from bot.files.findings import FileBroken, Finding
from bot.i18n import explain, say
from bot.intake.check import Known, check
from bot.intake.file import load
from bot.intake.sample import sample
from bot.intake.texts import localised
from bot.intake.world import World


class FlowSamples:
    """Of one process: `channels.playground` asks, without knowing what a flow is."""

    def __init__(self, klartext: Klartext) -> None:
        self._klartext = klartext
        self._words = klartext.lexicon

    def __call__(self, language: str) -> Samples:
        """All flows of the folder, and the findings. A folder that cannot be read has findings alone."""
        folder, today = self._klartext.settings.flows, self._klartext.database.clock().date()
        findings = tuple(
            _line(found, language) for found in check(folder, today, Known(self._choices(), {}))
        )
        try:
            intake = load(folder)
        except FileBroken:
            return Samples((), findings)
        asker = Asker(0, "", language)
        around = World(intake, self._words, asker, today, lambda _text, _asker: {}).surroundings(0)
        flows = (
            Sample(flow.id, localised(flow.title, language, flow.address), sample(flow, language, around))
            for flow in intake.flows.values()
        )
        return Samples(tuple(flows), findings)

    def _choices(self) -> Mapping[str, list[str]]:
        """What the flows may refer to in the glossary."""
        return {
            "departments": list(self._words.departments()),
            "glossary.terms": list(self._words.terms(None)),
            "glossary.kpis": list(self._words.terms(None, kpis=True)),
        }


def _line(found: Finding, language: str) -> str:
    kind = say(language, f"cli.{found.severity}")
    return f"{found.file.name}:{found.line}: {kind}: {explain(found, language)}"
