"""How well replies are understood, on those that nobody tuned on; and that the weights can be learned anew."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from messages.replies.learned import load, unpacked
from outreach.cli.bench_replies import bench_replies_command, figures, judge
from outreach.cli.reply_fit import Example, learn
from outreach.cli.reply_sets import load_set

FOLDER = Path(__file__).parents[1] / "replies"


@pytest.fixture(scope="module")
def found() -> dict[str, object]:
    return figures(judge(load_set(FOLDER, "kept"))[0])


def test_at_least_six_hundred_replies_were_kept_apart_and_none_was_learned() -> None:
    kept, tuning = load_set(FOLDER, "kept"), load_set(FOLDER, "tuning")
    assert len(kept) >= 600 and {each.language for each in kept} == {"nl", "en", "tr", "ar", "pl", "uk"}
    learned = {each.text.casefold() for each in tuning if len(each.text.split()) > 2}
    assert not [each.text for each in kept if each.text.casefold() in learned]


def test_replies_are_understood(found: dict[str, dict[str, float]]) -> None:
    assert found["accuracy"] >= 0.95  # type: ignore[operator]
    assert min(found["by_language"].values()) >= 0.93
    assert found["amounts"]["all"] >= 0.97 and found["dates"]["all"] >= 0.97


def test_danger_and_stop_are_not_missed(found: dict[str, dict[str, dict[str, float]]]) -> None:
    recall = {intent: each["recall"] for intent, each in found["never_missed"].items()}
    assert recall == {"crisis": 1.0, "threat": 1.0, "stop": 1.0}
    assert found["never_missed"]["stop"]["precision"] == 1.0


def test_the_bench_prints_its_figures_as_data(tmp_path: Path) -> None:
    few = (FOLDER / "kept-en.csv").read_text(encoding="utf-8").splitlines(keepends=True)[:40]
    (tmp_path / "kept-en.csv").write_text("".join(few), encoding="utf-8")
    result = CliRunner().invoke(bench_replies_command, ["--data", str(tmp_path), "--fuzz", "300", "--json"])
    printed = json.loads(result.output)
    assert printed["replies"] == 39 and printed["fuzz"]["texts"] == 300 and printed["fuzz"]["raised"] == 0
    assert not set(printed["fuzz"]["sure_of"]) & {"yes", "paid", "stop", "bereaved", "represented", "promise", "crisis"}


def test_without_the_replies_the_bench_says_where_they_should_be(tmp_path: Path) -> None:
    result = CliRunner().invoke(bench_replies_command, ["--data", str(tmp_path)])
    assert result.exit_code and str(tmp_path) in str(result.exception)


def test_what_is_learned_twice_is_the_same_and_tells_words_apart() -> None:
    examples = [
        Example(groups={"w": Counter(text.split())}, answer=answer)
        for text, answer in [("wij betalen morgen", "promise"), ("kom maar langs", "visit_invite")] * 4
    ]
    assert learn(examples) == learn(examples)
    learned = unpacked(learn(examples))
    chances = learned.chances({"w": Counter(["kom", "langs"])})
    assert max(chances, key=chances.__getitem__) == "visit_invite"
    assert [name for name, _ in learned.explain({"w": Counter(["kom"])}, "visit_invite")] == ["w:kom"]


def test_the_shipped_weights_know_every_intent() -> None:
    assert set(load()["language"].answers) == {"nl", "en", "tr", "ar", "pl", "uk"}
    assert {"crisis", "threat", "stop", "plan_request", "menu_9"} <= set(load()["intent"].answers)
