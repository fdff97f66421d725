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


# Works that are not in journals: proceedings, chapters, books, reports; c is the container, b a publisher with its place
OTHERS = (
    ("vancouver", 4, "{a}. {t}. {c}, {y}, pp. {p}."), ("vancouver", 4, "{a}. {t}. {c}; {y}. p. {p}."), ("vancouver", 4, "{a}. {t}. In: {e}, editors. {c}. {b}; {y}. p. {p}."),
    ("vancouver", 3, "{a} ({y}) {t}. In: {e}, eds. {c}. {b}. pp. {p}."), ("apa", 4, "{a} ({y}). {t}. In {E} (Eds.), {c} (pp. {p}). {b}."), ("dotted", 4, "{a} ({y}). “{t},” in {c}, eds {e} ({b}), {p}."),
    ("first", 3, "{a}. {t}. In {c}, pages {p}, {y}."), ("first", 3, "{a}, “{t},” in {c}, {y}, pp. {p}."), ("harvard", 4, "{a} ({y}) ‘{t}’, in {e} (eds) {c}. {b}, pp. {p}."), ("vancouver", 3, "{a}. {t}. {c}, Lecture Notes in Computer Science Volume {v}, {y}, pp. {p}."),
    ("vancouver", 3, "{a}. {t}. {b}; {y}."), ("apa", 3, "{a} ({y}). {t}. {b}."), ("full", 2, "{a}. {t}. {b}, {y}."), ("vancouver", 3, "{a} ({y}) {t}. {b}. {n} p."), ("harvard", 2, "{a} ({y}) {t}. 2nd edn. {b}."),
    ("vancouver", 2, "{a}. {t}: {b}, {y}."), ("vancouver", 3, "{a}. {t}. 3rd ed. {b}; {y}."), ("vancouver", 1, "{a}. {t} [PhD thesis]. {b}; {y}."), ("vancouver", 1, "{a}. {t} [Internet]. {b}; {y} [cited {y} Mar 3]. Available from: https://www.example.org/{n}"),
    ("vancouver", 3, "{a}. {t}. {c}. {y}."), ("first", 2, "{a}: {t}. {b} {y}."), ("apa", 2, "{a} ({y}). {t} (Report No. {n}). {b}."),
)  # fmt: skip
MEETINGS = (
    "Proceedings of the 12th International Conference on {x}", "Proceedings of the National Workshop on {x}", "Proc. 3rd Symposium on {x}", "Advances in {x}", "Annual Meeting of the Society for {x}",
    "Handbook of {x}", "{x}: Methods and Applications", "The Encyclopedia of {x}", "Topics in {x}—FSX 2009", "Essentials of {x}", "IEEE International Conference on {x}", "International Review of {x}", "Current Perspectives in {x}",
)  # fmt: skip
SUBJECTS = (
    "Computational Biology", "Neural Networks", "Nutrition and Ageing", "Clinical Epidemiology", "Medical Informatics", "Pain Medicine", "Plant Physiology", "Cognitive Science", "Information Retrieval", "Public Health",
    "Machine Learning", "Soil Ecology", "Psychiatric Nursing", "Software Engineering", "Cardiac Imaging", "Rural Sociology",
)  # fmt: skip
PRESSES = (
    "New York: Springer",
    "Oxford: Oxford University Press",
    "Berlin: Springer",
    "Cambridge, MA: MIT Press",
    "Amsterdam: Elsevier",
    "Academic Press, London",
    "CRC Press, Boca Raton, FL",
    "San Francisco: Jossey-Bass",
    "Wiley",
    "Geneva: WHO",
    "Springer, Berlin",
    "Sage, Thousand Oaks, CA",
    "University of Leeds",
    "ACM Press, New York",
)


def render_other(r: Record, style: int, seed: str) -> tuple[str, dict] | None:
    """The title and names of a record as a chapter, a conference paper, a book or a report."""
    form, most, template = OTHERS[style]
    people = [p for p in r.get("authors") or () if p.get("family") and p.get("given")]
    if not people or len(people) > 12 or not r.get("year") or not r.get("pages"):
        return None
    writers, family = names(people, form, most, seed)
    title = capitalised((r.get("title") or "").rstrip(". "), seed)
    container = MEETINGS[pick(seed + "meet", len(MEETINGS))].replace("{x}", SUBJECTS[pick(seed + "sub", len(SUBJECTS))])
    editors = [{"family": EDITORS[pick(f"{seed}e{k}", len(EDITORS))], "given": "J" if k else "M R"} for k in range(1 + pick(seed + "ne", 2))]
    parts = {
        "a": writers, "t": title, "c": container, "y": str(r["year"]), "p": r["pages"], "v": str(3000 + pick(seed + "lncs", 4000)), "b": PRESSES[pick(seed + "press", len(PRESSES))], "n": str(20 + pick(seed + "n", 700)),
        "e": names(editors, "vancouver", 3, seed)[0], "E": names(editors, "first", 3, seed)[0],
    }  # fmt: skip
    if writers.endswith("."):
        template = template.replace("{a}.", "{a}")
    out = template
    for k, v in parts.items():
        out = out.replace("{" + k + "}", v)
    has = lambda k: "{" + k + "}" in template  # noqa: E731
    if "Lecture Notes" in template:
        container += ", Lecture Notes in Computer Science"
    gold = {
        "authors": family, "title": title, "container": container if has("c") else None, "year": parts["y"], "volume": parts["v"] if has("v") else None, "issue": None,
        "pages": parts["p"] if has("p") else None, "doi": None, "pmid": None,
    }  # fmt: skip
    return out.replace("?.", "?").replace("..", "."), gold


EDITORS = ("Baker", "Lindqvist", "Moreau", "Tanaka", "Ferreira", "Schmidt", "O'Neill", "Ivanova", "Chen", "Halloran", "van Dijk", "Rossi", "Keller", "Nguyen")


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
