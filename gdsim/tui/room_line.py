"""The workshop bar in words: what a learner or an instructor reads, and what its key does."""

from __future__ import annotations

from gdsim.classroom.view import RoomView
from gdsim.i18n import _, ngettext
from gdsim.tui.state import RoomLine


def learner_line(room: RoomView) -> RoomLine:
    """Return what a learner is told of the room, and what the key does that changes it."""
    air = room.air
    name = air.instructor or _("the instructor")
    if not air.is_on:
        text = _("the instructor shows nothing yet; walk as you like")
        if air.instructor:
            text = _("{name} shows nothing now; walk as you like").format(name=name)
        if room.course is not None and not room.course.chapters:
            text = _("no chapter is open yet: the instructor opens them")
        hint = _("f stays alone later on") if air.is_following else _("f follows later on")
        return RoomLine((("○ ", "quiet"), (text, "")), hint)
    if not air.is_following:
        where = _("{name} is in {scenario}, after update {update}")
        told = where.format(name=name, scenario=air.scenario, update=air.update) if air.scenario else ""
        parts = [("○ ", "quiet"), (_("alone"), "strong")]
        if room.question is not None:
            told = _("{name} asks a question").format(name=name)
        return RoomLine((*parts, (f" · {told}" if told else "", "")), _("f follows"))
    parts = [("● ", "accent"), (_("following {name}").format(name=name), "strong")]
    if not air.is_here:
        parts.append((" · " + _("who is away just now"), ""))
    if room.question is not None:
        if room.answer is None:
            parts.append((" · " + _("a question: press a"), "accent"))
        else:
            said = _("you said {answer}; others are thinking").format(answer=room.word(room.answer))
            parts.append((f" · {said}", ""))
    return RoomLine(tuple(parts), _("f walks alone"))


def instructor_line(room: RoomView) -> RoomLine:
    """Return what an instructor is told of the room, and what the key does that changes it."""
    here = room.learners
    following = sum(row.is_following for row in here)
    people = ngettext("{count} learner here", "{count} learners here", len(here)).format(count=len(here))
    people += " · " + ngettext("{count} follows", "{count} follow", following).format(count=following)
    if room.air.is_on:
        parts = [("● ", "accent"), (_("on air"), "strong"), (f" · {people}", "")]
        hint = _("f goes off air")
    else:
        parts, hint = [("○ ", "quiet"), (_("off air"), "strong"), (f" · {people}", "")], _("f goes on air")
    counts = room.counts
    if room.question is not None and counts is not None:
        answered = counts.more + counts.less + counts.neither
        text = _("{count} of {all} have answered: Q").format(count=answered, all=answered + counts.waiting)
        parts.append((f" · {text}", "accent"))
    return RoomLine(tuple(parts), hint)
