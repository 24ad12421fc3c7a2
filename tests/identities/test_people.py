"""Who is who over a corpus: with the evidence of spaces and roles, whatever the order of the documents."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from testimony.identities.names import alike, parse
from testimony.identities.people import Census, Said, known, of_document

Corpus = Sequence[Sequence[tuple[str | None, str | None, str | None]]]


def people(documents: Corpus) -> list[list[str | None]]:
    """Give an identity to each testimonial of each document; people of one document are named after it."""
    census = Census()
    for document in documents:
        census.add([Said(*row) for row in document])
    found, everyone = [], census.people()
    for number_of_document, document in enumerate(documents):
        row: list[str | None] = [None] * len(document)
        for group, person in known(of_document([Said(*one) for one in document]), everyone):
            for number in group.rows:
                row[number] = person.id if person else f"{number_of_document} {group.name}"
        found.append(row)
    return found


def same(
    first: tuple[str, str | None, str | None], second: tuple[str, str | None, str | None], *others: tuple[str, str | None, str | None]
) -> bool:
    one, other, *_ = [row[0] for row in people([[first], [second], *([other] for other in others)])]
    return one == other


def test_a_full_name_is_one_person_everywhere() -> None:
    assert same(("Élodie Garnier", "relieuse", "Le Four"), ("GARNIER Elodie", None, None))
    assert same(("Élodie Garnier", "relieuse", "Le Four"), ("Élodie Garnier", "trésorière", "Le Four"))
    assert same(("Élodie Garnier", "relieuse", "Le Four"), ("Élodie Garnier", "maître relieuse", "La Halle"))


def test_another_space_and_another_role_make_two_people_of_one_name() -> None:
    first, second = ("Élodie Garnier", "relieuse", "Le Four"), ("Élodie Garnier", "développeuse", "La Halle")
    assert not same(first, second)
    ids = people([[first], [second], [("Élodie Garnier", None, None)], [("Élodie Garnier", None, "La Halle")]])
    assert len({row[0] for row in ids}) == 3  # nobody can say who the third is; the fourth is the second
    assert ids[1] == ids[3]
    assert same(first, second, ("Élodie Garnier", "relieuse", "La Halle"))  # one who has been in both


def test_a_first_name_in_two_documents_needs_evidence() -> None:
    assert not same(("Élodie", None, None), ("Élodie", None, None))
    assert not same(("Élodie", "relieuse", None), ("Élodie", "relieuse", None))
    assert not same(("Élodie", "relieuse", "Le Four"), ("Élodie", "potière", "Le Four"))
    assert not same(("Élodie", "relieuse", "Le Four"), ("Élodie", "relieuse", "La Halle"))
    assert same(("Élodie", "relieuse", "Le Four"), ("Élodie", "relieuse", "Le Four"))
    assert same(("Élodie", "membre", "Le Four"), ("Élodie", None, "Le Four"))
    assert same(("Élodie", None, "Le Four"), ("Élodie Garnier", "relieuse", "Le Four"))
    assert not same(("Élodie", None, "Le Four"), ("Élodie Garnier", None, "Le Four"), ("Élodie Perrin", None, "Le Four"))
    assert same(("Élodie", "relieuse", "Le Four"), ("Élodie Garnier", "relieuse", "Le Four"), ("Élodie Perrin", "potière", "Le Four"))


def test_spellings_and_initials_need_the_same_space() -> None:
    for form in ("E. Garnier", "Mme Garnier", "Élodie G.", "Élodie Garnié"):
        assert same((form, None, "Le Four"), ("Élodie Garnier", None, "Le Four")), form
        assert not same((form, None, "La Halle"), ("Élodie Garnier", None, "Le Four")), form
        assert not same((form, None, None), ("Élodie Garnier", None, "Le Four")), form
    assert not same(("E. Garnier", None, "Le Four"), ("Élodie Garnier", None, "Le Four"), ("Éric Garnier", None, "Le Four"))


def test_a_document_names_somebody_in_full_once() -> None:
    (first, second), (third,) = people([[("Élodie Garnier", "relieuse", None), ("Élodie", None, None)], [("Élodie", None, None)]])
    assert first == second != third


def test_a_table_is_one_document_of_many_rows() -> None:
    rows = [Said("Élodie", None, None), Said("Élodie", None, None), Said("Élodie", "relieuse", None), Said("Élodie", "potière", None)]
    census = Census()
    for table in ("a.csv", "b.csv"):
        for row in rows:
            census.add([row], table)
    found = census.people()
    ids = [[next(known(of_document([row], table), found))[1].id for row in rows] for table in ("a.csv", "b.csv")]
    assert ids[0][0] == ids[0][1]
    assert len(set(ids[0])) == 3  # two professions, and one who says none
    assert not set(ids[0]) & set(ids[1])


def test_nobody_in_particular_has_no_identity() -> None:
    assert people([[("une participante", None, "Le Four"), (None, None, None)]]) == [[None, None]]


NAMES = st.sampled_from(
    ["Élodie Garnier", "Elodie Garnier", "E. Garnier", "Élodie", "Mme Garnier", "M. Garnier", "Éric Garnier", "Élodie Garnié", "EG", "Anne", "Anne-Catherine",
     "Anne Roy", "Anne-Catherine Roy", "A. Roy", "Roy", "Anne et Paul", "une participante", None]
)  # fmt: skip
ROWS = st.tuples(NAMES, st.sampled_from(["relieuse", "potière", "membre", None]), st.sampled_from(["Le Four", "La Halle", None]))
DOCUMENTS = st.lists(st.lists(ROWS, min_size=1, max_size=3), max_size=8, unique_by=repr)


def partition(documents: Corpus) -> set[frozenset[tuple[str, int]]]:
    """Testimonials of each person, as documents and places in them."""
    who: dict[str, set[tuple[str, int]]] = {}
    for document, row in zip(documents, people(documents), strict=True):
        for place, identity in enumerate(row):
            who.setdefault(identity or f"{document!r}{place}", set()).add((repr(document), place))
    return set(map(frozenset, who.values()))


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, st.randoms())
def test_identities_do_not_depend_on_the_order_of_documents(documents, random) -> None:
    before = partition(documents)
    random.shuffle(documents)
    assert partition(documents) == before


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_no_two_names_that_cannot_be_one_person_s_become_one(documents) -> None:
    names: dict[str, set] = {}
    for document, row in zip(documents, people(documents), strict=True):
        for (speaker, _, _), identity in zip(document, row, strict=True):
            if identity is not None and (name := parse(speaker)):
                names.setdefault(identity, set()).add(name)
    for together in names.values():
        assert all(alike(one, other) for one in together for other in together), together
