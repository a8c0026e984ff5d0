"""The messages between the server and a screen: strict, bounded, and the same after the way there."""

import json
from contextlib import suppress
from dataclasses import is_dataclass, replace
from types import NoneType
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from workshops import ASK

from gdsim.classroom.messages import (
    LONGEST_LINE,
    Answer,
    Follow,
    GoTo,
    Index,
    Message,
    MessageError,
    Notice,
    Sign,
    Words,
    decode,
    encode,
)
from gdsim.scenario.place import Place, UpdateNumber

TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n"), max_size=40)
ATOMS = {
    str: TEXTS,
    Words: st.tuples(TEXTS, TEXTS, TEXTS),
    int: st.integers(-(10**12), 10**12),
    Sign: st.sampled_from([1, -1, 0]),
    Index: st.integers(0, 999),
    UpdateNumber: st.integers(0, 10_000_000),
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
    kind, _space, text = encode(message).decode().partition(" ")
    value = json.loads(text)
    assume(value)
    part = data.draw(st.sampled_from(sorted(value)))
    value[part] = data.draw(st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.lists(st.none())))
    try:
        read = decode(f"{kind} {json.dumps(value)}".encode())
    except MessageError:
        return
    assert json.loads(encode(read).decode().removeprefix(kind)) == value


PLACE = '{"scenario":"mazur","update":1,"phase":null,"start":0,"is_corrected":false,"edits":[]}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "an unknown kind"),
        (b"{}", "an unknown kind"),
        (b"Place {}", "an unknown kind"),
        (b"__class__ {}", "an unknown kind"),
        (b"follow {}", "an unknown kind"),
        (b"\xff\xfe {}", "an unknown kind"),
        (b"Follow", "JSON"),
        (b"Follow []", "message: "),
        (b"Follow null", "message: "),
        (b"Follow {}", "is_on: "),
        (b'Follow {"is_on":1}', "is_on: .* valid boolean"),
        (b'Follow {"is_on":true,"more":1}', "more: "),
        (b'Answer {"question":true,"value":1}', "question: .* valid integer"),
        (b'Answer {"question":1e3,"value":1}', "question: .* valid integer"),
        (b'Answer {"question":1,"value":2}', "value: .* less than or equal to 1"),
        (b'Answer {"question":NaN,"value":1}', "question: .* valid integer"),
        (b'Answer {"question":' + b"9" * 30 + b',"value":1}', "less than or equal"),
        (b'Answer {"question":' + b"9" * 9000 + b',"value":1}', "JSON"),
        (b'Notice {"text":"\\u001b[2J","severity":"error"}', "not all printable"),
        (b'Notice {"text":"\\ud800","severity":"error"}', "JSON"),
        (b'Notice {"text":"\xff","severity":"error"}', "JSON"),
        (b'Notice {"text":"a","severity":"fatal"}', "severity: "),
        (b'Notice {"text":"a","severity":["error"]}', "severity: "),
        (b'Notice {"text":"' + b"a" * 1001 + b'","severity":"error"}', "at most 1000 characters"),
        (b'GoTo {"place":[]}', "place: "),
        (b'GoTo {"place":' + PLACE.replace("[]", "[3]").encode() + b"}", "edits.0: .* valid string"),
        (b'GoTo {"place":' + PLACE.replace("[]", '["",' + '"",' * 1000 + '""]').encode() + b"}", "1000"),
        (b'GoTo {"place":' + PLACE.replace('"update":1', '"update":-1').encode() + b"}", "update: .* greater"),
        (b'GoTo {"place":' + PLACE.replace("}", ',"more":1}').encode() + b"}", "more: "),
        (b'Follow {"is_on":' + b"[" * 60_000, "JSON"),
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
    with pytest.raises(MessageError, match="at least 3 items"):
        encode(replace(ASK, words=("up",)))
    with pytest.raises(MessageError, match=r"right: .* less than or equal to 1"):
        encode(replace(ASK, right=7))


def test_plain_example():
    """A line as another program would write it."""
    assert decode(b'Answer {"question":3,"value":-1}') == Answer(3, -1)
    assert encode(Follow(True)) == b'Follow {"is_on":true}\n'
    line = b'GoTo {"place":' + PLACE.encode() + b"}\r\n"
    assert decode(line) == GoTo(Place("mazur", update=1))
