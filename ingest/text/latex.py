r"""LaTeX as it occurs in bibliographies -> plain text: accents, symbols, groups, fonts.

A value without a backslash, brace, dollar or tilde passes untouched; what the tables do not know goes to pylatexenc
(which bibtexparser brings along), at its 3 ms an entry.
"""

from __future__ import annotations

import re
import unicodedata

from pylatexenc.latex2text import LatexNodes2Text

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_SYMBOLS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "ss": "ß", "i": "ı",
    "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "textendash": "–",
    "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textquotesingle": "'", "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}",
    "textasciitilde": "~", "textasciicircum": "^", "textbar": "|", "textless": "<", "textgreater": ">", "textunderscore": "_",
    "textdollar": "$", "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "copyright": "©", "textdegree": "°",
    "degree": "°", "textmu": "μ", "textperiodcentered": "·", "cdot": "·", "times": "×", "pm": "±", "leq": "≤", "le": "≤",
    "geq": "≥", "ge": "≥", "sim": "∼", "approx": "≈", "neq": "≠", "rightarrow": "→", "to": "→", "leftarrow": "←", "infty": "∞",
    "dots": "…", "ldots": "…", "textellipsis": "…", "S": "§", "P": "¶", "pounds": "£", "textsterling": "£", "texteuro": "€",
    "euro": "€", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "prime": "′",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX",
}  # fmt: skip
# Commands that only change how their argument looks: the argument stays.
_PLAIN = frozenset(
    (
        "emph textit textbf textsc textrm texttt textsf textsl textup textnormal text mathrm mathit mathbf mathsf mathcal mathbb "
        "mbox hbox url underline uppercase lowercase it bf em sc rm tt sf sl itshape bfseries scshape enquote mkbibquote "
        "mkbibemph ensuremath protect textsubscript textsuperscript noopsort bibstring ignorespaces relax displaystyle small "
        "large left right"
    ).split()
)
_MARKED = re.compile(r"[\\{}$~]|--|``|''")
_ACCENT = re.compile(r"""\\(?:([`'^~=."])\s*|([uvHtcdbrk])(?=[\s{\\])\s*)(?:\{\s*(\\[ij]\b\s*|[^\W\d_])?\s*\}|(\\[ij](?![A-Za-z])\s?|[^\W\d_]))""")
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?(?:\{\}|\s+|(?![A-Za-z]))")
_KEPT = {"{": "\ue001", "}": "\ue002", "$": "\ue003", "\\": "\ue004", "~": "\ue005"}
_RETURN = {ord(v): k for k, v in _KEPT.items()}
_FALLBACK = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)


def decode_latex(text: str) -> str:
    r"""The plain text of a LaTeX value, white space collapsed.

    >>> decode_latex(r"{\'E}tude of $\alpha$ \& {DNA} \textit{in vitro}")
    'Étude of α & DNA in vitro'
    """
    if not _MARKED.search(text):
        return " ".join(text.split())
    out = _ACCENT.sub(_accented, text)
    out = _ESCAPED.sub(lambda m: _KEPT.get(m.group(1), m.group(1)), out)
    out = _COMMAND.sub(_command, out)
    if "\\" in out:
        out = _fallback(out)
    out = re.sub(r"\$([^$]*)\$", r"\1", out)
    out = out.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”").replace("~", " ")
    out = re.sub(r"(?<=\w)[_^]\{([^{}]*)\}", r"\1", out).translate({ord(c): None for c in "{}"})
    return unicodedata.normalize("NFC", " ".join(out.translate(_RETURN).split()))


def _accented(m: re.Match[str]) -> str:
    mark = _ACCENTS[m.group(1) or m.group(2)]
    letter = (m.group(3) or m.group(4) or "").strip()
    letter = {"\\i": "i", "\\j": "j"}.get(letter, letter)
    return unicodedata.normalize("NFC", letter + mark) if letter else ""


def _command(m: re.Match[str]) -> str:
    name = m.group(1)
    if name in _SYMBOLS:
        symbol = _SYMBOLS[name]
        tail = " " if m.group(0)[-1:].isspace() and not (len(name) <= 2 and name.isalpha()) and symbol not in "{}\\~^_|<>$" else ""
        return _KEPT.get(symbol, symbol) + tail
    return "" if name in _PLAIN else m.group(0)


def _fallback(text: str) -> str:
    try:
        return str(_FALLBACK.latex_to_text(text))
    except Exception:  # pylatexenc raises many kinds on malformed LaTeX; the words matter more than the mark-up
        return re.sub(r"\\[A-Za-z]*", "", text)
