import json
import logging
import shutil
import subprocess
import sys

import pytest
import spacy

import testimony
from testimony import pipeline, store
from testimony.errors import ModelNotFoundError
from testimony.types import Testimonial


def words(text, identifier="t1"):
    return Testimonial(id=identifier, document_id="d", record_id="1", segments=((0, len(text)),), text=text, rule="record", confidence=1.0)


@pytest.fixture
def blank(tmp_path):
    """A pipeline without any component, as another program wrote it."""
    spacy.blank("fr").to_disk(tmp_path / "vide")
    return tmp_path / "vide"


def refusal(model):
    with pytest.raises(ModelNotFoundError) as caught:
        pipeline.load(str(model))
    assert "\n" not in str(caught.value)
    assert str(model) in str(caught.value)
    return str(caught.value)


def test_every_layer_is_read_out(nlp):
    text = "Depuis mars, Sylvie travaille à Nantes.\u00a0L’équipe de Google est chaleureuse\u202f!"
    (annotations,) = pipeline.annotate(nlp, [words(text)])
    found = {(mention.text, mention.label) for mention in annotations.entities}
    assert {("Sylvie", "PER"), ("Nantes", "LOC")} <= found
    assert len(annotations.sentences) == 2
    for mention in annotations.entities:
        assert mention.text == text[mention.start : mention.end]
    assert annotations.n_words == len(text.split())


def test_sentences_are_read_out_without_the_blank_lines_between(nlp):
    text = "Le lieu est calme.\n\nOn y revient.\n\n« Merci ! »"
    (annotations,) = pipeline.annotate(nlp, [words(text)])
    assert [text[sentence.start : sentence.end] for sentence in annotations.sentences] == [
        "Le lieu est calme.",
        "On y revient.",
        "« Merci ! »",
    ]


def test_answers_come_in_order_and_equal_texts_are_read_once(nlp, monkeypatch):
    seen = []
    make_doc = nlp.make_doc
    monkeypatch.setattr(nlp, "make_doc", lambda text: seen.append(text) or make_doc(text))
    texts = ["Bravo !", "C'est bruyant.", "Bravo !"]
    result = pipeline.annotate(nlp, [words(text, str(number)) for number, text in enumerate(texts)])
    assert [item.testimonial.id for item in result] == ["0", "1", "2"]
    assert [item.testimonial.text for item in result] == texts
    assert sorted(seen) == ["Bravo !", "C'est bruyant."]


def test_the_folder_works_with_plain_spacy():
    """In a process of its own: nothing of ours is imported before."""
    code = (
        f"import spacy; nlp = spacy.load({str(store.models_path() / store.PIPELINE)!r}); doc = nlp('L’accueil est chaleureux.'); "
        "print(doc._.polarity, doc._.themes is not None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["positive", "True"]
    doc = spacy.load(store.models_path() / store.PIPELINE)("Nous sommes à Nantes.")
    assert [ent.text for ent in doc.ents] == ["Nantes"]
    assert doc[1].lemma_ == "être"


def test_plain_spacy_finds_the_same_sentences(nlp):
    text = "Nous avons rencontré M. Verdier, qui a dit : « C'est trop bruyant. » Puis on est partis… mais on revient. Voir p. 12 et l'éd. revue."
    plain = spacy.load(store.models_path() / store.PIPELINE)
    assert plain.pipe_names == nlp.pipe_names
    assert [sent.text for sent in plain(text).sents] == [sent.text for sent in nlp(text).sents]
    with plain.select_pipes(disable="testimony_sentences"):  # the network alone cuts elsewhere
        assert [sent.text for sent in plain(text).sents] != [sent.text for sent in nlp(text).sents]


def test_a_pipeline_without_components_goes_on_with_rules(blank, caplog):
    with caplog.at_level(logging.WARNING, "testimony"):
        nlp = pipeline.load(str(blank))
    said = " ".join(caplog.messages)
    for missing in ("sentences", "parts of speech", "lemmas", "entities"):
        assert f"finds no {missing}" in said
    doc = nlp("Samia habite à Chambéry. Elle mangeait bien.")
    assert [sent.text for sent in doc.sents] == ["Samia habite à Chambéry.", "Elle mangeait bien."]
    assert {ent.label_ for ent in doc.ents} == {"PER", "LOC"}
    assert doc[6].lemma_ == "manger"
    (annotations,) = pipeline.annotate(nlp, [words("Samia habite à Chambéry.")])
    assert len(annotations.entities) == 2


def test_a_missing_pipeline_is_named(tmp_path):
    assert "no pipeline folder there" in refusal(tmp_path / "absent")
    assert "cannot be loaded" in refusal("fr_qui_n_existe_pas")


@pytest.mark.parametrize("name", ["code.py", "modele.pkl", "sous/modele.joblib"])
def test_code_and_pickles_are_refused(blank, name):
    (blank / name).parent.mkdir(exist_ok=True)
    (blank / name).write_bytes(b"")
    assert "holds code or pickles" in refusal(blank)


def test_another_language_is_refused(tmp_path):
    spacy.blank("nl").to_disk(tmp_path / "nl")
    with pytest.raises(ModelNotFoundError, match="French"):
        pipeline.load(str(tmp_path / "nl"))


@pytest.mark.parametrize(
    ("file", "data"),
    [
        ("config.cfg", b""),
        ("config.cfg", b"\xff\xfe[nlp"),
        ("meta.json", b"{"),
        ("tok2vec/model", b"\x81\xa5nodes"),
        ("ner/moves", b"\x00\x01"),
        ("vocab/strings.json", b"[1, 2"),
        ("testimony_lemmas/lemmas.tsv.gz", b"\x1f\x8b"),
        ("trainable_lemmatizer/trees", None),
        ("morphologizer/cfg", None),
    ],
)
def test_a_corrupted_folder_is_explained(tmp_path, file, data):
    broken = tmp_path / "fr_testimony"
    shutil.copytree(store.models_path() / store.PIPELINE, broken)
    (broken / file).unlink() if data is None else (broken / file).write_bytes(data)
    assert "again" in refusal(broken)


def test_another_version_of_spacy_is_said(tmp_path, caplog):
    copy = tmp_path / "copie"
    spacy.blank("fr").to_disk(copy)
    meta = json.loads((copy / "meta.json").read_text("utf-8"))
    (copy / "meta.json").write_text(json.dumps(meta | {"spacy_version": ">=2.1.0,<2.2.0"}), "utf-8")
    with caplog.at_level(logging.WARNING, "testimony"):
        pipeline.load(str(copy))
    assert any("2.1.0" in message for message in caplog.messages)


def test_a_registry_gives_canonical_names(tmp_path):
    path = tmp_path / "spaces.toml"
    path.write_text('[[space]]\nname = "Coworking Valmy"\naliases = ["CoVal"]\n', "utf-8")
    doc = testimony.load(registry=path)("On travaille chez CoVal depuis mai.")
    assert [(ent.text, ent.label_, ent.kb_id_) for ent in doc.ents] == [("CoVal", "SPACE", "Coworking Valmy")]


def test_nothing_is_imported_that_a_run_does_not_need() -> None:
    """They would make every start two seconds longer; who imports textblob-fr afterwards still gets all of it."""
    program = (
        "import sys, testimony; nlp = testimony.load(); print([name for name in ('scipy', 'simplemma') if name in sys.modules]); "
        "nlp('Un accueil très chaleureux.'); "
        "print([name for name in ('nltk', 'sklearn', 'scipy', 'pandas') if name in sys.modules]); "
        "import textblob_fr; print(textblob_fr.PatternAnalyzer().analyze('très bon')[0] > 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[]", "[]", "True"]


def test_long_texts_are_understood_in_smaller_batches(monkeypatch):
    monkeypatch.setattr(pipeline, "BATCH", 3)
    monkeypatch.setattr(pipeline, "BATCH_CHARACTERS", 10)
    texts = ["ab", "cd", "ef", "gh", "a" * 8, "ij", "b" * 30, "kl"]
    assert list(pipeline.batches(texts)) == [["ab", "cd", "ef"], ["gh", "a" * 8], ["ij"], ["b" * 30], ["kl"]]
    assert not list(pipeline.batches([]))
