"""What `gdsim new` writes: every setting that is commented out loads once it is not, and none is missing."""

import re

import pytest

from gdsim.cli import main
from gdsim.scenario.load import load_file
from gdsim.scenario.schema import UpdateSection
from gdsim.scenario.schema_model import DataSection, LayerSection, NetworkSection, PerceptronSection

POINTS = "x1,x2,y\n" + "".join(f"{i / 10},{i % 3},{'yes' if i % 2 else 'no'}\n" for i in range(40))
FILES = {
    "separator": POINTS.replace(",", ";"),
    "decimal": POINTS.replace(",", ";").replace(".", ","),
    "skip": "points of a field trip\n" + POINTS,
    "missing": POINTS + "1.5,NA,yes\n",
}
"""What stands in points.csv for a setting; POINTS for all others."""

PLAIN = 'rule = "gradient-descent"'
COMMENTED = re.compile(r"^# (\w+) = .*$", re.MULTILINE)
OUT = re.compile(r"^# ?", re.MULTILINE)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("new") / "first.toml"
    assert main(["new", str(path)]) == 0
    return path.read_text(encoding="utf-8")


def variants(template):
    """Yield key and text of a scenario for each setting that is commented out, and of each model as it stands."""
    function, perceptron, network = re.split(r"\n(?=# \[perceptron\]|# \[network\])", template)
    perceptron, network = OUT.sub("", perceptron), OUT.sub("", network)
    head, update = (
        function[: function.index("# What is min")],
        function[function.index("[update]") :].split("[stop]")[0],
    )
    models = {
        "function": function,
        "perceptron": head + update.replace(PLAIN, "") + perceptron,
        "network": head + update + network,
    }
    rules = re.split(r"^# With ", function, flags=re.MULTILINE)
    yield from models.items()
    for name, block in (("perceptron", perceptron), ("network", network), ("network", rules.pop().split("[stop]")[0])):
        for found in COMMENTED.finditer(block):
            yield found[1], models[name].replace(found[0], found[0][2:], 1)
    for heading in rules[1:]:
        rule = re.match(r'rule = "\w+"', heading)[0]
        for found in COMMENTED.finditer(heading):
            yield found[1], function.replace(PLAIN, rule).replace(found[0], found[0][2:], 1)
    for found in COMMENTED.finditer(rules[0] + function[function.index("[stop]") :]):
        yield found[1], function.replace(found[0], found[0][2:], 1)


def test_every_commented_setting_loads(template, tmp_path):
    """Also those of the models that may stand for the function, once their block is taken."""
    tried = []
    for key, text in variants(template):
        (tmp_path / "points.csv").write_text(FILES.get(key, POINTS), encoding="utf-8")
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        assert load_file(tmp_path / "mine.toml").title, key
        tried.append(key)
    assert len(tried) == 3 + len(re.findall(r"^(?:# )?# \w+ = ", template, re.MULTILINE)) - len(
        re.findall(r"^# \w+ = ", template[template.index("# [perceptron]") :], re.MULTILINE)
    )


@pytest.mark.parametrize("section", [UpdateSection, NetworkSection, LayerSection, PerceptronSection, DataSection])
def test_no_setting_is_missing(template, section):
    """Names for the screen apart, everything that can be set for the rule, the model and the samples stands there."""
    names = {"weight_names", "bias_names", "input_names", "target_names"}
    missing = {name for name in section.model_fields if not re.search(rf"\b{name}\b", template)}
    assert missing <= names | {"tie_tolerance", "train_biases", "options"}
