"""Reference lists: found, split and read; strings are our own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.find.references import find_lists, parse_entry, parse_references, read_references, split_list
from ingest.find.tokens import blank_markup, tokenize
from ingest.records import Article, Citation, Hyperlink, Span

STYLES = {
    "vancouver": (
        "Adler PQ, Brunner HK, Castell M, et al. Oral magnesium for leg cramps: a randomized trial. J Sleep Med. 2011;14(3):201-9.",
        {
            "authors": ("Adler", "Brunner", "Castell"),
            "title": "Oral magnesium for leg cramps: a randomized trial",
            "container": "J Sleep Med",
            "year": 2011,
            "volume": "14",
            "issue": "3",
            "pages": "201-9",
        },
    ),
    "ama with doi": (
        "Novak LM, Ortega S. Zinc lozenges and the common cold. Ann Fam Pract. 2004;27(6):1122-1130. doi:10.9999/afp.2004.1122",
        {"authors": ("Novak", "Ortega"), "volume": "27", "issue": "6", "pages": "1122-1130", "doi": "10.9999/afp.2004.1122"},
    ),
    "apa": (
        "Lindqvist, A., O'Dowd, P. J., & van der Berg, M. (2016). Coffee and mood in older adults. Journal of Nutrition and Aging, 8(2), 77–85.",
        {
            "authors": ("Lindqvist", "O'Dowd", "van der Berg"),
            "title": "Coffee and mood in older adults",
            "container": "Journal of Nutrition and Aging",
            "year": 2016,
            "volume": "8",
            "issue": "2",
        },
    ),
    "harvard": (
        "Hughes, R. and Patel, S. (2009) ‘Garlic and blood pressure’, British Journal of Herbal Research, 12(4), pp. 310-318.",
        {"authors": ("Hughes", "Patel"), "title": "Garlic and blood pressure", "year": 2009, "volume": "12", "issue": "4", "pages": "310-318"},
    ),
    "chicago": (
        "Okafor, Ngozi. “Walking and Memory.” Neurology Today 33 (2014): 45–52.",
        {"authors": ("Okafor",), "title": "Walking and Memory", "container": "Neurology Today", "year": 2014, "volume": "33"},
    ),
    "accents": (
        "Müller-Lüdenscheidt J, Žižek K, Núñez Ø. Sélénium et sclérose en plaques. Rev Neurol (Paris). 1998;154:600-4.",
        {"authors": ("Müller-Lüdenscheidt", "Žižek", "Núñez"), "title": "Sélénium et sclérose en plaques", "year": 1998, "volume": "154", "pages": "600-4"},
    ),
    "no title": (
        "Brandt T, Ito Y, et al. Lancet 2016;315:1726–34",
        {"authors": ("Brandt", "Ito"), "title": None, "container": "Lancet", "year": 2016, "volume": "315"},
    ),
    "pmid": ("Kim H, Lee J. Ginseng and fatigue. Korean J Med. 2013;84(2):10-6. PMID: 23456789.", {"pmid": "23456789", "year": 2013}),
}


@pytest.mark.parametrize("name", STYLES)
def test_styles(name: str) -> None:
    text, want = STYLES[name]
    (got,) = parse_references(text)
    for field, value in want.items():
        assert getattr(got, field) == value, field


def check_spans(text: str, citation: Citation) -> None:
    assert text[citation.start : citation.end] == citation.raw
    for field, start, end in citation.spans:
        assert citation.start <= start < end <= citation.end, field


@pytest.mark.parametrize("name", STYLES)
def test_every_field_has_a_span(name: str) -> None:
    text = STYLES[name][0]
    (got,) = parse_references(text)
    check_spans(text, got)
    stated = {f for f, _, _ in got.spans}
    for field in ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid"):
        assert (getattr(got, field) is not None) == (field in stated)


def whole_list() -> list[str]:
    return [STYLES[k][0] for k in ("vancouver", "ama with doi", "accents", "pmid")]


@pytest.mark.parametrize("joiner", ["\n", "\n\n", " ", "<br>", "\n- ", " | "])
@pytest.mark.parametrize("heading", ["", "References\n", "Sources: "])
def test_lists_split(joiner: str, heading: str) -> None:
    text = heading + joiner.join(whole_list())
    assert [c.authors[0] for c in parse_references(text)] == ["Adler", "Novak", "Müller-Lüdenscheidt", "Kim"]


@pytest.mark.parametrize("form", ["{}. ", "[{}] ", "({}) "])
@pytest.mark.parametrize("joiner", ["\n", " "])
def test_numbered_lists(form: str, joiner: str) -> None:
    text = joiner.join(form.format(n) + entry for n, entry in enumerate(whole_list(), 1))
    got = parse_references(text)
    assert [c.label for c in got] == ["1", "2", "3", "4"]
    assert got[0].raw.startswith("Adler")


def test_list_in_an_article() -> None:
    body = "Tea is nice. In one trial 40 people drank it for 6 weeks and slept well.\n\nAsk your doctor first.\n\n"
    text = body + "Sources:\n" + "\n".join(whole_list()) + "\n\nLast updated on 3 May 2012."
    article = Article("a", text)
    lists, citations = read_references(article)
    assert [text[s.start : s.start + 8] for s in lists] == ["Sources:"]
    assert len(citations) == 4
    assert [c.number for c in citations] == [1, 2, 3, 4]
    assert find_lists(article) == lists
    assert [text[s.start : s.end] for s in split_list(text, lists[0])] == [c.raw for c in citations]
    for c in citations:
        check_spans(text, c)
        again = parse_entry(text, Span(c.start, c.end), c.number)
        assert (again.title, again.year, again.spans) == (c.title, c.year, c.spans)


def test_no_list_no_citations() -> None:
    text = (
        "Our reading group meets at 7 pm (see the notes).\n\nSources of iron: beans, lentils, and 20 g of seeds.\n\nIn 2014, 30 people came; in 2015; 12 more."
    )
    assert read_references(Article("a", text)) == ((), ())


def test_links_give_identifiers() -> None:
    text = "We liked a trial by Kuroda et al. very much."
    link = Hyperlink(10, 34, "https://doi.org/10.9999/abc.12")
    _, (c,) = read_references(Article("a", text, hyperlinks=(link,)))
    assert (c.doi, c.authors, c.inline) == ("10.9999/abc.12", ("Kuroda",), True)


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "1.", "[1]", "References\n", "Sources:"])
def test_nothing_to_read(text: str) -> None:
    assert read_references(Article("a", text)) == ((), ())
    for c in parse_references(text):
        check_spans(text, c)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("Aa bZ.,;:()[]12345\n-–<>/&*_|“”\"'é中"), max_size=300))
def test_any_text_gives_ordered_valid_spans(text: str) -> None:
    got = parse_references(text)
    last = 0
    for c in got:
        assert last <= c.start < c.end <= len(text)
        last = c.end
        check_spans(text, c)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(whole_list()), min_size=1, max_size=6), st.sampled_from(["\n", " ", "\n\n", " | "]))
def test_entries_and_what_lies_between_make_the_text(items: list[str], joiner: str) -> None:
    text = joiner.join(items)
    got = split_list(text, Span(0, len(text)))
    pieces, at = [], 0
    for s in got:
        pieces += [text[at : s.start], text[s.start : s.end]]
        at = s.end
    assert "".join(pieces) + text[at:] == text
    assert not any(c.isalnum() for c in "".join(pieces[::2]) + text[at:])


@given(st.text(max_size=200))
def test_blanking_keeps_offsets(text: str) -> None:
    plain = blank_markup(text)
    assert len(plain) == len(text)
    t = tokenize(plain)
    assert all(plain[a:b] == w for w, a, b in zip(t.words, t.starts, t.ends, strict=True))


HOSTILE = {
    "brackets": "(" * 20000,
    "dots in a link": "http://a.org/" + "." * 20000 + "x",
    "capitals": "A" * 20000 + " in " + "B" * 20000,
    "one word names": ("Aa " * 20000),
    "numbers": "1. " * 5000,
    "years": "(2001) " * 5000,
    "angle brackets": "<a" * 20000,
    "stars": "*" * 20000 + "_" * 20000,
    "headings": "References\n" * 3000,
    "names": "Lee A, " * 4000,
    "no break": "Lee A. Tea. J Tea. 2001;2:3-4." * 700,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_good_time(name: str) -> None:
    text = HOSTILE[name]
    started = time.process_time()
    read_references(Article("a", text))
    parse_references(text)
    assert time.process_time() - started < 20


def test_dashes_stand_for_the_author_before() -> None:
    text = (
        "References\nMoreau, T. K. 1970. Pollen in hay. J. Meadow Bot. 12: 101-111.\n———. 1976. Hay and sneezing. J. Meadow Bot. 18: 15-39.\n"
        "Rinaldi, P. 1980. Grass seed. Ann. Seed Sci. 11: 15-39."
    )
    got = parse_references(text)
    assert [c.year for c in got] == [1970, 1976, 1980]
    assert got[1].raw.startswith("———")


BODIES = {
    "National Sleep Society. Getting a good night: a guide. 2012.": ("National Sleep Society", "Getting a good night: a guide", 2012),
    "Centers for Tea Research and Health. Green tea. Available at: http://www.example.org/tea. Accessed May 2, 2015.": (
        "Centers for Tea Research and Health",
        "Green tea",
        2015,
    ),
    "Royal Institute of Nutrition, Office of Vitamins. Vitamin K: Fact Sheet.": (
        "Royal Institute of Nutrition, Office of Vitamins",
        "Vitamin K: Fact Sheet",
        None,
    ),
}


@pytest.mark.parametrize("text", BODIES)
def test_bodies_stand_for_authors(text: str) -> None:
    body, title, year = BODIES[text]
    (got,) = parse_references(text)
    assert got.authors == (body,)
    assert got.title == title
    assert got.year in (year, None)


KINDS = {
    "Bowman RT. The Tea Handbook. 2nd ed. London: Kettle Press; 2003.": "book",
    "Bowman RT. A leaf apart. In: Chen L, Ortiz M, editors. Tea and Health. London: Kettle Press; 2003. p. 11-29.": "chapter",
    "Bowman RT, Chen L. Tea and sleep. J Tea. 2003;12(2):11-9.": "article",
    "Bowman RT. Tea and dreams [PhD thesis]. Leeds: University of Leeds; 2003.": "thesis",
    "Tea Council. Brewing. Available at: https://www.example.org/brewing. Accessed May 4, 2011.": "web",
}


@pytest.mark.parametrize("text", KINDS)
def test_kinds_of_works(text: str) -> None:
    assert [c.type for c in parse_references(text)] == [KINDS[text]]


SCRAMBLED = {
    "Castell M, Brunner HK, own al. Effect was magnesium see sleep. <em>J Sleep Med.</em> 1983;22:442-446.": (
        ("Castell", "Brunner"),
        "Effect was magnesium see sleep",
        "J Sleep Med",
    ),
    "Mazur, GL, by al. Zinc levels has women nd asthma. <em>Eur Asthma J.</em> 1993;12:42-46.": (("Mazur",), "Zinc levels has women nd asthma", "Eur Asthma J"),
}


@pytest.mark.parametrize("text", SCRAMBLED)
def test_scrambled_stop_words(text: str) -> None:
    (got,) = parse_references(text)
    assert (got.authors, got.title, got.container) == SCRAMBLED[text]
