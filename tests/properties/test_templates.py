"""Functions of templates, and what would change between templates: laws that hold for all values."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from emulator.cloudformation import difference, graph, template, text
from emulator.cloudformation.difference import Way, compare, way
from emulator.cloudformation.functions import evaluate
from emulator.cloudformation.template import Declared
from tests.cloudformation.templates import known, unborn, value

names = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
words = st.text(st.characters(exclude_characters="${}&", exclude_categories=["Cs"]), max_size=12)


def documents(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Values that hold no function."""
    return st.recursive(
        texts | st.integers() | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
        max_leaves=8,
    )


plain = documents(words)


@given(value_=plain)
def test_what_holds_no_function_comes_to_itself(value_: Any) -> None:
    assert value(value_) == value_


@given(parts=st.lists(words, min_size=1), delimiter=words.filter(bool))
def test_split_undoes_join(parts: list[str], delimiter: str) -> None:
    assume(not any(delimiter in part for part in parts))
    joined = {"Fn::Join": [delimiter, parts]}
    assume(value(joined).split(delimiter) == parts)  # a delimiter may arise where parts meet
    assert value({"Fn::Split": [delimiter, joined]}) == parts


@given(parts=st.lists(words, min_size=1), delimiter=words.filter(bool))
def test_join_undoes_split(parts: list[str], delimiter: str) -> None:
    whole = delimiter.join(parts)
    assert value({"Fn::Join": [delimiter, {"Fn::Split": [delimiter, whole]}]}) == whole


@given(parts=st.lists(words, min_size=1, max_size=5), data=st.data())
def test_sub_joins_what_its_variables_are(parts: list[str], data: st.DataObject) -> None:
    own = {f"Part{number}": part for number, part in enumerate(parts)}
    glue = data.draw(words)
    written = glue.join("${" + name + "}" for name in own)

    assert value({"Fn::Sub": [written, own]}) == value({"Fn::Join": [glue, parts]}) == glue.join(parts)


@given(name=names, around=words)
def test_a_literal_variable_stays_as_it_is(name: str, around: str) -> None:
    assert value({"Fn::Sub": around + "${!" + name + "}" + around}) == around + "${" + name + "}" + around


@given(values=st.lists(words, min_size=1), data=st.data())
def test_select_takes_the_element_and_length_counts_them(values: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(values) - 1))
    extended = "Transform: AWS::LanguageExtensions"

    assert value({"Fn::Select": [data.draw(st.sampled_from([index, str(index)])), values]}) == values[index]
    assert value({"Fn::Length": values}, extended) == len(values)


@given(left=words, right=words, third=words)
def test_conditions_are_a_boolean_algebra(left: str, right: str, third: str) -> None:
    a, b = {"Fn::Equals": [left, right]}, {"Fn::Equals": [right, third]}
    declared = json.dumps({"Conditions": {"A": a, "NotA": {"Fn::Not": [{"Condition": "A"}]}}})[1:-1]
    world = known(f'{{{declared}, "Resources": {{"One": {{"Type": "T"}}}}}}')

    assert world.condition("A") is (left == right)
    assert world.condition("NotA") is not world.condition("A")
    assert evaluate({"Fn::If": ["A", 1, 2]}, world) == evaluate({"Fn::If": ["NotA", 2, 1]}, world)
    assert evaluate({"Fn::If": ["A", left, left]}, world) == left
    both, neither = {"Fn::And": [a, b]}, {"Fn::Not": [{"Fn::Or": [{"Fn::Not": [a]}, {"Fn::Not": [b]}]}]}
    assert evaluate(both, world) is evaluate(neither, world) is (left == right == third)


@given(st.integers(0, 2**32 - 1), st.integers(8, 24), st.integers(1, 8), st.integers(1, 16))
def test_cidr_blocks_are_apart_inside_and_of_their_size(address: int, prefix: int, bits: int, count: int) -> None:
    block = ipaddress.ip_network((address, prefix), strict=False)
    assume(count <= 1 << (32 - bits - prefix))
    made = [ipaddress.ip_network(one) for one in value({"Fn::Cidr": [str(block), count, bits]})]

    assert len(made) == count
    assert all(isinstance(one, ipaddress.IPv4Network) and one.num_addresses == 1 << bits for one in made)
    assert all(one.subnet_of(block) for one in made)
    assert all(not one.overlaps(other) for one in made for other in made if one is not other)


@given(value_=plain)
def test_the_text_of_a_value_can_be_read_again(value_: Any) -> None:
    found = value({"Fn::ToJsonString": {"held": value_}}, "Transform: AWS::LanguageExtensions")

    assert json.loads(found) == {"held": value_}


@given(items=st.lists(names, unique=True, max_size=6))
def test_a_loop_comes_to_what_is_written_out(items: list[str]) -> None:
    loop = {"Fn::ForEach::Each": ["Item", items, {"R${Item}": {"Type": "T", "Properties": {"Name": "${Item}"}}}]}
    fixed = {"Fixed": {"Type": "T"}}
    world = known(json.dumps({"Transform": "AWS::LanguageExtensions", "Resources": {**loop, **fixed}}))

    assert world.template.document["Resources"] == {
        **{f"R{item}": {"Type": "T", "Properties": {"Name": item}} for item in items},
        **fixed,
    }


@given(value_=documents(st.text(st.characters(codec="ascii", min_codepoint=32), max_size=12)))
def test_json_is_read_alike_as_json_and_as_yaml(value_: Any) -> None:
    written = json.dumps({"a": value_})

    assert text.read(written) == text.read("--- " + written)


@given(value_=plain, before=words)
def test_nothing_is_known_of_what_holds_the_unknown(value_: Any, before: str) -> None:
    unknown = unborn({"Ref": "One"})

    assert unborn({"Fn::Sub": before + "${One}"}) is unknown
    assert unborn({"Fn::ToJsonString": [value_, {"Ref": "One"}]}) is unknown


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Templates of a few resources that refer to those before them."""
    resources: dict[str, Any] = {}
    for logical in draw(st.lists(st.sampled_from("ABCDE"), unique=True, min_size=1)):
        earlier = st.sampled_from([logical, *resources]).filter(lambda one, own=logical: one != own)
        held = st.sampled_from([1, 2])
        if resources:
            held |= st.builds(lambda one: {"Ref": one}, earlier)
            held |= st.builds(lambda one: {"Fn::GetAtt": [one, "Arn"]}, earlier)
        resources[logical] = {
            "Type": "T",
            "Properties": draw(st.dictionaries(st.sampled_from(["Fixed", "Free"]), held)),
        }
    return json.dumps({"Resources": resources})


SCHEMA = {"createOnlyProperties": ["/properties/Fixed"]}


@given(before=templates(), after=templates())
def test_changes_lead_from_one_template_to_the_other(before: str, after: str) -> None:
    was, now = template.read(before).resources, template.read(after).resources
    there = {logical: f"id-of-{logical}" for logical in was}
    found = {one.logical: one for one in compare(known(before), known(after), lambda _: SCHEMA, there)}

    actions = {action: {one for one in found if found[one].action == action} for action in ("Add", "Modify", "Remove")}
    assert actions["Add"] == now.keys() - was.keys()
    assert actions["Remove"] == was.keys() - now.keys()
    assert actions["Modify"] >= {one for one in was.keys() & now.keys() if was[one].properties != now[one].properties}
    for one in actions["Modify"] - {one for one in now if one in was and was[one].properties != now[one].properties}:
        waits = graph.dependencies(now)[one]
        assert waits & found.keys(), "what is written alike changes only if what it refers to does"


@given(body=templates())
def test_nothing_changes_between_a_template_and_itself(body: str) -> None:
    there = {logical: f"id-of-{logical}" for logical in template.read(body).resources}

    assert compare(known(body), known(body), lambda _: SCHEMA, there) == []
    assert difference.outputs(known(body)) == {}


values = st.dictionaries(st.sampled_from(["Fixed", "Free"]), st.integers(0, 2))


@given(before=values, after=values)
def test_a_resource_is_replaced_just_if_something_fixed_changes(before: dict[str, int], after: dict[str, int]) -> None:
    fixed = before.get("Fixed") != after.get("Fixed")
    expected = Way.REPLACE if fixed else Way.SAME if before == after else Way.UPDATE

    assert way(SCHEMA, before, after) is expected is way(SCHEMA, after, before)


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.sets(st.sampled_from("ABCDEF"))))
def test_an_order_keeps_what_is_waited_for_before(waits: dict[str, set[str]]) -> None:
    order = list(waits)
    earlier = {one: {other for other in waits[one] if other in order[: order.index(one)]} for one in order}
    declared = {one: Declared(one, "T", depends_on=tuple(earlier[one])) for one in order}
    rounds = graph.order(graph.dependencies(declared))
    place = {one: number for number, some in enumerate(rounds) for one in some}

    assert sorted(place) == sorted(waits)
    assert all(place[other] < place[one] for one in order for other in earlier[one])
