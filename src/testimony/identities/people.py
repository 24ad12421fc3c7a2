"""The people of a corpus, from what each of its documents says of them.

A full name is one person, unless both the spaces and the roles it stands with part it in two. A name that says less is the person of
that space whom it can mean; a given name alone must not have another role either. Without a space it is a person of its document, or of
the table or list whose rows are documents. What is kept are names with their spaces and roles, never texts.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from ..store import digest
from .gathering import by_title, gather, mutual, pairs, rank
from .names import Name, alike, fold, parse

# Roles that many people of a space share: they tell nobody from another.
COMMON_ROLES = frozenset(
    "participant participante coworker coworkeur coworkeuse membre adherent adherente usager usagere habitant habitante client cliente "
    "utilisateur utilisatrice benevole salarie salariee etudiant etudiante eleve stagiaire visiteur visiteuse beneficiaire resident residente "
    "independant independante freelance entrepreneur entrepreneuse teletravailleur teletravailleuse".split()
)
_TABLE = "#"
_SHORTEST = 4
"""Letters from which a word of a role tells something."""


class Node(NamedTuple):
    """A name, and the space and role it stands with (folded; empty where not said); a table stands for the space that its rows do not say."""

    name: Name
    space: str
    role: str


Offer = tuple[int, int]
"""A host, and a guest who may be the same person: numbers of nodes."""


class Said(NamedTuple):
    """How a testimonial names its speaker; `space` by its name in the corpus."""

    speaker: str | None
    role: str | None
    space: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the corpus."""

    id: str
    name: str
    aliases: tuple[str, ...]
    n_testimonials: int
    spaces: tuple[str, ...]
    roles: tuple[str, ...]


def person_of(counts: Mapping[Said, int], identity: str) -> Person:
    """Sum up what is said of a person."""
    forms: Counter[str] = Counter()
    for said, n in counts.items():
        forms[said.speaker or ""] += n
    shown, *others = sorted(forms, key=lambda form: _display(form, forms[form]))
    return Person(
        id=identity, name=shown, aliases=tuple(sorted(others)), n_testimonials=sum(counts.values()),
        spaces=tuple(sorted({said.space for said in counts if said.space})), roles=tuple(sorted({said.role for said in counts if said.role})),
    )  # fmt: skip


def _display(form: str, n: int) -> tuple[object, ...]:
    """The form to show comes first: the fullest, without title or capitals, the most frequent, with its accents."""
    name = parse(form)
    shouted = any(len(word) > 2 and word.isupper() for word in form.split())
    return -(name.weight if name else 0), bool(name and name.title), shouted, -n, -sum(not char.isascii() for char in form), form


def telling(role: str) -> frozenset[str]:
    """Words of a folded role that tell who has it from others."""
    return frozenset(word for word in role.split() if len(word) >= _SHORTEST and word not in COMMON_ROLES)


class Group(NamedTuple):
    """A person of one document: where the corpus may know it from, and the testimonials of the document that are this person's."""

    name: Name
    nodes: tuple[Node, ...]
    rows: tuple[int, ...]


def of_document(rows: list[Said], table: str = "") -> list[Group]:
    """Bring the speakers of one document together; `table` is the file of which it is a row.

    `nodes` is empty for someone whom only this document can know: no full name, no space, no table.
    """
    named = [(number, name) for number, row in enumerate(rows) if row.speaker and (name := parse(row.speaker))]
    heads = _titled(gather(name for _, name in named)) if len(named) > 1 else {name: name for _, name in named}
    groups: defaultdict[Name, list[int]] = defaultdict(list)
    for number, name in named:
        groups[heads[name]].append(number)
    found = []
    for head in sorted(groups):
        elsewhere = f"{_TABLE}{table}" if table else ""
        nodes = {Node(head, fold(rows[number].space or "") or elsewhere, fold(rows[number].role or "")) for number in groups[head]}
        found.append(Group(head, tuple(sorted(node for node in nodes if head.full or node.space)), tuple(groups[head])))
    return found


def _strong(name: Name) -> bool:
    """A name that in a space means one person without more: not a given name alone, nor initials."""
    return name.weight >= 3 or bool(name.title)


def _titled(heads: dict[Name, Name]) -> dict[Name, Name]:
    """Say «M.» or «Mme» of a person of whom any form of the name says it."""
    titles = {head: name.title for name, head in heads.items() if name.title}
    return {name: head._replace(title=titles.get(head, "")) for name, head in heads.items()}


class People(Mapping[Node, Person]):
    """The person of each node."""

    def __init__(self, numbers: Mapping[Node, int], persons: Sequence[Person]) -> None:
        self._numbers, self._persons = numbers, persons

    def __getitem__(self, node: Node) -> Person:
        return self._persons[self._numbers[node]]

    def __iter__(self) -> Iterator[Node]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


@dataclass(slots=True)
class Census:
    """Who is named where; filled document by document, in any order.

    There may be as many nodes as testimonials, so they are numbered and little is kept of each.
    """

    numbers: dict[Node, int] = field(default_factory=dict)
    said: list[Said | dict[Said, int] | None] = field(default_factory=list)
    """What is said of each node: nothing, one testimonial, or how many say what."""
    links: set[tuple[int, int]] = field(default_factory=set)

    def add(self, rows: list[Said], table: str = "") -> None:
        """Count the testimonials of one document."""
        for group in of_document(rows, table):
            first, *others = [self._number(node) for node in group.nodes] or [-1]
            for number in group.rows if group.nodes else ():
                before = self.said[first]
                if before is None:
                    self.said[first] = rows[number]
                else:
                    counts = before if isinstance(before, dict) else {before: 1}
                    counts[rows[number]] = counts.get(rows[number], 0) + 1
                    self.said[first] = counts
            self.links.update((first, other) for other in others)

    def _number(self, node: Node) -> int:
        number = self.numbers.setdefault(node, len(self.said))
        if number == len(self.said):
            self.said.append(None)
        return number

    def people(self) -> People:
        """Give the person of each node."""
        sets = _Sets(sorted(self.numbers))
        order = array("l", map(self.numbers.__getitem__, sets.nodes))
        if self.links:
            place = {number: at for at, number in enumerate(order)}
            for one, other in self.links:
                sets.join(place[one], place[other])
        _join_full(sets)
        _join_by_space(sets)
        shared = Counter(head.key for _, _, head in sets.parts())
        persons: list[Any] = [None] * len(order)
        for lead, members, head in sets.parts():
            counts: Counter[Said] = Counter()
            for at in members:
                said = self.said[order[at]]
                counts.update(said if isinstance(said, dict) else () if said is None else (said,))
            # A full name that only one person bears is that person's mark, whatever else the corpus says.
            alone = head.full and shared[head.key] == 1
            person = person_of(counts, digest(repr(head.key if alone else tuple(sets.nodes[lead]))))
            for at in members:
                persons[order[at]] = person
        return People(self.numbers, persons)


class _Sets:
    """Disjoint sets of nodes, by their numbers in order; the least of a set leads it."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.above = array("l", range(len(nodes)))

    def lead(self, node: int) -> int:
        above = self.above
        while (over := above[node]) != node:
            above[node] = above[over]
            node = over
        return node

    def join(self, one: int, other: int) -> None:
        first, second = self.lead(one), self.lead(other)
        self.above[max(first, second)] = min(first, second)

    def join_all(self, nodes: Sequence[int]) -> None:
        for other in nodes[1:]:
            self.join(nodes[0], other)

    def parts(self) -> Iterator[tuple[int, list[int], Name]]:
        """Each set: its lead, its nodes in order, and the fullest of their names."""
        for lead, nodes in groupby(sorted(range(len(self.nodes)), key=self.lead), key=self.lead):
            members = list(nodes)
            yield lead, members, min((self.nodes[at].name for at in members), key=rank)

    def title(self, node: int) -> str:
        return self.nodes[node].name.title

    def telling(self, node: int) -> frozenset[str]:
        return telling(self.nodes[node].role)


def _numbers() -> array[int]:
    return array("l")


def _by_name(sets: _Sets, nodes: Iterable[int]) -> dict[Name, list[int]]:
    """Nodes by name, both in order."""
    return {name: list(same) for name, same in groupby(nodes, key=lambda node: sets.nodes[node].name)}


def _join_full(sets: _Sets) -> None:
    """One full name, one person; two where neither a space nor a word of the roles is shared."""
    named: defaultdict[tuple[str, str], array[int]] = defaultdict(_numbers)
    for name, nodes in groupby(range(len(sets.nodes)), key=lambda node: sets.nodes[node].name):
        if name.full:
            named[name.key].extend(nodes)
    for nodes_of in named.values():
        for same in by_title(list(nodes_of), sets.title):
            _join_unless_parted(sets, same, [node for node in same if _sure(sets, node)])


def _sure(sets: _Sets, node: int) -> bool:
    """A node that can tell its person from another of the same name."""
    space = sets.nodes[node].space
    return bool(space) and not space.startswith(_TABLE) and bool(sets.telling(node))


def _join_unless_parted(sets: _Sets, same: list[int], sure: list[int]) -> None:
    """Join nodes of one name, but for the `sure` ones that share nothing; where these are two people, the others are neither."""
    _join_sharing(sets, sure)
    if len({sets.lead(node) for node in sure}) < 2:
        sets.join_all(same)
        return
    _join_sharing(sets, same)
    leads = {sets.lead(node) for node in sure}
    if others := [node for node in same if sets.lead(node) not in leads]:
        sets.join_all(others)


def _join_sharing(sets: _Sets, nodes: Iterable[int]) -> None:
    first: dict[tuple[str, str], int] = {}
    for number in sorted(nodes):
        node = sets.nodes[number]
        shared = [("space", node.space)] * (bool(node.space) and node.name.full) + [("role", word) for word in telling(node.role)]
        for key in shared:
            sets.join(first.setdefault(key, number), number)


def _join_by_space(sets: _Sets) -> None:
    """Within a space: spellings and initials of a full name, a title with a family name; a given name, where no other role is said."""
    spaces: defaultdict[str, array[int]] = defaultdict(_numbers)
    for number, node in enumerate(sets.nodes):
        if node.space:
            spaces[node.space].append(number)
    spellings = _spellings(sets, spaces)
    # The fullest names first, and what says the same before what says less: a host's own identity is settled when its guests come.
    rounds: defaultdict[tuple[int, bool], list[Offer]] = defaultdict(list)
    for here in spaces.values():
        strong = _by_name(sets, (node for node in here if _strong(sets.nodes[node].name)))
        for name, head in gather(strong).items():
            sets.join_all(strong[name])
            if name != head and (not name.full or name.key == head.key or tuple(sorted((name.key, head.key))) in spellings):
                rounds[-name.weight, name.key != head.key].append((strong[head][0], strong[name][0]))
    for turn in sorted(rounds):
        _accept(sets, rounds[turn])
    _accept(sets, [offer for here in spaces.values() for offer in _weak(sets, here)])


def _accept(sets: _Sets, offers: Iterable[Offer]) -> None:
    """Join names that say less to the people they mean: all at once, none that fits two people, none that differs from another guest."""
    wanted: defaultdict[int, set[int]] = defaultdict(set)
    for host, guest in offers:
        if sets.lead(host) != sets.lead(guest):
            wanted[sets.lead(guest)].add(sets.lead(host))
    guests: defaultdict[int, list[int]] = defaultdict(list)
    for guest, hosts in wanted.items():
        if len(hosts) == 1:
            guests[next(iter(hosts))].append(guest)
    names: dict[int, set[Name]] = {lead: set() for host, these in guests.items() for lead in (host, *these)}
    for number, node in enumerate(sets.nodes if names else ()):
        if (lead := sets.lead(number)) in names:
            names[lead].add(node.name)
    for host, these in guests.items():
        met = names[host].union(*(names[guest] for guest in these))
        for guest in these:
            if all(alike(name, other) for name in names[guest] for other in met):
                sets.join(host, guest)


def _weak(sets: _Sets, here: Iterable[int]) -> Iterator[Offer]:
    """Offer given names and initials of a space to whom they mean there, unless a role of theirs is another's."""
    named = _by_name(sets, here)
    heads = gather(named)
    for name, mine in named.items():
        if _strong(name):
            continue
        hosts = named[heads[name]] if heads[name] != name else []
        roles = frozenset().union(*map(sets.telling, hosts))
        guests = [node for node in mine if hosts and not (roles and sets.telling(node) and not roles & sets.telling(node))]
        sets.join_all(guests)
        yield from ((hosts[0], guest) for guest in guests[:1])
        left = [node for node in mine if node not in guests]
        _join_unless_parted(sets, left, [node for node in left if sets.telling(node)])
    # Where a given name can mean several people, the role may say which.
    roles_here: defaultdict[str, list[int]] = defaultdict(list)
    for node in here:
        if sets.telling(node):
            roles_here[sets.nodes[node].role].append(node)
    for together in roles_here.values():
        same = _by_name(sets, together)
        yield from ((same[head][0], same[name][0]) for name, head in gather(same).items() if not _strong(name) and name != head)


def _spellings(sets: _Sets, spaces: Mapping[str, Iterable[int]]) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of full names that some space shows to be spellings of each other, and none shows to be spellings of a third."""
    near: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for numbers in spaces.values():
        for one, other in pairs([name for name in _by_name(sets, numbers) if name.full]):
            near[one.key].add(other.key)
            near[other.key].add(one.key)
    return set(mutual(near))


def known(groups: Iterable[Group], people: Mapping[Node, Person]) -> Iterator[tuple[Group, Person | None]]:
    """Give the person of the corpus whom each group of a document is, or None for a person of that document alone."""
    for group in groups:
        yield group, people[group.nodes[0]] if group.nodes else None
