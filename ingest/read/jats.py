"""JATS XML (PubMed Central, publishers) to plain text: title, abstract, body, then the reference list one entry a line."""

from __future__ import annotations

from typing import Any

from lxml import etree

from ingest.errors import ReadError
from ingest.read.html import numbers_in
from ingest.read.writer import Writer
from ingest.records import Hyperlink, Marker, Span

_PARAGRAPH = frozenset("p title sec abstract list list-item disp-quote caption boxed-text fn table-wrap fig def-item tr".split())
_DROP = frozenset("tex-math mml:math alternatives graphic media object-id permissions journal-meta contrib-group aff author-notes history".split())


def looks_like_jats(text: str) -> bool:
    """Whether an XML text is a JATS article."""
    head = text[:5000]
    return "<article" in head and ("<article-meta" in text[:200_000] or "<body" in text[:400_000] or "JATS" in head or "NLM//DTD" in head)


def read_jats(data: bytes, writer: Writer) -> dict[str, str]:
    """Write a JATS article as plain text; returns ``title``, ``doi`` and ``published`` where stated.

    :raises ReadError: the XML is broken beyond repair.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    root = etree.fromstring(data, parser=parser)
    if root is None:
        raise ReadError("the XML cannot be read: no element is whole")
    for node in root.iter():
        if isinstance(node.tag, str) and "}" in node.tag:
            node.tag = node.tag.rsplit("}", 1)[1]
    meta = {"title": "", "doi": "", "published": ""}
    front = root.find(".//article-meta")
    if front is not None:
        title = front.find(".//article-title")
        if title is not None:
            meta["title"] = _flat(title)
            start = writer.mark()
            writer.text(meta["title"])
            writer.headings.append(Span(start, writer.length))
            writer.block(2)
        doi = front.find("article-id[@pub-id-type='doi']")
        meta["doi"] = (doi.text or "").strip() if doi is not None else ""
        date = front.find("pub-date")
        if date is not None:
            parts = [(date.findtext(k) or "").strip() for k in ("year", "month", "day")]
            meta["published"] = "-".join(p.zfill(2) for p in parts if p.isdigit())
        for abstract in front.iter("abstract"):
            _walk(abstract, writer)
    body = root.find(".//body")
    if body is not None:
        _walk(body, writer)
    for refs in root.iter("ref-list"):
        _reference_list(refs, writer)
    return meta


def _flat(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _walk(node: Any, writer: Writer) -> None:
    tag = node.tag if isinstance(node.tag, str) else None
    if tag is None or tag in _DROP or tag == "ref-list":
        return
    if tag == "xref" and node.get("ref-type") == "bibr":
        _marker(node, writer)
        return
    if tag in _PARAGRAPH:
        writer.block(2)
    start = writer.mark()
    if node.text:
        writer.text(node.text)
    for child in node:
        _walk(child, writer)
        if child.tail:
            writer.text(child.tail)
    if writer.length > start:
        if tag == "title":
            writer.headings.append(Span(start, writer.length))
        href = next((v for k, v in node.attrib.items() if k.endswith("href")), None)
        if tag == "ext-link" and href:
            writer.hyperlinks.append(Hyperlink(start, writer.length, href))
    if tag in _PARAGRAPH:
        writer.block(2)


def _marker(node: Any, writer: Writer) -> None:
    words = _flat(node)
    numeric = words.strip("[]() ").replace(" ", "")
    start = writer.mark()
    if numeric and all(c.isdigit() or c in ",;–-" for c in numeric):
        before = writer.tail(1)
        bare = before not in {"[", "(", ",", "–", "-"}
        writer.verbatim(f"[{numeric}]" if bare and not words.startswith(("[", "(")) else words)
    else:
        writer.text(words)
    kind = "number" if numeric[:1].isdigit() else "xref"
    rids = tuple((node.get("rid") or "").split())
    writer.markers.append(Marker(min(start, writer.length), writer.length, kind, numbers_in(numeric) if kind == "number" else (), targets=rids))


def _reference_list(node: Any, writer: Writer) -> None:
    writer.block(2)
    title = node.find("title")
    start = writer.mark()
    writer.text(_flat(title) if title is not None and _flat(title) else "References")
    writer.headings.append(Span(start, writer.length))
    for ref in node.iter("ref"):
        writer.block()
        label = ref.findtext("label")
        start = writer.mark()
        words = _entry(ref)
        if label and label.strip().strip(".").isdigit() and not words.startswith(label.strip()):
            words = f"{label.strip().strip('.')}. {words}"
        writer.text(words)
        if writer.length > start:
            writer.entries.append(Span(start, writer.length))
    writer.block(2)


def _entry(ref: Any) -> str:
    mixed = ref.find(".//mixed-citation")
    if mixed is None:
        mixed = ref.find(".//citation")
    if mixed is not None and (mixed.text or "").strip(" ,.;") + "".join((c.tail or "") for c in mixed).strip(" ,.;"):
        return _flat(mixed)
    node = ref.find(".//element-citation") if mixed is None else mixed
    if node is None:
        return _flat(ref)
    return _from_elements(node)


def _from_elements(node: Any) -> str:
    """An element-citation has no punctuation of its own: print it Vancouver style."""
    names = [" ".join(x for x in (n.findtext("surname"), n.findtext("given-names")) if x) for n in node.iter("name")]
    names += [_flat(c) for c in node.iter("collab")]
    get = {k: (node.findtext(k) or "").strip() for k in ("year", "volume", "issue", "fpage", "lpage", "elocation-id", "publisher-name")}
    title = node.find("article-title")
    source = node.find("source")
    out = ", ".join(names) + ". " if names else ""
    for part in (title, source):
        if part is not None and _flat(part):
            out += _flat(part).rstrip(".") + ". "
    if get["publisher-name"]:
        out += get["publisher-name"] + "; "
    out += get["year"]
    if get["volume"]:
        out += f";{get['volume']}" + (f"({get['issue']})" if get["issue"] else "")
    first = get["fpage"] or get["elocation-id"]
    if first:
        out += f":{first}" + (f"-{get['lpage']}" if get["lpage"] else "")
    out = out.rstrip(" ;") + "."
    for pub in node.iter("pub-id"):
        if pub.text and pub.get("pub-id-type") in {"doi", "pmid"}:
            out += f" {pub.get('pub-id-type')}:{pub.text.strip()}"
    return out
