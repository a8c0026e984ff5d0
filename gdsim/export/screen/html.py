"""Screens as an HTML page: one, or several to step through with the arrow keys, in one file that loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gdsim.export.screen.frame import Frame
from gdsim.export.screen.svg import svg
from gdsim.i18n import _, current_language

_STYLE = """
body { margin: 0; padding: .5rem 1rem; box-sizing: border-box; min-height: 100vh; display: flex; flex-direction: column;
       align-items: center; justify-content: center; font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(100%, 1240px); }
section > svg { display: block; width: 100%; height: auto; max-height: calc(100vh - 7.5rem); }
nav { display: none; gap: 1rem; align-items: center; justify-content: center; margin: .75rem 0; }
button { font: inherit; padding: .2rem 1rem; border: 1px solid; border-radius: 6px; background: none; color: inherit;
         cursor: pointer; }
button:disabled { opacity: .4; cursor: default; }
details { margin: .5rem 0; } pre { white-space: pre-wrap; }
.stepped nav { display: flex; } .stepped section { display: none; } .stepped section.shown { display: block; }
"""

_SCRIPT = """
const frames = [...document.querySelectorAll("section")], buttons = document.querySelectorAll("button");
let at = 0;
function show(number) {
  at = Math.max(0, Math.min(frames.length - 1, number));
  frames.forEach((frame, i) => frame.classList.toggle("shown", i === at));
  document.querySelector("output").textContent = frames[at].dataset.title;
  buttons[0].disabled = at === 0;
  buttons[1].disabled = at === frames.length - 1;
}
const keys = { ArrowRight: 1, " ": 1, n: 1, ArrowLeft: -1, b: -1, Home: -1e9, End: 1e9 };
document.addEventListener("keydown", event => {
  if (!(event.key in keys) || event.target.closest?.("button, summary") && event.key === " ") return;
  event.preventDefault();
  show(at + keys[event.key]);
});
buttons[0].onclick = () => show(at - 1);
buttons[1].onclick = () => show(at + 1);
document.body.classList.add("stepped");
show(0);
"""


def html(title: str, frames: Sequence[Frame]) -> str:
    """Return a page of frames; ← and → step through several, which without scripts stand one below the other.

    Each has its words folded beneath it.
    """
    ground = frames[0].ground
    parts = [
        f'<!DOCTYPE html>\n<html lang="{current_language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}"
        f"body {{ background: {ground.background}; color: {ground.color}; }}\n</style>\n</head>\n<body>\n<main>\n"
    ]
    for frame in frames:
        words = f"<details><summary>{escape(_('in words'))}</summary><pre>{escape(frame.words)}</pre></details>\n"
        parts.append(f'<section data-title="{escape(frame.title)}">\n{svg(frame)}{words}</section>\n')
    if len(frames) > 1:
        parts.append(
            f'<nav><button type="button">← {escape(_("back"))}</button><output></output>'
            f'<button type="button">{escape(_("next"))} →</button></nav>\n'
        )
    parts.append("</main>\n")
    if len(frames) > 1:
        parts.append(f"<script>{_SCRIPT}</script>\n")
    return "".join((*parts, "</body>\n</html>\n"))
