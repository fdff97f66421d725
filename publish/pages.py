"""Our own pages: each reads through queries.py, draws through plots.py and fills a template. Addresses hold stable keys."""

from __future__ import annotations

import json
import weakref
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette import Response

from publish import compat, labels, plots, queries, references
from publish.export import BATCH, all_targets, references_text
from publish.marks import Mark, highlight

Row = dict[str, Any]

MENU = (("/-/map", "Evidence map"), ("/-/search", "Search"), ("/-/accuracy", "Accuracy"))
MAP_ROWS, MAP_COLUMNS, MAP_MOST, FRONT_ROWS = 24, 10, (200, 40), 12
SEARCH_LIMIT = 10
PLOT_OUTCOMES, PLOT_STUDIES, TABLE_OUTCOMES, MEMBERS = 12, 80, 40, 200  # of a body's family; its rows as a table have them all
_LANES = tuple(labels.LANES)
_OF_STUDY = ("passages", "findings", "provenance", "qualities", "links", "differences")


async def front(datasette: Any, request: Any) -> Row:
    """What the front page shows: counts, build facts, the map, questions to start from."""
    read = await _reader(datasette)
    facts = await queries.build_facts(read)
    name = await compat.database_name(datasette)
    return {
        **facts,
        "built": _built(datasette, name),
        "map": await _map(datasette, read, {}, FRONT_ROWS),
        "questions": [(key, q.get("title") or key) for key, q in compat.queries().items()],
        "title": "Evidence behind health articles",
        "description": "What health articles rest on: every study they lean on, graded, with the words it was read from.",
    }


def _built(datasette: Any, name: str | None) -> str | None:
    path = datasette.get_database(name).path if name else None
    return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC).strftime("%-d %B %Y, %H:%M UTC") if path else None


async def _reader(datasette: Any) -> queries.Reader:
    name = await compat.database_name(datasette)
    return queries.Reader(datasette.get_database(name))


async def _page(datasette: Any, request: Any, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
    if await compat.database_name(datasette) is None:
        return await _missing(datasette, request, "This Datasette serves no database that citegrade built.")
    html = await datasette.render_template(f"citegrade/{template}", dict(context) | _constants(datasette), request=request)
    return Response.html(html, status=status)


def _constants(datasette: Any) -> Row:
    return {"base": datasette.urls.path("/"), "directions_only": labels.DIRECTIONS_ONLY}


async def _missing(datasette: Any, request: Any, what: str) -> Response:
    context = {"error": what, "status": 404, "title": "Not found", "urls": datasette.urls} | _constants(datasette)
    return Response.html(await datasette.render_template("error.html", context, request=request), status=404)


def _key(request: Any, kind: str) -> str:
    return labels.key_of(kind, request.url_vars["key"])


# The map


async def map_page(datasette: Any, request: Any) -> Response:
    """The evidence map with its choices, and the same as a table."""
    read = await _reader(datasette)
    found = await _map(datasette, read, request.args)
    title = f"Evidence map: exposures by {found['by']}s"
    return await _page(
        datasette,
        request,
        "map.html",
        {"map": found, "title": title, "description": "Certainty, direction and size of the evidence for each exposure and condition, gaps included."},
    )


async def _map(datasette: Any, read: queries.Reader, args: Mapping[str, str], least: int = MAP_ROWS) -> Row:
    by = "outcome" if args.get("by") == "outcome" else "condition"
    lane = str(args.get("lane") if args.get("lane") in _LANES else "human")
    everything = args.get("all") == "1"
    rows, columns = MAP_MOST if everything else (least, MAP_COLUMNS)
    exposure, column = args.get("exposure") or "", args.get("column") or ""
    found = await _map_cells(datasette, read, (by, lane, exposure, column, rows, columns))
    svg = plots.evidence_map(found["exposures"], found["columns"], found["bodies"], by, datasette.urls.path("/"))
    choices = {k: v for k, v in (("by", by), ("lane", lane), ("exposure", exposure), ("column", column), ("all", "1" if everything else "")) if v}
    cut = found["total"].get("exposures", 0) > len(found["exposures"]) or found["total"].get("columns", 0) > len(found["columns"])
    return found | {
        "svg": svg, "by": by, "lane": lane, "exposure": exposure, "column": column, "cut": cut, "legend": plots.legend_marks(), "query": urlencode(choices),
        "link": lambda **changes: "?" + urlencode({k: v for k, v in (choices | changes).items() if v}),
    }  # fmt: skip


_MAPS: weakref.WeakKeyDictionary[Any, dict[tuple[Any, ...], Row]] = weakref.WeakKeyDictionary()
_MAPS_KEPT = 64


async def _map_cells(datasette: Any, read: queries.Reader, wanted: tuple[Any, ...]) -> Row:
    """The map's rows; those of an immutable database are kept, for a large one takes seconds to count."""
    name = await compat.database_name(datasette)
    if datasette.get_database(name).is_mutable:
        return await queries.map_cells(read, *wanted)
    kept = _MAPS.setdefault(datasette, {})
    if wanted not in kept:
        if len(kept) >= _MAPS_KEPT:
            kept.pop(next(iter(kept)))
        kept[wanted] = await queries.map_cells(read, *wanted)
    return kept[wanted]


async def map_svg(datasette: Any, request: Any) -> Response:
    """The map as an SVG file."""
    found = await _map(datasette, await _reader(datasette), request.args)
    return _svg(datasette, found["svg"])


def _svg(datasette: Any, svg: str) -> Response:
    return Response(plots.standalone(svg), headers=_headers(datasette), content_type="image/svg+xml; charset=utf-8")


def _headers(datasette: Any, filename: str | None = None) -> dict[str, str]:
    headers = {"access-control-allow-origin": "*"} if datasette.cors else {}
    return headers | ({"content-disposition": f'attachment; filename="{filename}"'} if filename else {})


# A body of evidence


async def body_page(datasette: Any, request: Any) -> Response:
    """A body of evidence."""
    found = await queries.body_page(await _reader(datasette), _key(request, "body"))
    if found is None:
        return await _missing(datasette, request, f"No body of evidence is called “{_key(request, 'body')}”.")
    body = found["body"]
    lanes = [lane for lane in dict.fromkeys([body["lane"], *_LANES]) if any(b["lane"] == lane for b in found["family"])]
    found |= {
        "lanes": [_lane(datasette, found, lane) for lane in lanes],
        "members": [v | {"study": found["studies"][v["study_id"]]} for v in found["votes"] if v["body_id"] == body["id"]][:MEMBERS],
        "title": f"{body['exposure']} for {body['condition']}: {body['outcome']}",
        "description": plots.describe(body),
        "legend": plots.legend_marks(),
        "plots": plots,
        "tested": body["favourable"] + body["unfavourable"],
    }
    return await _page(datasette, request, "body.html", found)


def _lane(datasette: Any, found: Row, lane: str) -> Row:
    bodies = [b for b in found["family"] if b["lane"] == lane]
    outcomes = [b["outcome"] for b in bodies[:PLOT_OUTCOMES]]
    votes = {(v["study_id"], v["outcome"]): v for v in found["votes"] if v["lane"] == lane and v["outcome"] in outcomes}
    studies = [s for i, s in found["studies"].items() if any(study == i for study, _ in votes)][:PLOT_STUDIES]
    first = found["body"]["outcome"] if found["body"]["lane"] == lane else None
    svg = plots.effect_direction(studies, outcomes, votes, datasette.urls.path("/"), first)
    return {"lane": lane, "bodies": bodies[:TABLE_OUTCOMES], "svg": svg, "more": len(bodies) - len(outcomes)}


async def body_svg(datasette: Any, request: Any) -> Response:
    """The effect-direction plot of a body of evidence as an SVG file."""
    found = await queries.body_page(await _reader(datasette), _key(request, "body"))
    if found is None:
        return await _missing(datasette, request, f"No body of evidence is called “{_key(request, 'body')}”.")
    return _svg(datasette, _lane(datasette, found, found["body"]["lane"])["svg"])


# An article


async def article_page(datasette: Any, request: Any) -> Response:
    """An article: its text with every mention and value marked, a card per study, its references."""
    found = await queries.article_page(await _reader(datasette), _key(request, "article"))
    if found is None:
        return await _missing(datasette, request, f"No article is called “{_key(request, 'article')}”.")
    article = found["article"]
    by_study: dict[str, dict[int, list[Row]]] = {}
    for name in _OF_STUDY:
        for row in found[name]:
            by_study.setdefault(name, {}).setdefault(row["study_id"], []).append(row)
    cards = [s | {name: by_study.get(name, {}).get(s["id"], []) for name in _OF_STUDY} for s in found["studies"]]
    marks = [m for card in cards for m in study_marks(card, f"#card-{card['position']}")]
    marks += [
        Mark(c["start"], c["end"], "claim", f"claim-{i}", "A claim with no study behind it", f"#claims-{i}", "!")
        for i, c in enumerate(found["claims"], 1)
        if c["start"] is not None
    ]
    found |= {
        "cards": cards,
        "text": highlight(article["text"], marks) if article["text"] is not None else None,
        "excerpts": [] if article["text"] is not None else _excerpts(found, marks),
        "title": article["title"],
        "description": f"What “{article['title']}” rests on: {len(cards)} studies, {len(found['claims'])} uncited claims, "
        f"{len(found['citations'])} references.",
    }
    return await _page(datasette, request, "article.html", found)


def study_marks(card: Row, link: str = "") -> list[Mark]:
    """The marks of a study: its parts outside, its values and findings inside."""
    name = f"m-{card['position']}"
    parts = card["passages"] or [card]
    title = f"Study {card['position']}: {card['label']}"
    out = []
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        anchor = name if i == 0 else f"{name}-{i + 1}"
        out.append(Mark(part["start"], part["end"], "study", anchor, title, link if last else "", str(card["position"]) if last else ""))
    for row in card["qualities"]:
        out.append(Mark(row["start"], row["end"], "quality", f"q-{row['id']}", f"Stated: {row['kind'].replace('_', ' ')}"))
    for row in card["provenance"]:
        if row["start"] is not None:
            out.append(
                Mark(row["start"], row["end"], "value", f"v-{row['id']}", f"{labels.words('field', row['field'])}: {labels.words(row['field'], row['value'])}")
            )
    for row in card["findings"]:
        if row["start"] is not None:
            said = f"Finding: {row['outcome']}, {labels.words('change', row['change']).lower()} ({labels.words('effect', row['effect']).lower()})"
            out.append(Mark(row["start"], row["end"], "finding", f"f-{row['id']}", said))
    return out


def _excerpts(found: Row, marks: list[Mark]) -> list[Any]:
    """The passages and claims that a database without full texts still holds, each with its values marked."""
    quotes = [(r["start"], r["end"], r["quote"]) for name in ("passages", "studies", "claims") for r in found[name]]
    out, upto = [], -1
    for start, end, quote in sorted((q for q in quotes if q[0] is not None), key=lambda q: (q[0], -q[1])):
        if end > upto:
            out.append(highlight(quote, marks, start))
            upto = end
    return out


# A study, a work


async def study_page(datasette: Any, request: Any) -> Response:
    """A study: all values with words and rule, all grades with reasons, its link, its work."""
    found = await queries.study_page(await _reader(datasette), _key(request, "study"))
    if found is None:
        return await _missing(datasette, request, f"No study is called “{_key(request, 'study')}”.")
    study = found["study"]
    marks = study_marks(study | found)
    found |= {
        "quotes": [highlight(p["quote"], marks, p["start"]) for p in found["passages"] or [study]],
        "title": f"{study['label']} ({labels.words('design', study['design']).lower()})",
        "description": f"“{study['quote']}” — as read from “{study['article']}”.",
    }
    return await _page(datasette, request, "study.html", found)


async def work_page(datasette: Any, request: Any) -> Response:
    """A publication and what stands on it."""
    found = await queries.work_page(await _reader(datasette), _key(request, "work"))
    if found is None:
        return await _missing(datasette, request, f"No work is called “{_key(request, 'work')}”.")
    work = found["work"]
    found |= {
        "title": work["title"] or work["key"],
        "description": f"{work['authors'] or ''} {work['year'] or ''}. {len(found['studies'])} studies in articles stand on it.".strip(),
    }
    return await _page(datasette, request, "work.html", found)


async def by_number(datasette: Any, request: Any) -> Response:
    """From a row's number to its page."""
    kind, number_ = request.url_vars["kind"], int(request.url_vars["number"])
    table = {"study": "studies", "body": "bodies"}.get(kind, f"{kind}s")
    row = await (await _reader(datasette)).one(f"SELECT key FROM {table} WHERE id = ?", number_)
    if row is None:
        return await _missing(datasette, request, f"No {kind} has the number {number_}.")
    return Response.redirect(datasette.urls.path(labels.path(kind, row["key"])))


# Search, accuracy, facts


async def search_page(datasette: Any, request: Any) -> Response:
    """One search over bodies of evidence, studies, articles and works."""
    words = (request.args.get("q") or "").strip()
    groups = await queries.search(await _reader(datasette), words, SEARCH_LIMIT)
    context = {
        "words": words,
        "groups": groups,
        "hits": sum(len(g["rows"]) for g in groups),
        "title": f"Search: {words}" if words else "Search",
        "description": "Search articles, studies, works and bodies of evidence.",
    }
    return await _page(datasette, request, "search.html", context)


async def accuracy_page(datasette: Any, request: Any) -> Response:
    """The scorecard: what was measured of citegrade's reading, on what, beside other systems."""
    rows = await queries.accuracy(await _reader(datasette))
    areas: dict[str, list[Row]] = {}
    for row in rows:
        areas.setdefault(row["area"], []).append(row)
    context = {
        "areas": areas,
        "plots": plots,
        "title": "Accuracy",
        "description": "How well citegrade reads: measured figures with counts and intervals, beside published figures of other systems.",
    }
    return await _page(datasette, request, "accuracy.html", context)


async def facts_json(datasette: Any, request: Any) -> Response:
    """Build facts for programs: version, digests, counts, scorecard."""
    read = await _reader(datasette)
    facts = await queries.build_facts(read)
    run = facts["run"]
    body = {
        "citegrade": run.get("version"),
        "datasette": compat.version(),
        "database": await compat.database_name(datasette),
        "profile": run.get("profile"),
        "profile_hash": run.get("profile_hash"),
        "input_digest": run.get("input_digest"),
        "excerpts": bool(run.get("excerpts")),
        "libraries": [x for x in (run.get("libraries") or "").split("; ") if x],
        "counts": facts["counts"],
        "accuracy": await queries.accuracy(read),
    }
    return Response(json.dumps(body, ensure_ascii=False, indent=2) + "\n", headers=_headers(datasette), content_type="application/json; charset=utf-8")


async def robots(datasette: Any, request: Any) -> Response:
    """robots.txt: pages may be read, endless combinations of filters not; the plugin setting ``robots: deny`` closes all."""
    name = await compat.database_name(datasette)
    closed = compat.plugin_setting(datasette, "robots", "pages") == "deny"
    lines = (
        ["User-agent: *", "Disallow: /"]
        if closed
        else [
            "User-agent: *",
            f"Disallow: {datasette.urls.path(f'/{name}')}",
            f"Disallow: {datasette.urls.path('/-/search')}",
            f"Disallow: {datasette.urls.path('/-/export')}",
        ]
    )
    return Response.text("\n".join(lines) + "\n")


# Exports


async def export(datasette: Any, request: Any, send: Any) -> Response | None:
    """Every reference of the database, an article, a body, a study or a work, streamed."""
    kind, extension = request.url_vars["kind"], request.url_vars["extension"]
    db = datasette.get_database(await compat.database_name(datasette))
    wanted = None
    if request.url_vars.get("key") is not None:
        key = _key(request, kind)
        table = {"study": "studies", "body": "bodies"}.get(kind, f"{kind}s")
        row = await queries.Reader(db).one(f"SELECT id FROM {table} WHERE key = ?", key)
        if row is None:
            return await _missing(datasette, request, f"No {kind} is called “{key}”.")
        wanted = await db.execute_fn(lambda connection: references.targets(connection, [row], ["id"], table))
    filename = f"citegrade-{kind}.{'json' if extension == 'csljson' else extension}"
    headers = {"content-type": references.CONTENT_TYPES[extension]} | _headers(datasette, filename)
    await send({"type": "http.response.start", "status": 200, "headers": [[k.encode(), v.encode()] for k, v in headers.items()]})
    async for text in _pieces(db, extension, kind, wanted):
        await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b""})
    return None


async def _pieces(db: Any, extension: str, table: str, wanted: list[references.Target] | None) -> AsyncIterator[str]:
    """Pieces of an export, each fetched in Datasette's pool so that a long one does not stop other readers."""
    todo = wanted if wanted is not None else await db.execute_fn(lambda connection: all_targets(connection, table))
    if extension == "csljson":
        yield "[\n"
    taken: set[str] = set()
    for at in range(0, len(todo), BATCH):
        part = todo[at : at + BATCH]
        text: str = await db.execute_fn(lambda connection, part=part: "".join(references_text(connection, extension, wanted=part, taken=taken, frame=False)))
        yield (",\n" if extension == "csljson" and at else "") + text
    if extension == "csljson":
        yield "\n]\n"


ROUTES: list[tuple[str, Any]] = [
    (r"^/-/map$", map_page),
    (r"^/-/search$", search_page),
    (r"^/-/accuracy$", accuracy_page),
    (r"^/-/citegrade\.json$", facts_json),
    (r"^/robots\.txt$", robots),
    (r"^/-/plot/map\.svg$", map_svg),
    (r"^/-/plot/body/(?P<key>.+)\.svg$", body_svg),
    (r"^/-/export/(?P<kind>works|citations|studies|bodies|articles)\.(?P<extension>bib|ris|csljson)$", export),
    (r"^/-/export/(?P<kind>article|study|work|body)/(?P<key>.+)\.(?P<extension>bib|ris|csljson)$", export),
    (r"^/-/(?P<kind>article|study|work|body)/id/(?P<number>\d{1,18})$", by_number),
    (r"^/-/article/(?P<key>.+)$", article_page),
    (r"^/-/study/(?P<key>.+)$", study_page),
    (r"^/-/work/(?P<key>.+)$", work_page),
    (r"^/-/body/(?P<key>.+)$", body_page),
]
