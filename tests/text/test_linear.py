"""The small model: probabilities, reasons, and its file."""

from pathlib import Path

import pytest

from bot.text.linear import LinearModel, dump_model, load_model
from bot.text.training import train

MODEL = LinearModel(
    classes=("ask", "chat"),
    bias=(0, 5),
    weights={"was ist": (30, -30), "heute": (-20, 20)},
    vocabulary=frozenset({"was", "ist", "heute"}),
)


def test_probabilities_add_up_and_follow_the_weights() -> None:
    chances = MODEL.probabilities(["was ist"])
    assert sum(chances.values()) == pytest.approx(1)
    assert chances["ask"] > 0.9
    assert MODEL.probabilities(["heute"])["chat"] > 0.9


def test_an_unknown_message_is_decided_by_the_bias_alone() -> None:
    assert MODEL.probabilities([])["chat"] > 0.5


def test_reasons_name_the_strongest_features_first() -> None:
    reasons = MODEL.reasons(["heute", "was ist"], "ask")
    assert [reason.feature for reason in reasons] == ["was ist", "heute"]
    assert reasons[0].weight > 0 > reasons[1].weight


def test_the_file_gives_the_same_model_back(tmp_path: Path) -> None:
    file = tmp_path / "model.json"
    file.write_text(dump_model(MODEL), encoding="utf-8")
    again = load_model(file)
    assert again.probabilities(["was ist"]) == MODEL.probabilities(["was ist"])
    assert again.vocabulary == MODEL.vocabulary


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c")])
def test_training_learns_what_tells_the_classes_apart(names: tuple[str, ...]) -> None:
    rows = [([f"only {name}", "common"], name) for name in names for _ in range(4)]
    model = train(rows, frozenset())
    for name in names:
        chances = model.probabilities([f"only {name}", "common"])
        assert max(chances, key=lambda key: chances[key]) == name
