"""Marking spans in a text: mentions outside, values inside; spans that cross are split, never lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to mark. ``kind`` is study, claim, value, finding, quality or entry; ``name`` groups the pieces of one span."""

    start: int
    end: int
    kind: str
    name: str
    title: str = ""
    link: str = ""  # after the last piece: a link to the card that explains the mark
    label: str = ""  # what that link shows

    @property
    def outer(self) -> int:
        """Order of nesting where two spans are equally long: a study or claim holds its values."""
        return ("study", "claim", "entry").index(self.kind) if self.kind in ("study", "claim", "entry") else 9


def highlight(text: str, marks: Iterable[Mark], offset: int = 0) -> Markup:
    """HTML of ``text`` with every mark around exactly its characters, properly nested.

    :param offset: where ``text`` starts in the text that the marks count in.

    >>> highlight("18 people", [Mark(0, 9, "study", "s1"), Mark(0, 2, "value", "n")])
    Markup('<mark class="cg-m cg-m-study" data-span="s1" id="s1"><mark class="cg-m cg-m-value" data-span="n">18</mark> people</mark>')
    """
    spans = _clip(marks, offset, len(text))
    out: list[str] = []
    stack: list[Mark] = []
    opened: set[str] = set()
    cuts = sorted({0, len(text), *(m.start for m in spans), *(m.end for m in spans)})
    begins: dict[int, list[Mark]] = {}
    for mark in spans:
        begins.setdefault(mark.start, []).append(mark)
    for at, upto in zip(cuts, [*cuts[1:], len(text)], strict=True):
        _close(out, stack, at, opened)
        for mark in sorted(begins.get(at, ()), key=lambda m: (-m.end, m.outer)):
            _open(out, stack, mark, opened)
        out.append(str(escape(text[at:upto])))
    return Markup("".join(out))


def _clip(marks: Iterable[Mark], offset: int, length: int) -> list[Mark]:
    out = []
    for m in dict.fromkeys(marks):
        start, end = max(0, m.start - offset), min(length, m.end - offset)
        if start < end:
            out.append(Mark(start, end, m.kind, m.name, m.title, m.link, m.label))
    return out


def _open(out: list[str], stack: list[Mark], mark: Mark, opened: set[str]) -> None:
    anchor = f' id="{escape(mark.name)}"' if mark.kind in ("study", "claim", "entry") and mark.name not in opened else ""
    title = f' title="{escape(mark.title)}"' if mark.title else ""
    opened.add(mark.name)
    out.append(f'<mark class="cg-m cg-m-{mark.kind}" data-span="{escape(mark.name)}"{anchor}{title}>')
    stack.append(mark)


def _close(out: list[str], stack: list[Mark], at: int, opened: set[str]) -> None:
    """Close what ends here; what lies inside it but goes on is closed and opened again."""
    if not any(m.end == at for m in stack):
        return
    deepest = min(i for i, m in enumerate(stack) if m.end == at)
    popped = stack[deepest:]
    del stack[deepest:]
    for mark in reversed(popped):
        out.append("</mark>")
        if mark.end == at and mark.link:
            out.append(f'<a class="cg-jump" href="{escape(mark.link)}">{escape(mark.label)}</a>')
    for mark in popped:
        if mark.end > at:
            _open(out, stack, mark, opened)
