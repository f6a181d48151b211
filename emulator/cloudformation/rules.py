"""The rules of a template: what must hold among the values of its parameters before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulator.cloudformation import sentences
from emulator.cloudformation.functions import holds
from emulator.cloudformation.known import Known
from emulator.cloudformation.sentences import TemplateError


def check(known: Known) -> None:
    """Refuse values of parameters that a rule of the template does not allow."""
    for name, rule in known.template.rules.items():
        if "RuleCondition" not in rule or holds(rule["RuleCondition"], known):
            _check(name, rule, known)


def _check(name: str, rule: Mapping[str, Any], known: Known) -> None:
    assertions = rule.get("Assertions")
    if not isinstance(assertions, list) or not all(isinstance(one, dict) and "Assert" in one for one in assertions):
        raise TemplateError(sentences.RULE_FORM(name=name))
    for assertion in assertions:
        if not holds(assertion["Assert"], known):
            why = assertion.get("AssertDescription", sentences.RULE_SAYS())
            raise TemplateError(sentences.RULE_FAILED(name=name, why=why))
