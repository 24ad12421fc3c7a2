"""HTML, Markdown and reStructuredText → blocks: all three are rendered as HTML and walked once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..errors import UnreadableDocument
from ..types import BlockKind, MarkKind
from .building import SOFT_BREAK, Builder, Piece
from .shortcodes import as_quotations

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_DEPTH = 200
"""Elements nested deeper than this are read as one text."""

_DROPPED = frozenset(
    "script style noscript template svg iframe button select input textarea head object video audio canvas math map link meta".split()
)
_BOILERPLATE = frozenset("nav footer aside form menu dialog".split())
_BOILERPLATE_NAMES = re.compile(
    r"(?:^|[ _-])(?:nav|navbar|menu|sidebar|widgets?|widget[_-](?:area|recent|archive|categories|meta|search)\w*|"
    r"footer|cookies?|breadcrumbs?|share|sharing|social|pagination|related|newsletter|skip-link|"
    r"screen-reader-text|masthead|banner)(?:$|[ _-])",
    re.IGNORECASE,
)
# Page builders call all their boxes widgets; a box named after testimonials holds some.
_TESTIMONY_NAMES = re.compile(r"testimon|t[ée]moign|blockquote|verbatim|elementor-widget", re.IGNORECASE)
_MARKS: dict[str, MarkKind] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic", "q": "italic", "a": "link", "u": "underline",
    "s": "strike", "del": "strike", "code": "code", "kbd": "code", "tt": "code",
}  # fmt: skip
_KINDS: dict[str, BlockKind] = {
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading", "li": "item",
    "blockquote": "quote", "td": "cell", "th": "cell", "dt": "question", "summary": "question", "figcaption": "caption",
    "caption": "caption", "pre": "code",
}  # fmt: skip
_BLOCKS = frozenset(
    "p div section article main header body html ul ol dl dd table tbody thead tfoot tr figure details fieldset address center hr hgroup".split()
) | set(_KINDS)
_INLINE = frozenset({"span", "strong", "b", "em", "i", "small", "cite"})
_AROUND = {"q": ("« ", " »")}
"""What a browser writes around an element."""
_GROUPED = frozenset({"blockquote", "ul", "ol", "tr"})
# What wins when elements of several kinds enclose a text: a heading in a quotation is a heading, a list in a quotation is quoted.
_PRIORITY: tuple[BlockKind, ...] = ("boilerplate", "code", "caption", "heading", "question", "quote", "cell", "item", "paragraph")

_EMPTY_MARKS: frozenset[MarkKind] = frozenset()


class _Walker:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.pieces: list[Piece] = []
        self.kinds: list[BlockKind] = []
        self.levels: dict[BlockKind, int] = {}
        self.groups: list[tuple[str, int]] = []
        self.group_count = 0
        self.column = 0

    def flush(self) -> None:
        if self.pieces:
            kind: BlockKind = min(self.kinds, key=_PRIORITY.index) if self.kinds else "paragraph"
            level = self.levels.get(kind, 0)
            self.builder.add(kind, self.pieces, level=level, group=self._group(kind), verbatim=kind == "code")
            self.pieces = []

    def _group(self, kind: BlockKind) -> int:
        wanted = {"item": ("ul", "ol"), "cell": ("tr",)}.get(kind, ("blockquote",))
        return next((number for tag, number in reversed(self.groups) if tag in wanted), -1)

    def walk(self, node: LexborNode, marks: frozenset[MarkKind], depth: int) -> None:
        child = node.child
        while child is not None:
            self._visit(child, marks, depth)
            child = child.next

    def _visit(self, node: LexborNode, marks: frozenset[MarkKind], depth: int) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self.pieces.append(Piece(node.text_content or "", marks))
        elif tag == "br":
            self.pieces.append(Piece(SOFT_BREAK if node.attributes.get("class") == "soft" else "\n", marks))
        elif tag == "img":
            self._image(node)
        elif tag in _DROPPED or tag.startswith(("-", "!")) or "hidden" in node.attributes:
            return
        elif depth > MAX_DEPTH:
            self.pieces.append(Piece(node.text(deep=True), marks))
        elif tag in _BLOCKS or tag in _BOILERPLATE:
            self._block(node, tag, marks, depth)
        else:
            if _is_set_apart(node, tag):
                self.pieces.append(Piece("\n"))
            mark = _MARKS.get(tag)
            before, after = _AROUND.get(tag, ("", ""))
            self.pieces += [Piece(before, marks)] if before else []
            self.walk(node, marks | {mark} if mark else marks, depth + 1)
            self.pieces += [Piece(after, marks)] if after else []

    def _kind(self, node: LexborNode, tag: str) -> BlockKind | None:
        if tag == "footer" and "quote" in self.kinds:
            return "caption"  # who said the quotation
        return "boilerplate" if _is_boilerplate(node, tag) else None if _lays_out(node, tag) else _KINDS.get(tag)

    def _image(self, node: LexborNode) -> None:
        alt = (node.attributes.get("alt") or "").strip()
        if alt and not "".join(piece.text for piece in self.pieces).strip() and "caption" not in self.kinds:
            self.flush()
            self.builder.add("caption", [Piece(alt)])

    def _block(self, node: LexborNode, tag: str, marks: frozenset[MarkKind], depth: int) -> None:
        self.flush()
        kind = self._kind(node, tag)
        saved = dict(self.levels)
        if tag in _GROUPED:
            self.group_count += 1
            self.groups.append((tag, self.group_count))
        if kind:
            self.kinds.append(kind)
        column = self.column = 0 if tag == "tr" else self.column + (kind == "cell")
        if kind == "cell":
            self.levels["cell"] = column
        if tag in ("ul", "ol"):
            self.levels["item"] = self.levels.get("item", 0) + 1
        elif kind == "heading":
            self.levels["heading"] = int(tag[1])
        elif kind == "quote":
            self.levels["quote"] = self.levels.get("quote", 0) + 1
        self.walk(node, _EMPTY_MARKS if kind == "heading" else marks, depth + 1)
        self.flush()
        self.levels = saved
        wide = (node.attributes.get("colspan") or "1") if kind == "cell" else "1"
        self.column = column + (int(wide) - 1 if wide.isdecimal() and len(wide) < 4 else 0)
        if kind:
            self.kinds.pop()
        if tag in _GROUPED:
            self.groups.pop()


def _is_set_apart(node: LexborNode, tag: str) -> bool:
    """Tell an element with a class right after another, without a space: a style sheet sets them on lines of their own («name», «job»)."""
    before = node.prev
    return tag in _INLINE and before is not None and before.tag in _INLINE and "class" in node.attributes and "class" in before.attributes


def _lays_out(node: LexborNode, tag: str) -> bool:
    """Tell a cell that only places what it holds on the page, as newsletters do: it has headings or lists of its own."""
    return tag == "td" and node.css_first("h1, h2, h3, h4, ul, ol, blockquote") is not None


def _is_boilerplate(node: LexborNode, tag: str) -> bool:
    if tag in _BOILERPLATE:
        return True
    attributes = node.attributes
    if attributes.get("role") in ("navigation", "banner", "contentinfo", "search", "complementary"):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500]
    return tag not in ("html", "body", "main", "article") and bool(_BOILERPLATE_NAMES.search(names)) and not _TESTIMONY_NAMES.search(names)


def build_html(markup: str, builder: Builder) -> dict[str, Any]:
    """Add the blocks of HTML to `builder`; return what its head says (title, author, description)."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup)
    metadata: dict[str, Any] = {}
    title = tree.css_first("head title")
    if title is not None and title.text().strip():
        metadata["title"] = " ".join(title.text().split())
    for node in tree.css("head meta[name][content]"):
        name, content = node.attributes.get("name"), node.attributes.get("content")
        if name in ("author", "description", "date") and content:
            metadata[name] = content
    articles = tree.css("article")
    root = tree.css_first("main") or (articles[0] if len(articles) == 1 else None) or tree.body
    if root is not None:
        walker = _Walker(builder)
        walker.walk(root, _EMPTY_MARKS, 0)
        walker.flush()
    return metadata


_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_LIQUID = re.compile(r"\{%[^%\n]{0,500}%\}|\{\{[^{}\n]{0,500}\}\}")
_KRAMDOWN = re.compile(r"\{:[^{}\n]{0,300}\}")
_FOOTNOTE_REFERENCE = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_FOOTNOTE = re.compile(r"^\[\^[^\]\s]{1,40}\]:[ \t]*")
_BOXED = re.compile(r"^\|[ \t]+([^|]+?)[ \t]*+\|[ \t]*+$")
_TIGHT_HEADING = re.compile(r"^(#{2,6})([^#\s])")


def _prepare(text: str) -> str:
    """Take out what publishing tools add to Markdown, outside fenced code."""
    lines, fence = [], None
    source = text.split("\n")
    for before, line, after in zip(["", *source], source, [*source[1:], ""], strict=False):
        opening = _FENCE.match(line)
        if opening and (fence is None or opening[1].startswith(fence)):
            fence = opening[1][:3] if fence is None else None
        elif fence is None:
            line = _FOOTNOTE_REFERENCE.sub("", _KRAMDOWN.sub("", _LIQUID.sub("", line)))
            line = _TIGHT_HEADING.sub(r"\1 \2", line)
            if line.startswith("|") and not before.strip() and not after.strip():
                line = _BOXED.sub(r"\1", line)
            if _FOOTNOTE.match(line):
                line = "<aside>\n\n" + _FOOTNOTE.sub("", line) + "\n\n</aside>\n"
        lines.append(line)
    return "\n".join(lines)


def _markdown() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable(["table", "strikethrough"])
    parser.disable("code")  # four spaces of indentation are prose far more often than code
    parser.add_render_rule("softbreak", lambda *_: '<br class="soft">')
    return parser


def build_markdown(text: str, builder: Builder) -> None:
    """Add the blocks of Markdown (with embedded HTML) to `builder`."""
    build_html(f"<body>{_markdown().render(_prepare(as_quotations(text)))}</body>", builder)


def build_rst(text: str, builder: Builder, source: str) -> dict[str, Any]:
    """Add the blocks of reStructuredText to `builder`; return its title and docinfo fields.

    Raises
    ------
    UnreadableDocument
        If docutils gives up.
    """
    from docutils.core import publish_doctree, publish_from_doctree
    from docutils.utils import SystemMessage

    settings = {
        "file_insertion_enabled": False, "raw_enabled": False, "report_level": 5, "halt_level": 5, "_disable_config": True,
        "syntax_highlight": "none", "line_length_limit": 1_000_000, "embed_stylesheet": False, "stylesheet_path": "",
        "math_output": "LaTeX", "output_encoding": "unicode",
    }  # fmt: skip
    try:
        try:
            tree = publish_doctree(text, settings_overrides=settings)
        except IndexError:  # docutils stumbles over fields at the beginning that are no text («:Author: ====»): they stay where they are
            tree = publish_doctree(text, settings_overrides=settings | {"docinfo_xform": False})
        fields = _take_docinfo(tree)
        markup = publish_from_doctree(tree, writer="html5", settings_overrides=settings)
    except (SystemMessage, ValueError, RecursionError) as error:
        raise UnreadableDocument(f"{source}: not valid reStructuredText ({error}); check the file") from error
    return build_html(markup, builder) | fields


def _take_docinfo(tree: Any) -> dict[str, Any]:
    """Move the bibliographic fields out of the text into metadata."""
    fields: dict[str, Any] = {}
    for info in list(tree.findall(lambda node: node.tagname == "docinfo")):
        for node in info.children:
            name = node.children[0].astext() if node.tagname == "field" else node.tagname
            fields[name.lower()] = node.children[-1].astext() if node.tagname == "field" else node.astext()
        info.parent.remove(info)
    return fields
