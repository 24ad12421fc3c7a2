"""Summaries as a reader of them checks: proved, counted, balanced, and the same whatever the order."""

import itertools
import json

import pytest

from invented import Said, Voice, invent, said, write
from testimony import results
from testimony.codebook import Codebook
from testimony.summaries import Facts, gather, quotations_of, spaces_table, summarize, walk
from testimony.summaries.network import division, links, positions

BOOK = Codebook.builtin()
COLD = said("amenagement", "negative", "Le chauffage de la verrière est en panne depuis l'automne.")
LOUD = said("amenagement", "negative", "Le bruit de la cour empêche de téléphoner l'après-midi.")
WARM = said("communaute", "positive", "Les membres partagent leurs repas et leurs adresses.")
WISH = said("animation", "neutral", "Il faudrait une soirée commune au début de chaque saison.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("results"), invent(140), part=50)


def of(tmp_path, *voices) -> dict:
    (summary,) = summarize(gather(write(tmp_path / "r", voices), BOOK))
    return summary


def test_every_quotation_stands_in_its_source(folder) -> None:
    texts = {row["testimonial_id"]: row["text"] for row in results.read_rows(folder, "testimonials")}
    found = list(quotations_of(summarize(gather(folder, BOOK))))
    assert len(found) > 100
    for quotation in found:
        assert texts[quotation["testimonial_id"]][quotation["start"] : quotation["end"]] == quotation["text"]


def test_the_shape_of_a_summary_is_that_of_the_contract(folder) -> None:
    for summary in summarize(gather(folder, BOOK)):
        assert {"space", "n_testimonials", "n_speakers", "key_points", "distinctive", "missing_themes", "warnings"} <= summary.keys()
        for point in summary["key_points"]:
            assert {"theme", "polarity", "text", "testimonial_id", "start", "end", "n_speakers", "speakers"} <= point.keys()
        json.dumps(summary)


def test_halves_gathered_apart_and_merged_give_the_whole_in_any_order(folder) -> None:
    items = list(walk(folder))
    whole = Facts(BOOK)
    for item in items:
        whole.add(item)
    parts = [Facts(BOOK) for _ in range(3)]
    for number, item in enumerate(reversed(items)):
        parts[number % 3].add(item)
    merged = Facts(BOOK)
    for part in (parts[2], parts[0], parts[1]):
        merged.merge(part)
    assert summarize(merged) == summarize(whole)
    assert spaces_table(merged) == spaces_table(whole)


def test_praise_complaint_and_proposal_stand_apart(tmp_path) -> None:
    summary = of(tmp_path, Voice((COLD, WARM), "Aline"), Voice((LOUD, WISH), "Bruno"))
    assert {(point["stance"], point["theme"]) for point in summary["key_points"]} == {
        ("negative", "amenagement"), ("positive", "communaute"), ("proposal", "animation"),
    }  # fmt: skip


def test_people_are_counted_not_sentences(tmp_path) -> None:
    summary = of(tmp_path, Voice((COLD, LOUD), "Aline"), Voice((LOUD,), "Bruno"), Voice((WARM,), "Aline"), Voice((COLD,), None))
    (point,) = [point for point in summary["key_points"] if point["theme"] == "amenagement"]
    assert summary["n_speakers"] == 3
    assert point["n_speakers"] == 3
    assert point["n_sentences"] == 4
    assert point["speakers"] == ["Aline", "Bruno"]
    assert {other["text"] for other in point["others"]} | {point["text"]} == {COLD.text, LOUD.text}


def test_the_same_name_written_otherwise_is_the_same_person(tmp_path) -> None:
    assert of(tmp_path, Voice((COLD,), "Éloïse Martin"), Voice((WARM,), "eloise MARTIN"))["n_speakers"] == 1


def test_a_first_name_in_two_spaces_is_two_people(tmp_path) -> None:
    facts = gather(write(tmp_path / "r", [Voice((COLD,), "Aline"), Voice((WARM,), "Aline", space="L'Écluse")]), BOOK)
    assert len(facts.whole().voices) == 2


def test_no_two_points_say_the_same(folder) -> None:
    for summary in summarize(gather(folder, BOOK)):
        places = [(point["testimonial_id"], point["start"], point["end"]) for point in summary["key_points"]]
        for (one, start, end), (other, from_, to) in itertools.combinations(places, 2):
            assert one != other or end <= from_ or to <= start
        assert len({point["text"] for point in summary["key_points"]}) == len(places)


def test_the_quotations_behind_a_point_never_overlap(tmp_path) -> None:
    first = said("amenagement", "negative", "Le chauffage de la verrière est en panne.")
    leaning = said("amenagement", "negative", "Il ne marche que le matin, et le bruit nous chasse.")
    more = said("amenagement", "negative", "Ils ne répondent plus depuis trois semaines au moins.")
    summary = of(tmp_path, Voice((first, leaning, more), speaker="Ana"), Voice((COLD, leaning), speaker="Bo"))
    for point in summary["key_points"]:
        shown = [point, *point["others"]]
        for one, other in itertools.combinations(shown, 2):
            assert one["testimonial_id"] != other["testimonial_id"] or one["end"] <= other["start"] or other["end"] <= one["start"]
    assert sum(len(point["others"]) for point in summary["key_points"]) >= 1


def test_a_sentence_that_proves_two_themes_stands_once_with_both(tmp_path) -> None:
    both = Said("Les repas partagés et la grande table rapprochent tout le monde.", "positive",
                (("communaute", "positive", "repas"), ("amenagement", "positive", "table")))  # fmt: skip
    (point,) = of(tmp_path, Voice((both,)))["key_points"]
    assert sorted(point["themes"]) == ["amenagement", "communaute"]


def test_one_voice_and_small_numbers_are_said(tmp_path) -> None:
    alone = of(tmp_path, Voice((COLD, WARM), "Aline"))
    assert any("seule voix" in warning for warning in alone["warnings"])
    few = summarize(
        gather(write(tmp_path / "few", [Voice((COLD,), "Aline"), Voice((WARM,), "Bruno"), Voice((WARM,), "C", space="X")]), BOOK)
    )
    assert any("Petit nombre" in warning for warning in few[0]["warnings"])


def test_the_readable_quotation_leads(tmp_path) -> None:
    leaning = said("amenagement", "negative", "Elle est glaciale et nous portons nos manteaux.")
    summary = of(tmp_path, Voice((leaning,), "Aline"), Voice((COLD,), "Bruno"))
    assert summary["key_points"][0]["text"] == COLD.text


def test_nothing_is_claimed_from_the_silence_of_a_few(tmp_path) -> None:
    quiet = [Voice((WARM,), f"Nom {number}", space="L'Écluse") for number in range(3)]
    loud = [Voice((COLD,), f"Autre {number}") for number in range(30)]
    summaries = {row["space"]: row for row in summarize(gather(write(tmp_path / "few", quiet + loud), BOOK))}
    assert summaries["L'Écluse"]["missing_themes"] == []
    assert "amenagement" in summaries["L'Écluse"]["absent_themes"]
    more = [Voice((WARM,), f"Nom {number}", space="L'Écluse") for number in range(12)]
    summaries = {row["space"]: row for row in summarize(gather(write(tmp_path / "more", more + loud), BOOK))}
    assert summaries["L'Écluse"]["missing_themes"] == ["amenagement"]


def test_what_sets_a_space_apart_has_the_counts_of_both_sides(tmp_path) -> None:
    potters = [Voice((Said(f"Le four de la poterie tourne {n} fois par mois."), WARM), f"P {n}", space="L'Écluse") for n in range(15)]
    others = [Voice((Said(f"Le jardin fleurit en saison {n}."), WARM), f"A {n}") for n in range(30)]
    summaries = {row["space"]: row for row in summarize(gather(write(tmp_path / "r", potters + others), BOOK))}
    words = {row["form"]: row for row in summaries["L'Écluse"]["distinctive"]}
    assert (words["poterie"]["inside"], words["poterie"]["part"], words["poterie"]["outside"], words["poterie"]["rest"]) == (15, 15, 0, 30)
    assert "repas" not in words


def test_names_do_not_set_a_space_apart(tmp_path) -> None:
    voices = [
        Voice((Said("Nous venons tous de Jambes."),), f"A {n}", space="L'Écluse", entities=(("Jambes", "LOC", "Jambes"),))
        for n in range(15)
    ] + [Voice((WARM,), f"B {n}") for n in range(15)]
    summaries = {row["space"]: row for row in summarize(gather(write(tmp_path / "r", voices), BOOK))}
    assert "jambes" not in {row["form"] for row in summaries["L'Écluse"]["distinctive"]}


def test_mentions_are_those_of_others_with_their_feeling(tmp_path) -> None:
    praise = Said("L'équipe de L'Écluse nous a reçus comme des rois.", "positive")
    own = Said("Chez nous, à L'Écluse, tout est ouvert.", "positive")
    entity = (("L'Écluse", "SPACE", "L'Écluse"),)
    voices = [
        Voice((praise,), "Aline", entities=entity),
        Voice((own,), "Bruno", space="L'Écluse", entities=entity),
        Voice((praise,), "C", space=None, entities=entity),
    ]
    summaries = {row["space"]: row for row in summarize(gather(write(tmp_path / "r", voices), BOOK))}
    cited = summaries["L'Écluse"]
    assert cited["n_mentions"] == 2
    assert cited["mentions_polarity"]["positive"] == 2
    assert {one["text"] for one in cited["mentions_by_others"]} == {praise.text}
    assert summaries["La Verrière"]["cites"] == [{"space": "L'Écluse", "n": 1}]
    assert links(list(summaries.values())) == [{"source": "La Verrière", "target": "L'Écluse", "n": 1}]


def test_testimonials_of_no_space_are_kept_apart_and_not_lost(tmp_path) -> None:
    facts = gather(write(tmp_path / "r", [Voice((COLD,), space=None), Voice((WARM,))]), BOOK)
    assert [row["space"] for row in summarize(facts)] == ["La Verrière"]
    assert facts.unplaced.testimonials == 1
    assert facts.whole().testimonials == 2


def test_positions_need_several_people_and_sentences(tmp_path) -> None:
    def space(name: str, one: Said, people: int) -> list[Voice]:
        return [Voice((one,), f"{name} {n}", space=name) for n in range(people)]

    good = said("amenagement", "positive", "La charpente donne envie de rester ici.")
    voices = [*space("A", COLD, 4), *space("B", good, 4), Voice((good, good, good), "Seul", space="C"), *space("D", good, 2)]
    (row,) = positions(summarize(gather(write(tmp_path / "r", voices), BOOK)))
    assert (row["theme"], row["favourable"], row["critical"], row["agreed"]) == ("amenagement", ["B"], ["A"], False)


def test_division_is_highest_where_both_sides_are_even() -> None:
    def counts(positive, negative, mixed=0):
        return {"positive": positive, "negative": negative, "mixed": mixed}

    assert division(counts(2, 2)) == 0.0
    assert division(counts(10, 10)) == 1.0
    assert division(counts(10, 0)) == 0.0
    assert 0 < division(counts(9, 3)) < division(counts(7, 5)) < 1


def test_an_empty_corpus_has_no_summary(tmp_path) -> None:
    facts = gather(write(tmp_path / "r", []), BOOK)
    assert summarize(facts) == []
    assert spaces_table(facts) == []
