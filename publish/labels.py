"""The words and signs that stand for vocabulary values on every page, plot and table cell."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote

from markupsafe import Markup, escape

DESIGNS = {
    "meta_analysis": "Meta-analysis",
    "systematic_review": "Systematic review",
    "rct": "Randomised trial",
    "nonrandomized_trial": "Non-randomised trial",
    "cohort": "Cohort",
    "case_control": "Case-control",
    "cross_sectional": "Cross-sectional",
    "case_series": "Case series",
    "case_report": "Case report",
    "animal": "Animal study",
    "in_vitro": "Laboratory study",
    "narrative_review": "Narrative review",
    "expert_opinion": "Expert opinion",
    "unspecified": "Design not stated",
}
SPECIES = {"human": "People", "animal": "Animals", "in_vitro": "Cells", "unknown": "Species not stated"}
LANES = {"human": "In people", "animal": "In animals", "in_vitro": "In the laboratory"}
EFFECTS = {"benefit": "Benefit", "harm": "Harm", "none": "No difference", "mixed": "Mixed", "unclear": "Unclear"}
EFFECT_SIGNS = {"benefit": "▲", "harm": "▼", "none": "◄►", "mixed": "◆", "unclear": "?"}
CHANGES = {"increased": "Rose", "decreased": "Fell", "no_difference": "No difference", "associated": "Associated", "mixed": "Mixed", "unclear": "Unclear"}
CERTAINTIES = {"high": "High", "moderate": "Moderate", "low": "Low", "very_low": "Very low"}
CERTAINTY_SIGNS = {"high": "⊕⊕⊕⊕", "moderate": "⊕⊕⊕○", "low": "⊕⊕○○", "very_low": "⊕○○○"}
OUTCOME_TYPES = {"clinical": "Clinical", "surrogate": "Surrogate", "mortality": "Mortality", "adverse": "Adverse event", "unclear": "Type unclear"}
SCALES = {"ocebm": "OCEBM 2011", "sort": "SORT", "nhmrc": "NHMRC", "grade": "GRADE certainty", "sort_body": "SORT strength"}
RETRACTIONS = {"retracted": "Retracted", "corrected": "Corrected", "concern": "Expression of concern"}
FIELDS = {
    "sample_size": "Sample size",
    "studies_pooled": "Studies pooled",
    "arms": "Groups",
    "duration_days": "Duration",
    "exposure": "Exposure",
    "comparator": "Compared with",
    "condition": "Condition",
    "design": "Design",
    "species": "Species",
    "effect": "Effect",
    "finding": "Finding",
}
BODY_JOIN = " | "  # what stands between the parts of a body's key
DIRECTIONS_ONLY = "Counts directions; says nothing of the size of the effect."
_BY_COLUMN = {
    "design": DESIGNS,
    "species": SPECIES,
    "effect": EFFECTS,
    "direction": EFFECTS,
    "vote": EFFECTS,
    "abstract_effect": EFFECTS,
    "certainty": CERTAINTIES,
    "lane": LANES,
}
_BY_COLUMN |= {
    "change": CHANGES,
    "outcome_type": OUTCOME_TYPES,
    "scale": SCALES,
    "retraction": RETRACTIONS,
    "best_design": DESIGNS,
    "abstract_design": DESIGNS,
    "abstract_species": SPECIES,
}
_BY_COLUMN |= {"certainty_randomised": CERTAINTIES, "certainty_observational": CERTAINTIES}


def words(column: str, value: Any) -> str:
    """A vocabulary value in words: ``words("design", "rct")`` is "Randomised trial"; anything else as it is.

    >>> words("design", "rct"), words("field", "sample_size"), words("title", "rct")
    ('Randomised trial', 'Sample size', 'rct')
    """
    if value is None:
        return "not stated"
    if column == "field":
        return FIELDS.get(str(value), str(value).replace("_", " ").capitalize())
    table = _BY_COLUMN.get(column)
    if table is None:
        return str(value)
    return table.get(str(value), str(value).replace("_", " "))


def badge(column: str, value: Any) -> Markup:
    """A small label with a sign of its own, so that no meaning hangs on colour alone."""
    if value is None:
        return Markup('<span class="cg-badge cg-none">not stated</span>')
    value = str(value)
    text, sign = words(column, value), ""
    kind = column
    if column in ("effect", "direction", "vote", "abstract_effect"):
        kind, sign = "effect", EFFECT_SIGNS.get(value, "")
    elif column.startswith("certainty"):
        kind, sign, text = "certainty", CERTAINTY_SIGNS.get(value, ""), f"{text} certainty"
    elif column in ("ocebm_level", "best_ocebm_level"):
        kind, text = "level", f"OCEBM {value}"
    elif column in ("sort_level", "sort_grade"):
        kind, text = "sort", f"SORT {value}"
    elif column == "retraction":
        sign = "⚠"
    mark = f'<span aria-hidden="true" class="cg-sign">{sign}</span>' if sign else ""
    return Markup(f'<span class="cg-badge cg-{kind} cg-{kind}-{escape(value)}">{mark}{escape(text)}</span>')


def number(value: Any) -> str:
    """A count with thousands separated; a dash where there is none.

    >>> number(187563), number(None), number(35.0)
    ('187,563', '–', '35')
    """
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return f"{value:,}"


def days(value: float | None) -> str:
    """A duration in days in the unit that people would say.

    >>> days(35.0), days(336.0), days(7305.0), days(1.0), days(None), days(0.5)
    ('5 weeks', '48 weeks', '20 years', '1 day', '–', '12 hours')
    """
    if value is None:
        return "–"
    for unit, length, least in (("year", 365.25, 730), ("month", 30.44, 60), ("week", 7.0, 14), ("day", 1.0, 1)):
        amount = value / length
        if value >= least and abs(amount - round(amount)) < 0.02:
            return f"{round(amount):,} {unit}{'' if round(amount) == 1 else 's'}"
    if value < 1:
        return f"{value * 24:.0f} hours"
    return f"{value / 365.25:.1f} years" if value >= 730 else f"{value:,.0f} days"


def p_value(value: float | None) -> str:
    """A P value as journals print it.

    >>> p_value(0.0039), p_value(1.0), p_value(0.00001), p_value(None)
    ('.004', '1', '< .001', '–')
    """
    if value is None:
        return "–"
    if value < 0.001:
        return "< .001"
    return f"{value:.3f}".lstrip("0") if value < 0.995 else "1"


def share(value: float | None) -> str:
    """A share as a percentage."""
    return "–" if value is None else f"{value * 100:.0f} %"


def web(url: str | None) -> str | None:
    """The address if a browser may follow it: http or https, never ``javascript:`` or a file.

    >>> web("https://example.org/a"), web("javascript:alert(1)"), web(None)
    ('https://example.org/a', None, None)
    """
    return url if url and url.lower().startswith(("http://", "https://")) else None


def path(kind: str, key: Any) -> str:
    """The address of an article, study, work or body by its stable key (below ``/-/``).

    >>> path("work", "10.5555/a b"), path("body", "tai chi | any condition | pain | human")
    ('-/work/10.5555/a%20b', '-/body/tai_chi/any_condition/pain/human')
    """
    if kind == "body":
        return "-/body/" + "/".join(quote(part, safe="").replace("_", "%5F").replace("%20", "_") for part in str(key).split(BODY_JOIN))
    return f"-/{kind}/{quote(str(key), safe='/')}"


def key_of(kind: str, address: str) -> str:
    """The key that ``path`` made an address of.

    >>> key_of("body", "tai_chi/any_condition/pain/human"), key_of("work", "10.5555/a%20b")
    ('tai chi | any condition | pain | human', '10.5555/a b')
    """
    if kind == "body":
        return unquote(address.replace("/", BODY_JOIN).replace("_", " "))
    return unquote(address)
