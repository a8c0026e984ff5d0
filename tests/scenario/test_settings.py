"""Settings laid over a scenario: --set KEY=VALUE, and changes made to one already read."""

from __future__ import annotations

import pytest
from scenario_texts import A_FUNCTION, A_NETWORK

from gdsim.errors import ScenarioError, UsageError
from gdsim.scenario.load import load_text, with_settings
from gdsim.scenario.settings import parse_setting


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("update.learning_rate=0.5", 0.5),
        ("update.learning_rate = 1e-3", 1e-3),
        ("stop.max_updates=10", 10),
        ("network.train_biases=false", False),
        ("update.rule=adam", "adam"),
        ("update.rule='adam'", "adam"),
        ("update.rule=gradient-descent", "gradient-descent"),
        ("function.expression=(x - 2)**2", "(x - 2)**2"),
        ("function.start={ x = 3 }", {"x": 3}),
        ("network.layers.0.weights=[[1, 2]]", [[1, 2]]),
        ("title=a = b", "a = b"),
    ],
)
def test_a_value_is_read_as_toml_or_as_a_bare_word(text: str, value: object) -> None:
    """The value is what it would be in the file; words need no quotes."""
    key, read = parse_setting(text)
    assert key == text.split("=")[0].strip()
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"": not a setting; KEY=VALUE, such as update.learning_rate=0.5'),
        ("seed", '"seed": not a setting; KEY=VALUE, such as update.learning_rate=0.5'),
        ("seed=", '"seed=": not a setting; KEY=VALUE, such as update.learning_rate=0.5'),
        ("=1", '"=1": not a setting; KEY=VALUE, such as update.learning_rate=0.5'),
        ("a=[1", "a: not valid TOML: unclosed array; a TOML value, or a bare word"),
        ("a=1\nb=2", "a: found several lines; a TOML value, or a bare word"),
    ],
)
def test_anything_else_is_refused(text: str, message: str) -> None:
    """A setting without key or value, or with a broken value, is wrong usage."""
    with pytest.raises(UsageError) as caught:
        parse_setting(text)
    assert str(caught.value) == message


def test_a_setting_replaces_what_the_file_says() -> None:
    """Tables, lists by position and keys the file does not have can be set."""
    overrides = [("update.learning_rate", 0.5), ("stop.max_updates", 7), ("network.layers.0.biases.0", 9)]
    scenario = load_text(A_NETWORK, "s.toml", overrides=overrides)
    assert scenario.network is not None
    assert (scenario.update.learning_rate, scenario.stop.max_updates) == (0.5, 7)
    assert scenario.network.layers[0].biases == (9.0,)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("update.learning_rate", "x", 'update.learning_rate: found "x"; a number'),
        (
            "function.strat",
            1,
            "function.strat: unknown key; one of expression, gradient, start, starts, view; did you mean start?",
        ),
        ("title.x", 1, 'title.x: title is "t", not a table; nothing lies under it'),
        ("a b", 1, '"a b": "a b" is not a key; a dotted path, such as update.learning_rate'),
        ("expect.0.value", 1, "expect: found a table; a list"),
    ],
)
def test_a_setting_that_cannot_be_names_no_line(key: str, value: object, message: str) -> None:
    """The mistake is in the setting, not in the file."""
    with pytest.raises(ScenarioError) as caught:
        load_text(A_FUNCTION, "s.toml", overrides=[(key, value)])
    assert str(caught.value).startswith(f"s.toml: {message}")


def test_a_read_scenario_can_be_read_anew_with_further_settings() -> None:
    """Samples are kept as long as neither [data] nor, where it matters, the seed changes."""
    before = load_text(A_NETWORK, "s.toml")
    after = with_settings(before, [("seed", 5), ("update.rule", "adam")])
    assert (after.seed, after.update.rule, before.update.rule) == (5, "adam", None)
    assert after.dataset is before.dataset
    assert with_settings(before, [("data.targets", [1, 0])]).dataset is not before.dataset
    moons = load_text(A_NETWORK.split("[data]")[0] + '[data]\ndataset = "moons"\n', "s.toml")
    assert with_settings(moons, [("seed", 5)]).dataset is not moons.dataset
    assert with_settings(moons, [("stop.max_updates", 5)]).dataset is moons.dataset
    with pytest.raises(ScenarioError, match=r"update\.learning_rate: found 0; a number above 0"):
        with_settings(before, [("update.learning_rate", 0)])


def test_compared_runs_share_the_samples() -> None:
    """A run compared with the main one differs in its settings only."""
    scenario = load_text(A_NETWORK + '[[compare]]\nlabel = "fast"\nset = { "update.learning_rate" = 9 }\n', "s.toml")
    (compared,) = scenario.compared
    assert compared.label == "fast"
    assert compared.scenario.update.learning_rate == 9.0
    assert compared.scenario.dataset is scenario.dataset
    assert compared.scenario.compared == ()
