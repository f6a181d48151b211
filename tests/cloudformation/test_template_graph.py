"""What waits for what among the resources of a template."""

from __future__ import annotations

from emulator.cloudformation import graph, template
from tests.cloudformation.templates import known, refusal

BODY = """
Conditions: {Always: !Equals [a, a], Never: !Equals [a, b]}
Resources:
  Last: {Type: T, DependsOn: [Third, Absent], Properties: {A: !Join ['', [!Ref Second]]}}
  First: {Type: T, Properties: {Name: !Sub '${AWS::Region}-${!Last}'}}
  Second: {Type: T, Properties: {A: {B: [!GetAtt First.Arn]}}}
  Third: {Type: T, Properties: {A: !Sub ['${First.Arn}-${Own}', {Own: !Ref Second}]}}
  Absent: {Type: T, Condition: Never}
  Torn: {Type: T, Properties: {A: !If [Always, !Ref First, !Ref Absent]}}
"""


def test_resources_wait_for_what_they_refer_to_and_depend_on() -> None:
    world = known(BODY)

    assert graph.dependencies(world.template.resources, world.condition) == {
        "Last": {"Third", "Second"},
        "First": set(),
        "Second": {"First"},
        "Third": {"First", "Second"},
        "Torn": {"First"},
    }


def test_resources_are_made_in_rounds_in_the_order_of_the_template() -> None:
    world = known(BODY)

    assert graph.order(graph.dependencies(world.template.resources, world.condition)) == [
        ["First"],
        ["Second", "Torn"],
        ["Third"],
        ["Last"],
    ]


def test_without_conditions_every_branch_counts() -> None:
    read = template.read(BODY)

    assert graph.dependencies(read.resources)["Torn"] == {"First", "Absent"}


def test_a_circle_is_refused_with_all_that_are_in_it() -> None:
    read = template.read("""
Resources:
  C: {Type: T, Properties: {A: !Ref A}}
  A: {Type: T, DependsOn: B}
  B: {Type: T, Properties: {C: !GetAtt C.Arn}}
  Beside: {Type: T, DependsOn: A}
""")

    assert refusal(lambda: graph.order(graph.dependencies(read.resources))) == (
        "Circular dependency between resources: [A, B, C]"
    )
