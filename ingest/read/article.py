"""Files, folders, globs and streams to articles. The format is told by content first, by suffix second."""

from __future__ import annotations

import glob
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ftfy

from ingest.errors import ReadError
from ingest.read.html import html_title, looks_like_html, read_html
from ingest.read.jats import looks_like_jats, read_jats
from ingest.read.pdf import read_pdf
from ingest.read.plain import front_matter, looks_like_markdown, markdown_to_html, title_of, unwrap
from ingest.read.writer import Writer
from ingest.records import Article, Problem, Span

MAX_BYTES = 10_000_000
"""A single article larger than this is a dump, not an article; JSON Lines files are streamed and have no such limit."""
SUFFIXES = frozenset(".txt .text .md .markdown .html .htm .xhtml .xml .nxml .pdf .jsonl .ndjson".split())

# The commonest words of languages that health articles come in; English must win or the text is set aside.
_LANGUAGES = {
    "English": "the of and to in a is that for it with as was on are by this be or from at which study patients people",
    "German": "der die und das ist nicht mit den von auf eine sich dem des ein für wurde bei auch werden oder nach",
    "French": "le la les des et est une dans que pour qui sur avec par pas au du sont plus ont cette aux",
    "Spanish": "el la los las que de y en un una por con para es del se al como más pero sus este",
    "Italian": "il che di e la per un una con non sono del della dei nel gli alla è più anche questo",
    "Portuguese": "o que de e do da em um uma para com não os as dos das por mais como ao pelo",
    "Dutch": "de het een en van ik dat niet op te zijn voor met die aan er maar om ook als worden",
    "Swedish": "och att det som en på är av för med den till inte om har de ett var eller från",
    "Finnish": "ja on että se ei oli ovat mutta myös kun tai sekä joka hän sen olla tämä kuin niin",
    "Polish": "i w na z do nie się że jest to o jak po od za dla przez są oraz tym",
    "Danish": "og at det er en til på som med for af de den der ikke har et fra eller var blev",
    "Turkish": "ve bir bu için ile da de olarak daha çok olan gibi kadar sonra ise ancak",
}
_WORDS = {language: frozenset(words.split()) for language, words in _LANGUAGES.items()}
_LETTERS = re.compile(r"[^\W\d_]+")


def find_files(paths: Iterable[str | Path]) -> tuple[list[Path], list[Problem]]:
    """Expand files, folders and globs into a sorted list of files; what is missing or empty becomes a problem."""
    files: list[Path] = []
    problems: list[Problem] = []
    for given in paths:
        path = Path(given)
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES and not _hidden(p, path))
            if not found:
                known = " ".join(sorted(SUFFIXES))
                problems.append(Problem(str(given), f"{given}: no article in this folder; files read are {known}", "missing"))
        elif path.exists():
            found = [path]
        else:
            found = sorted(Path(p) for p in glob.glob(str(given), recursive=True) if Path(p).is_file())  # noqa: PTH207 - the pattern may be absolute
            if not found:
                problems.append(Problem(str(given), f"{given}: no such file or folder; check the path", "missing"))
        files.extend(found)
    return list(dict.fromkeys(files)), problems


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def article_ids(files: Iterable[Path]) -> dict[Path, str]:
    """A file's id is its name without suffix, made unique by its folders where two collide."""
    files = list(files)
    ids = {p: _slug(p.stem) for p in files}
    for depth in range(1, 12):
        clash = {i for i, n in Counter(ids.values()).items() if n > 1}
        if not clash:
            return ids
        for p in files:
            if ids[p] in clash or _slug(p.stem) in clash:
                parents = [x for x in p.parts[:-1] if x not in {"/", ".", ".."}][-depth:]
                ids[p] = _slug("-".join([*parents, p.stem]))
    seen: Counter[str] = Counter()
    for p in files:
        seen[ids[p]] += 1
        if seen[ids[p]] > 1:
            ids[p] = f"{ids[p]}-{_slug(p.suffix.lstrip('.')) or seen[ids[p]]}"
    return ids


def _slug(name: str) -> str:
    return re.sub(r"[^\w.~-]+", "_", name, flags=re.UNICODE).strip("_") or "article"


def read_path(path: Path, article_id: str) -> Iterator[Article | Problem]:
    """Read every article of one file (several in JSON Lines). One that cannot be read is a Problem, never an exception."""
    try:
        if path.suffix.lower() in {".jsonl", ".ndjson"} or _starts_like_jsonl(path):
            yield from _read_jsonl(path)
            return
        size = path.stat().st_size
        if size > MAX_BYTES:
            yield Problem(str(path), f"{path}: {size / 1e6:.0f} MB is too large for one article (at most 10 MB); split it up", "too_large")
            return
        data = path.read_bytes()
    except OSError as e:
        yield Problem(str(path), f"{path}: cannot be opened ({e.strerror or e}); check its permissions", "unreadable")
        return
    yield read_bytes(data, article_id, source=str(path), suffix=path.suffix.lower())


def read_bytes(data: bytes, article_id: str, *, source: str, suffix: str = "") -> Article | Problem:
    """Read one article out of its bytes. Returns a Problem that names the input and says what to do where it cannot be read."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        article = _read(data, article_id, source, suffix)
    except ReadError as e:
        return Problem(source, f"{source}: {e}", _kind_of(str(e)))
    return _checked(replace(article, sha256=digest), source)


def _kind_of(message: str) -> str:
    for word, kind in (("empty", "empty"), ("binary", "binary"), ("encod", "encoding")):
        if word in message:
            return kind
    return "unreadable"


def _checked(article: Article, source: str) -> Article | Problem:
    if not article.text.strip():
        return Problem(source, f"{source}: empty: there is no text in it; remove it or fill it", "empty")
    language = other_language(article.text)
    if language:
        return Problem(source, f"{source}: not English (it looks {language}); only English articles are read: translate it or leave it out", "language")
    return article


def other_language(text: str) -> str | None:
    """The language of a text when it is clearly not English, else None. Scrambled English has few function words, so English need not win by much."""
    sample = text[:20_000]
    letters = [c for c in sample if c.isalpha()]
    if letters and sum(1 for c in letters if ord(c) > 0x24F) > len(letters) * 0.4:
        return "written in another script"
    words = [w.lower() for w in _LETTERS.findall(sample)]
    if len(words) < 20:
        return None
    share = {language: sum(1 for w in words if w in known) / len(words) for language, known in _WORDS.items()}
    best = max(sorted(share), key=lambda k: share[k])
    return best if best != "English" and share[best] > 0.12 and share[best] > share["English"] * 1.8 else None


def _read(data: bytes, article_id: str, source: str, suffix: str) -> Article:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise ReadError("empty: there is no text in it; remove it or fill it")
    if data.lstrip()[:5] == b"%PDF-":
        text, title = read_pdf(data)
        return Article(article_id, unwrap(text), title=title or _first_line(text), source=source, format="pdf")
    text, problems = decode(data, source)
    if looks_like_jats(text) and "<article" in text[:5000]:
        writer = Writer()
        meta = read_jats(text.encode("utf-8"), writer)
        url = f"https://doi.org/{meta['doi']}" if meta["doi"] else None
        article = _assemble(writer, article_id, meta["title"], source, "jats", problems)
        return replace(article, url=url, published=meta["published"] or None)
    return read_text(text, article_id, source=source, suffix=suffix, problems=problems)


def read_text(text: str, article_id: str, *, source: str = "", suffix: str = "", problems: tuple[Problem, ...] = ()) -> Article:
    """Read an article out of a string: front matter, then HTML, Markdown or plain text."""
    data, body = front_matter(text)
    title = title_of(data)
    writer = Writer()
    if looks_like_html(body) and not (suffix in {".md", ".markdown"} and looks_like_markdown(body)):
        whole = bool(re.search(r"<(?:html|body|p|div|article|main)\b", body[:200_000], re.I))
        format_, markup = "html", body
        keep_lines = not whole
        title = title or html_title(body)
    elif suffix in {".md", ".markdown"} or (suffix not in {".html", ".htm"} and looks_like_markdown(body)):
        format_, markup, keep_lines = "markdown", markdown_to_html(body), False
        title = title or html_title(markup)
    else:
        return _plain(body, article_id, title, source, problems, data)
    start_title(writer, title, markup)
    read_html(markup, writer, keep_lines=keep_lines)
    article = _assemble(writer, article_id, title, source, format_, problems)
    return _with_front(article, data)


def start_title(writer: Writer, title: str, markup: str) -> None:
    """A title that only front matter states becomes the text's first line, so that values can point at it."""
    flat = re.sub(r"\W+", "", re.sub(r"<[^>]+>", "", markup[:5000])).lower()
    if title and re.sub(r"\W+", "", title).lower() not in flat:
        start = writer.mark()
        writer.text(title)
        writer.headings.append(Span(start, writer.length))
        writer.block(2)


def _plain(body: str, article_id: str, title: str, source: str, problems: tuple[Problem, ...], data: dict[str, Any]) -> Article:
    text = unwrap(body.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    headings: tuple[Span, ...] = ()
    if title and re.sub(r"\W+", "", title).lower() not in re.sub(r"\W+", "", text[:2000]).lower():
        text = f"{title}\n\n{text}"
        headings = (Span(0, len(title)),)
    article = Article(article_id, text, title=title or _first_line(text), source=source, format="text", headings=headings, problems=problems)
    return _with_front(article, data)


def _with_front(article: Article, data: dict[str, Any]) -> Article:
    url = next((str(data[k]) for k in ("url", "link", "canonical", "permalink") if isinstance(data.get(k), str)), article.url)
    published = next((str(data[k]) for k in ("published", "date", "pubdate") if data.get(k)), article.published)
    return replace(article, url=url, published=published)


def _assemble(writer: Writer, article_id: str, title: str, source: str, format_: str, problems: tuple[Problem, ...]) -> Article:
    text = writer.done()
    n = len(text)
    return Article(
        article_id,
        text,
        title=title or _first_line(text),
        source=source,
        format=format_,
        hyperlinks=tuple(h for h in writer.hyperlinks if h.end <= n),
        markers=tuple(m for m in writer.markers if m.end <= n),
        headings=tuple(writer.headings),
        entries=tuple(writer.entries),
        problems=problems,
    )


def _first_line(text: str) -> str:
    line = next((x.strip() for x in text.split("\n") if x.strip()), "")
    return line if len(line) <= 160 else line[:157].rsplit(" ", 1)[0] + " …"


def decode(data: bytes, source: str = "") -> tuple[str, tuple[Problem, ...]]:
    """Bytes to text: UTF-8 (with or without a mark), UTF-16 with its mark, a declared charset, Windows-1252 as the last resort.

    Mojibake is mended here, before any offset is taken. Problems say what was guessed.

    :raises ReadError: the data is binary.
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return data.decode("utf-16"), ()
        except UnicodeDecodeError as e:
            raise ReadError("wrongly encoded: it starts as UTF-16 but does not go on so; save it as UTF-8") from e
    if b"\x00" in data[:8192] or sum(1 for b in data[:4096] if b < 9 or 13 < b < 32) > len(data[:4096]) * 0.05:
        raise ReadError("binary: this is not a text, HTML, XML or PDF file; convert it to one of them")
    try:
        text = data.decode("utf-8-sig")
        return (ftfy.fix_encoding(text) if re.search(r"[ÃÂâ][\u0080-\u00bf€™œ]", text) else text), ()
    except UnicodeDecodeError as e:
        declared = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", data[:2048])
        name = declared.group(1).decode("ascii") if declared else "windows-1252"
        bad = e.start
    try:
        text = data.decode(name)
    except (LookupError, UnicodeDecodeError):
        text = data.decode("windows-1252", "replace")
        name = "windows-1252"
    if text.count("\ufffd") > len(text) * 0.01:
        raise ReadError(f"wrongly encoded: byte {bad} is not UTF-8 and no other encoding fits; save it as UTF-8")
    note = f"{source}: not UTF-8 (byte {bad}); read as {name}: check its accented letters or save it as UTF-8"
    return text, (() if declared else (Problem(source, note, "encoding"),))


def _starts_like_jsonl(path: Path) -> bool:
    with path.open("rb") as f:
        head = f.read(512).lstrip()
    return head.startswith(b'{"') and (b'"text"' in head or b'"id"' in head) and path.suffix.lower() not in {".json"}


def _read_jsonl(path: Path) -> Iterator[Article | Problem]:
    with path.open("rb") as f:
        yield from read_jsonl(f, str(path))


def read_jsonl(stream: Iterable[bytes] | io.BufferedIOBase, source: str, *, as_is: bool = False) -> Iterator[Article | Problem]:
    """Articles of a JSON Lines stream: ``id`` and ``text``, optionally ``title``, ``url``, ``published``. A bad line is a Problem.

    With ``as_is`` a text is taken as it stands: mark-up stays, offsets count in it, and its language does not matter.
    """
    seen: Counter[str] = Counter()
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        where = f"{source}, line {number}"
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                raise ValueError("no object with a text")
        except (ValueError, RecursionError) as e:
            yield Problem(source, f'{where}: not a JSON object with "id" and "text" ({e}); mend or remove the line', "entry", number)
            continue
        name = str(row.get("id") or f"{Path(source).stem}-{number}")
        seen[name] += 1
        if seen[name] > 1:
            yield Problem(source, f"{where}: the id {name!r} came before; give each document its own id", "duplicate", number)
            continue
        yield _from_row(row, name, source, where, as_is)


def _from_row(row: dict[str, Any], name: str, source: str, where: str, as_is: bool) -> Article | Problem:
    text = row["text"]
    if len(text) > MAX_BYTES:
        return Problem(source, f"{where}: {len(text) / 1e6:.0f} million characters are too many for one article; split it up", "too_large")
    article = read_text(text, name, source=source, suffix=".txt") if looks_like_html(text) and not as_is else Article(name, text, source=source)
    title = row.get("title") if isinstance(row.get("title"), str) else None
    article = replace(
        article,
        title=title or article.title or _first_line(text),
        url=row.get("url") or article.url,
        published=str(row["published"]) if row.get("published") else article.published,
        format="jsonl",
        sha256=hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest(),
    )
    if as_is and text.strip():
        return article
    checked = _checked(article, source)
    return replace(checked, message=checked.message.replace(source, where, 1)) if isinstance(checked, Problem) else checked
