"""The page about the rules names every rule, and says rightly which may be set aside."""

import re
from pathlib import Path

from messages.rules import RULES

PAGE = Path(__file__).parents[3] / "docs" / "message-rules.md"
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| .*\| (yes|no) \| (.*) \|$", re.MULTILINE)


def test_the_page_has_each_rule_with_its_group_its_source_and_whether_it_may_be_set_aside() -> None:
    shown = {rule: rest for rule, *rest in ROW.findall(PAGE.read_text(encoding="utf-8"))}

    assert shown == {rule.id: [rule.group, "yes" if rule.overridable else "no", rule.source] for rule in RULES.values()}
