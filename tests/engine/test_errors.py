"""Every sentence that a client can read."""

from __future__ import annotations

import re

from emulator.aws import errors
from tests.engine.library import sentence

SENTENCES = {name: one for name, one in vars(errors).items() if isinstance(one, errors.Sentence)}


def test_every_sentence_says_how_sure_it_is_and_where_it_comes_from() -> None:
    assert len(SENTENCES) > 30
    for name, one in SENTENCES.items():
        assert one.confidence in tuple("ABCD"), name
        assert one.source, name


def test_every_sentence_stands_once() -> None:
    texts = [one.text for one in SENTENCES.values()]

    assert len(set(texts)) == len(texts)


def test_every_blank_of_a_sentence_has_a_name_and_is_filled() -> None:
    for name, one in SENTENCES.items():
        words = dict.fromkeys(re.findall(r"\{(\w+)\}", one.text), "filled")
        assert not re.search(r"\{\w*\}", one(**words)), name


def test_a_refusal_becomes_an_error_with_its_code_and_its_words() -> None:
    error = errors.Refusal("ResourceInUse", sentence("{name} is there")).error(name="r", unused="x")

    assert (error.code, error.message, error.status) == ("ResourceInUse", "r is there", 400)


def test_a_map_is_printed_as_java_prints_it() -> None:
    assert errors.java_map({"a": "1", "b": "2"}) == "{a=1, b=2}"
