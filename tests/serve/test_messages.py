"""The messages between the server and a screen: strict, bounded, and the same after the way there."""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import is_dataclass, replace
from types import NoneType, UnionType
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdsim import messages
from gdsim.messages import KINDS, LONGEST_LINE, Answer, Follow, GoTo, MessageError, Notice, Place, decoded, encoded

ATOMS = {
    str: st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n"), max_size=40),
    int: st.integers(-(10**12), 10**12),
    bool: st.booleans(),
    NoneType: st.none(),
}


def values(kind):
    """Values of a type as the messages have it, lists short enough to be sent."""
    if is_dataclass(kind):
        return st.builds(kind, **{name: values(part) for name, part in get_type_hints(kind).items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple:
        return st.lists(values(arguments[0]), max_size=5).map(tuple)
    if origin is Literal:
        return st.sampled_from(arguments)
    return st.one_of([values(each) for each in arguments]) if origin is UnionType else ATOMS[kind]


ANY = st.one_of([values(kind) for kind in KINDS.values()])


@given(ANY)
def test_there_and_back_is_the_same(message):
    """Whatever can be said arrives as it was said, in one line."""
    line = encoded(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decoded(line) == message


def test_every_message_is_in_the_table():
    """A message that is in the union has its kind in the table, under its own name."""
    assert set(KINDS.values()) == set(get_args(messages.Message))


@given(st.binary(max_size=400))
def test_any_bytes_give_a_message_or_a_clear_error(line):
    """No bytes make the reader fail otherwise."""
    with suppress(MessageError):
        decoded(line)


@given(ANY, st.data())
def test_a_part_of_another_kind_is_refused(message, data):
    """A message with one part replaced by something JSON can say is refused, or means just that."""
    value = json.loads(encoded(message))
    part = data.draw(st.sampled_from(sorted(value)))
    value[part] = data.draw(st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.lists(st.none())))
    try:
        read = decoded(json.dumps(value).encode())
    except MessageError:
        return
    assert json.loads(encoded(read)) == value


PLACE = '{"scenario":"mazur","update":1,"phase":null,"start":0,"is_corrected":false,"edits":[]}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "JSON"),
        (b"[]", "JSON"),
        (b"null", "JSON"),
        (b"{}", "no known kind"),
        (b'{"message":"Place"}', "no known kind"),
        (b'{"message":"__class__"}', "no known kind"),
        (b'{"message":["Follow"],"is_on":true}', "no known kind"),
        (b'{"message":"Follow"}', "parts are is_on"),
        (b'{"message":"Follow","is_on":1}', "is_on: not of the kind bool"),
        (b'{"message":"Follow","is_on":true,"more":1}', "parts are is_on"),
        (b'{"message":"Follow","is_on":true,"is_on":true}', "JSON"),
        (b'{"message":"Answer","question":true,"value":1}', "question: not of the kind int"),
        (b'{"message":"Answer","question":1e3,"value":1}', "question: not of the kind int"),
        (b'{"message":"Answer","question":NaN,"value":1}', "JSON"),
        (b'{"message":"Answer","question":' + b"9" * 30 + b',"value":1}', "out of range"),
        (b'{"message":"Answer","question":' + b"9" * 9000 + b',"value":1}', "JSON"),
        (b'{"message":"Notice","text":"\\u001b[2J","severity":"error"}', "not all printable"),
        (b'{"message":"Notice","text":"\\ud800","severity":"error"}', "not all printable"),
        (b'{"message":"Notice","text":"\xff","severity":"error"}', "not all printable"),
        (b'{"message":"Notice","text":"a","severity":"fatal"}', "not one of information"),
        (b'{"message":"Notice","text":"a","severity":["error"]}', "not one of information"),
        (b'{"message":"Notice","text":"' + b"a" * 1001 + b'","severity":"error"}', "longer than 1000 characters"),
        (b'{"message":"GoTo","place":[]}', "place: its parts"),
        (b'{"message":"GoTo","place":' + PLACE.replace("[]", "[3]").encode() + b"}", "edits: not of the kind str"),
        (b'{"message":"GoTo","place":' + PLACE.replace("[]", "[" + "0," * 300 + "0]").encode() + b"}", "at most 256"),
        (b'{"message":"Follow","is_on":' + b"[" * 60_000, "JSON"),
        (b" " * (LONGEST_LINE + 1), "longer than 65536 bytes"),
    ],
)
def test_hostile_lines_are_refused(line, said):
    """Each is refused with what is wrong, and nothing else happens."""
    with pytest.raises(MessageError, match=said):
        decoded(line)


def test_what_would_not_be_accepted_is_not_sent():
    """A message too long for the line is refused where it is written."""
    with pytest.raises(MessageError, match="longer"):
        encoded(Notice("x" * 2000))
    with pytest.raises(MessageError, match="longer"):
        encoded(GoTo(replace(Place("mazur"), edits=("x" * 900,) * 200)))
    with pytest.raises(MessageError, match="printable"):
        encoded(Notice("\x1b[2J"))


def test_plain_example():
    """A line as another program would write it."""
    assert decoded(b'{"message":"Answer","question":3,"value":-1}') == Answer(3, -1)
    assert encoded(Follow(True)) == b'{"message":"Follow","is_on":true}\n'
    line = b'{"message":"GoTo","place":' + PLACE.encode() + b"}\r\n"
    assert decoded(line) == GoTo(Place("mazur", update=1))


def test_needs_nothing_but_the_standard_library():
    """The server's front reads messages without loading numpy or Textual."""
    code = "import sys, gdsim.messages; print(sorted({'numpy', 'textual', 'pydantic_core'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
