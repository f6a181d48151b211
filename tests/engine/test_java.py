"""Java's patterns in Python."""

from __future__ import annotations

import pytest

from emulator.aws import java, model


def matches(pattern: str, text: str) -> bool:
    return java.compile(pattern).fullmatch(text) is not None


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        (r"\d+", "12", True),
        (r"\d+", "\u0661\u0662", False),  # digits in Arabic script are no digits to Java
        (r"\w+", "\u00e4", False),
        (r"\s", "\u00a0", False),
        (r".*", "a\nb", False),
        (r".*", "a\u2028b", False),
        (r".*", "a\u000bb", True),
        (r"[.]", "a", False),
        (r"\.", "a", False),
        (r"[a[]b]", "[b]", True),
        (r"[^.]+", "a\nb", True),
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "Gr\u00fc\u00dfe 1/2", True),
        (r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)", "a!", False),
        (r"([\p{L}_]*)${1,128}", "abc", True),
        (r"[\p{Alnum}\-]+", "aZ-9", True),
        (r"[\p{Alnum}\-]+", "\u00e4", False),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a \U0001f600", True),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a\nb", False),
        (r"[\S\s]*", "a\nb", True),
        (r"a$", "a\n", False),
    ],
)
def test_a_pattern_means_what_it_means_in_java(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) == fits


def test_every_pattern_of_the_model_compiles() -> None:
    patterns = {shape.pattern for shape in model.load("sagemaker").shapes() if shape.pattern}

    assert len(patterns) > 200
    assert all(java.compile(pattern) for pattern in patterns)


def test_a_pattern_is_compiled_once() -> None:
    assert java.compile("[a-z]+") is java.compile("[a-z]+")
