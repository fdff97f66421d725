"""Writes library records as reference strings in many styles, with the fields each string states: training text with exact labels.

Which style, how many authors and which extras a record gets is decided by a hash of its id, so the output never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Record = dict
Names = Sequence[dict]


def pick(seed: str, n: int) -> int:
    return int(hashlib.sha256(seed.encode()).hexdigest(), 16) % n


def initials(given: str, dots: str = "", between: str = "") -> str:
    parts = [p for p in given.replace(".", " ").replace("-", " ").split() if p]
    letters = [p[0] for p in parts] if any(len(p) > 3 or not p.isupper() for p in parts) else list("".join(parts))
    return between.join(x + dots for x in letters[:3])


def names(people: Names, form: str, most: int, seed: str) -> tuple[str, list[str]]:
    """The author part in one form and the family names it prints."""
    shown = list(people[:most])
    cut = len(people) > most
    write: Callable[[dict], str] = {
        "vancouver": lambda p: f"{p['family']} {initials(p['given'])}",
        "dotted": lambda p: f"{p['family']} {initials(p['given'], '.', ' ')}",
        "apa": lambda p: f"{p['family']}, {initials(p['given'], '.', ' ')}",
        "harvard": lambda p: f"{p['family']}, {initials(p['given'], '.')}",
        "first": lambda p: f"{initials(p['given'], '.', ' ')} {p['family']}",
        "full": lambda p: f"{GIVEN[pick(seed + p['family'], len(GIVEN))]} {p['family']}",
        "family": lambda p: p["family"],
    }[form]
    written = [write(p) for p in shown]
    if form == "full" and pick(seed + "inv", 2):
        p = shown[0]
        written[0] = f"{p['family']}, {GIVEN[pick(seed + p['family'], len(GIVEN))]}"
    ends = {"apa": (", & ", ", et al.", ", … "), "harvard": (" and ", " et al.", " et al."), "first": (", and ", ", et al.", " et al."), "full": (", and ", ", et al.", " and others"),
            "dotted": (", ", ", et al.", " et al."), "family": (" & ", " et al.", " and others")}.get(form, (", ", ", et al", " et al"))  # fmt: skip
    if form == "vancouver" and pick(seed + "and", 5) == 0:
        ends = (" and ", ", et al.", " and others")
    if cut or (form == "family" and len(shown) > 2):
        tail = ends[1 + pick(seed + "tail", 2)]
        if tail == ", … ":
            last = people[-1]
            return ", ".join(written) + tail + write(last), [*(p["family"] for p in shown), last["family"]]
        if form == "family":
            written, shown = written[:1], shown[:1]
        return ", ".join(written) + tail, [p["family"] for p in shown]
    if len(written) > 1:
        return ", ".join(written[:-1]) + ends[0] + written[-1], [p["family"] for p in shown]
    return written[0], [p["family"] for p in shown]


GIVEN = (
    "Anna", "Britta K.", "James", "Maria", "Wei", "Carlos M.", "Susan", "John", "Ole", "Priya", "David R.", "Tammi", "Marco", "Elena", "Peter", "Yuki", "Fatima", "Thomas J.", "Laura", "Ivan",
    "Helen", "Pierre", "Kofi", "Mads", "Chloé", "Richard", "Sofia", "Ahmed", "Michael B.", "Jane",
)  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# author form, most authors, template; a brace names a part, and text in square brackets goes where its part is missing
STYLES = (
    ("vancouver", 6, "{a}. {t}. {j}. {y};{v}[({i})]:{p}."), ("vancouver", 3, "{a}. {t}. {j} {y};{v}[({i})]:{p}."), ("vancouver", 6, "{a}. {t}. {j}. {y} {m};{v}[({i})]:{p}."),
    ("vancouver", 3, "{a}. {j} {y};{v}:{p}."), ("vancouver", 2, "{a}. {j}. {y};{v}[({i})]:{p}. doi:{d}"), ("vancouver", 1, "{a} {j} {y};{v}:{p0}"), ("vancouver", 1, "{a} ({y}). {j} {v}, {p}"),
    ("vancouver", 5, "{a} ({y}) {t}. {j} {v}[({i})]: {p}."), ("vancouver", 4, "{a} ({y}) {j} {v}:{p}."), ("vancouver", 9, "{a}: {t}. {j} {v}:{p}, {y}"), ("vancouver", 6, "{a}. {t}. {j} {v}:{p} ({y})"),
    ("vancouver", 6, "{a}. {t}. {j}. {y}; {v}: {p}. PMID: {pm}."), ("vancouver", 3, "{a}. {t}. {j}. {y};{v}[({i})]:{p}. doi: {d}. PMID {pm}"), ("vancouver", 6, "{a}. \"{t}.\" {j} {v} ({y}): {p}."),
    ("apa", 7, "{a} ({y}). {t}. {j}, {v}[({i})], {p}."), ("apa", 6, "{a} ({y}). {t}. {j}, {v}[({i})], {p}. https://doi.org/{d}"), ("apa", 20, "{a} ({y}, {M}). {t}. {j}, {v}, {p}."),
    ("harvard", 8, "{a} ({y}) ‘{t}’, {j}, {v}[({i})], pp. {p}."), ("harvard", 3, "{a} ({y}) '{t}', {j}, {v}[({i})], pp. {p}. doi: {d}."), ("harvard", 8, "{a}, {y}. {t}. {j}, {v}[({i})], pp.{p}."),
    ("harvard", 2, "{a} {y}. {t}. {j} {v}: {p}"), ("dotted", 6, "{a} ({y}). {t}. {j} {v}, {p}."), ("dotted", 6, "{a} ({y}). {t}. {j} {v}:{p}. {d}"), ("dotted", 3, "{a}, {t}, {j} {v} ({y}) {p}."),
    ("first", 6, "{a}, “{t},” {j}, vol. {v}, [no. {i}, ]pp. {p}, {m}. {y}."), ("first", 5, "{a}. {t}. {j}, {v}[({i})]:{p}, {y}."), ("first", 3, "{a}, {j} {v}, {p0} ({y})."), ("first", 3, "{a}, '{t}', {j} {v} ({y}), {p}."),
    ("full", 3, "{a}. “{t}.” {j} {v}[, no. {i}] ({y}): {p}."), ("full", 2, "{a}. \"{t}.\" {j}, vol. {v}, [no. {i}, ]{y}, pp. {p}."), ("full", 1, "{a}, '{t}', {j} {v} ({y}), {p}."), ("full", 1, "{a}, ‘{t}’, {j}, {v} ({y}), {p}."),
    ("full", 2, "{a}, {t}, {j}, {y};{v}:{p}"), ("family", 2, "{a} ({y}). {t}. {j}."), ("family", 2, "{a} {y}, {j}"), ("family", 1, "{a}, {j}, {y}."), ("family", 2, "{a}. {t}. {j}, {y}."), ("family", 1, "{a} {j} {y};{v}:{p}"),
    ("family", 1, "{a} {j} {v}:{p} ({y})"), ("vancouver", 6, "{a}. {t}. {j}. {y}."), ("vancouver", 3, "{a}. {t}. {j}. {M} {day}, {y}. Accessed June 3, 2021. https://doi.org/{d}"),
    ("vancouver", 6, "{a}. {t}. {j} (Online). {y};{v}:{p}."), ("vancouver", 6, "{a}. {t} [abstract]. {j}. {y};{v}:{p}."), ("vancouver", 6, "{a}. {t}. {j}. {y} {m} {day};{v}[({i})]:{p}. Epub {y} Jan 5."),
)  # fmt: skip


def capitalised(title: str, seed: str) -> str:
    """A title as it stands, or in headline capitals (as lay pages copy it)."""
    if pick(seed + "caps", 4):
        return title
    small = {"of", "the", "in", "and", "for", "on", "with", "to", "by", "a", "an", "from", "or", "versus", "vs"}
    words = title.split(" ")
    return " ".join(w if (k and w.lower() in small) or not w[:1].isalpha() else w[:1].upper() + w[1:] for k, w in enumerate(words))


def render(r: Record, style: int, seed: str) -> tuple[str, dict] | None:
    """One record in one style; None where the record lacks what the style needs."""
    form, most, template = STYLES[style]
    people = [p for p in r.get("authors") or () if p.get("family")]
    if not people or any(not p.get("given") for p in people) or len(people) > 40:
        return None
    writers, family = names(people, form, most, seed)
    title = capitalised((r.get("title") or "").rstrip(". "), seed)
    parts = {
        "t": title,
        "j": (r.get("container") or "").rstrip(". "),
        "y": str(r.get("year") or ""),
        "v": r.get("volume") or "",
        "p": r.get("pages") or "",
        "d": r.get("doi") or "",
        "pm": r.get("pmid") or "",
    }
    parts["p0"] = parts["p"].split("-")[0]
    number = str(1 + pick(seed + "issue", 12))
    month = pick(seed + "month", 12)
    extra = {
        "m": MONTHS[month],
        "M": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")[month],
        "day": str(1 + pick(seed + "d", 28)),
    }
    if any("{" + k + "}" in template and not v for k, v in parts.items()):
        return None
    with_issue = "{i}" in template and pick(seed + "hasissue", 3) > 0
    text = template
    if "[" in text and "{i}" in text:
        a, b = text.index("["), text.index("]")
        text = text[:a] + (text[a + 1 : b] if with_issue else "") + text[b + 1 :]
    if writers.endswith("."):
        text = text.replace("{a}.", "{a}")
    dash = "–" if pick(seed + "dash", 2) else "-"
    shown = {**parts, **extra, "a": writers, "i": number, "p": parts["p"].replace("-", dash)}
    out = text
    for k, v in shown.items():
        out = out.replace("{" + k + "}", v)
    out = out.replace("?.", "?").replace("..", ".")
    has = lambda k: "{" + k + "}" in text  # noqa: E731
    gold = {
        "authors": family, "title": title if has("t") else None, "container": parts["j"] if has("j") else None, "year": parts["y"] if has("y") else None, "volume": parts["v"] if has("v") else None,
        "issue": number if with_issue else None, "pages": parts["p"] if has("p") else parts["p0"] if has("p0") else None, "doi": parts["d"] if has("d") else None, "pmid": parts["pm"] if has("pm") else None,
    }  # fmt: skip
    return out, gold
