"""The messages between the server and a screen: strict, bounded, and the same after the way there."""

import json
from contextlib import suppress
from dataclasses import is_dataclass, replace
from types import NoneType
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim.classroom.messages import (
    LONGEST_LINE,
    Answer,
    Follow,
    GoTo,
    Index,
    Message,
    MessageError,
    Notice,
    Place,
    Sign,
    decode,
    encode,
)

ATOMS = {
    str: st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n"), max_size=40),
    int: st.integers(-(10**12), 10**12),
    Sign: st.sampled_from([1, -1, 0]),
    Index: st.integers(0, 999),
    bool: st.booleans(),
    NoneType: st.none(),
}


def values(kind):
    """Values of a type as the messages have it, lists short enough to be sent."""
    if kind in ATOMS:
        return ATOMS[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind, include_extras=True)
        return st.builds(kind, **{name: values(part) for name, part in hints.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return values(arguments[0])
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=5).map(tuple)
    if origin is Literal:
        return st.sampled_from(arguments)
    return st.one_of([values(each) for each in arguments])


ANY = values(Message)


@given(ANY)
def test_there_and_back_is_the_same(message):
    """Whatever can be said arrives as it was said, in one line."""
    line = encode(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode(line) == message


@given(st.binary(max_size=400))
def test_any_bytes_give_a_message_or_a_clear_error(line):
    """No bytes make the reader fail otherwise."""
    with suppress(MessageError):
        decode(line)


@given(ANY, st.data())
def test_a_part_of_another_kind_is_refused(message, data):
    """A message with one part replaced by something JSON can say is refused, or means just that."""
    value = json.loads(encode(message))
    part = data.draw(st.sampled_from(sorted(value)))
    value[part] = data.draw(st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.lists(st.none())))
    try:
        read = decode(json.dumps(value).encode())
    except MessageError:
        return
    assert json.loads(encode(read)) == value


PLACE = '{"scenario":"mazur","update":1,"phase":null,"start":0,"is_corrected":false,"edits":[]}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "JSON"),
        (b"[]", "message: "),
        (b"null", "message: "),
        (b"{}", "discriminator"),
        (b'{"message":"Place"}', "does not match"),
        (b'{"message":"__class__"}', "does not match"),
        (b'{"message":["Follow"],"is_on":true}', "does not match"),
        (b'{"message":"Follow"}', "is_on: "),
        (b'{"message":"Follow","is_on":1}', "is_on: .* valid boolean"),
        (b'{"message":"Follow","is_on":true,"more":1}', "more: "),
        (b'{"message":"Answer","question":true,"value":1}', "question: .* valid integer"),
        (b'{"message":"Answer","question":1e3,"value":1}', "question: .* valid integer"),
        (b'{"message":"Answer","question":1,"value":2}', "value: .* less than or equal to 1"),
        (b'{"message":"Answer","question":NaN,"value":1}', "question: .* valid integer"),
        (b'{"message":"Answer","question":' + b"9" * 30 + b',"value":1}', "less than or equal"),
        (b'{"message":"Answer","question":' + b"9" * 9000 + b',"value":1}', "JSON"),
        (b'{"message":"Notice","text":"\\u001b[2J","severity":"error"}', "not all printable"),
        (b'{"message":"Notice","text":"\\ud800","severity":"error"}', "JSON"),
        (b'{"message":"Notice","text":"\xff","severity":"error"}', "JSON"),
        (b'{"message":"Notice","text":"a","severity":"fatal"}', "severity: "),
        (b'{"message":"Notice","text":"a","severity":["error"]}', "severity: "),
        (b'{"message":"Notice","text":"' + b"a" * 1001 + b'","severity":"error"}', "at most 1000 characters"),
        (b'{"message":"GoTo","place":[]}', "place: "),
        (b'{"message":"GoTo","place":' + PLACE.replace("[]", "[3]").encode() + b"}", "edits.0: .* valid string"),
        (b'{"message":"GoTo","place":' + PLACE.replace("[]", '["",' + '"",' * 300 + '""]').encode() + b"}", "256"),
        (b'{"message":"Follow","is_on":' + b"[" * 60_000, "JSON"),
        (b" " * (LONGEST_LINE + 1), "longer than 65536 bytes"),
    ],
)
def test_hostile_lines_are_refused(line, said):
    """Each is refused with what is wrong, and nothing else happens."""
    with pytest.raises(MessageError, match=said):
        decode(line)


def test_what_would_not_be_accepted_is_not_sent():
    """A message too long for the line is refused where it is written."""
    with pytest.raises(MessageError, match="at most 1000"):
        encode(Notice("x" * 2000))
    with pytest.raises(MessageError, match="longer"):
        encode(GoTo(replace(Place("mazur"), edits=("x" * 900,) * 200)))
    with pytest.raises(MessageError, match="printable"):
        encode(Notice("\x1b[2J"))


def test_plain_example():
    """A line as another program would write it."""
    assert decode(b'{"message":"Answer","question":3,"value":-1}') == Answer(3, -1)
    assert encode(Follow(True)) == b'{"is_on":true,"message":"Follow"}\n'
    line = b'{"message":"GoTo","place":' + PLACE.encode() + b"}\r\n"
    assert decode(line) == GoTo(Place("mazur", update=1))
