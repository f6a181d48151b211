"""Names, keys and ARNs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.engine.identity import Template, arn_type, kebab, resource_part, snake, words

PART = st.from_regex(r"[A-Za-z0-9._-]{1,20}", fullmatch=True)


@given(PART, PART)
def test_a_template_reads_back_what_it_filled(one: str, other: str) -> None:
    template = Template("image/{A}/{B}")

    assert template.read(template.fill((one, other))) == (one, other)


@given(PART, st.integers(min_value=0, max_value=10**9))
def test_a_number_is_read_back_as_a_number(name: str, number: int) -> None:
    template = Template("version/{A}/{N}", frozenset({"N"}))

    assert template.read(template.fill((name, number))) == (name, number)


def test_a_part_that_is_to_be_a_number_must_be_one() -> None:
    assert Template("version/{A}/{N}", frozenset({"N"})).read("version/a/b") is None


def test_a_part_is_lowered_only_where_the_template_says_so() -> None:
    assert Template("v/{A:lower}/{B}").fill(("Ab", "Cd")) == "v/ab/Cd"


@pytest.mark.parametrize("text", ["image/a", "image/a/b/c", "images/a/b", "image//b", "", "a/b"])
def test_another_form_is_not_read(text: str) -> None:
    assert Template("image/{A}/{B}").read(text) is None


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        (r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:model/.*", "model"),
        (r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:partner-app\/app-[A-Z0-9]{12}", "partner-app"),
        (r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*", "pipeline"),
        (r"arn:.*", None),
        (None, None),
    ],
)
def test_the_type_in_an_arn_is_read_from_its_pattern(pattern: str | None, kind: str | None) -> None:
    assert arn_type(pattern) == kind


@pytest.mark.parametrize(
    ("name", "spoken", "dashed", "filed"),
    [
        ("ModelPackageGroup", "Model Package Group", "model-package-group", "model_package_group"),
        ("AIBenchmarkJob", "AI Benchmark Job", "ai-benchmark-job", "ai_benchmark_job"),
        ("Shelf", "Shelf", "shelf", "shelf"),
    ],
)
def test_a_name_is_split_into_its_words(name: str, spoken: str, dashed: str, filed: str) -> None:
    assert (words(name), kebab(name), snake(name)) == (spoken, dashed, filed)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("arn:aws:library:eu-west-1:111122223333:book/a:b/c", "book/a:b/c"),
        ("arn:aws:library:eu-west-1:444455556666:book/a", None),
        ("arn:aws:library:us-east-1:111122223333:book/a", None),
        ("book/a", None),
    ],
)
def test_only_arns_of_this_account_and_region_have_a_resource_here(text: str, part: str | None) -> None:
    assert resource_part(text, "111122223333", "eu-west-1") == part
