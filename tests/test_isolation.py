"""A document that crashes a reader, fills the memory or never ends costs itself alone."""

import os
import signal
import sys
from pathlib import Path

import pytest

import testimony
from testimony import ResultsError, batches, engine, isolation, results
from testimony.isolation import Heard, How, Room
from testimony.readers import Limits, Part, Unreadable

# The process that reads, with a segmentation that does what the text tells it to.
HOSTILE = """
import os, signal, sys
from testimony import isolation, segmentation

def segment(document, **settings):
    if "SEGV" in document.text: os.kill(os.getpid(), signal.SIGSEGV)
    if "KILL" in document.text: os.kill(os.getpid(), signal.SIGKILL)
    if "LOOP" in document.text:
        while True: pass
    if "SLEEP" in document.text: signal.pause()
    if "FULL" in document.text: [bytearray(10_000_000) for _ in range(10_000)]
    if "FAULT" in document.text: raise KeyError(document.text)
    return genuine(document, **settings)

genuine, segmentation.segment = segmentation.segment, segment
isolation.serve(sys.stdin.buffer, sys.stdout.buffer)
"""
FATES = {
    "SEGV": "crashed the reader (SIGSEGV)",
    "KILL": "out of memory",
    "LOOP": "takes too long",
    "SLEEP": "takes too long",
    "FULL": "too much memory",
    "FAULT": "cannot be segmented (KeyError)",
}
LIMITS = Limits(seconds=1.0, seconds_per_megabyte=0.0, memory=500_000_000)


@pytest.fixture
def hostile(monkeypatch):
    engine.leave()  # the reading process of another test
    monkeypatch.setattr(Room, "command", (sys.executable, "-P", "-c", HOSTILE))
    yield
    engine.leave()


def rows(count: int, **bad: int) -> str:
    texts = ["Un accueil vraiment chaleureux, numéro {n}."] * count
    for word, place in bad.items():
        texts[place] = f"{word} : un accueil vraiment chaleureux."
    return "avis\n" + "".join(f"{text.format(n=n)}\n" for n, text in enumerate(texts))


@pytest.mark.parametrize("word", FATES)
def test_one_record_costs_itself_alone(tmp_path, hostile, word) -> None:
    (tmp_path / "avis.csv").write_text(rows(6, **{word: 2}), "utf-8")
    room = Room(How(limits=LIMITS))
    items = list(room.read(Part(path=tmp_path / "avis.csv", source="avis.csv")))
    room.close()
    assert [type(item) for item in items] == [Heard, Heard, Unreadable, Heard, Heard, Heard]
    assert FATES[word] in items[2].reason
    assert items[2].source == "avis.csv#3"
    assert "chaleureux" not in items[2].reason
    assert [item.document.source for item in items if isinstance(item, Heard)] == [f"avis.csv#{n}" for n in (1, 2, 4, 5, 6)]


def test_the_others_results_are_the_same(tmp_path, hostile, monkeypatch) -> None:
    fine, mixed = tmp_path / "fine", tmp_path / "mixed"
    for folder in (fine, mixed):
        folder.mkdir()
        (folder / "a.txt").write_text("« L'accueil est chaleureux et la salle lumineuse. » — Zoé Petit, potière\n", "utf-8")
        (folder / "c.txt").write_text("« Le wifi tombe en panne chaque semaine. » — Max Colin, graphiste\n", "utf-8")
    (mixed / "b.txt").write_text("« SEGV : un accueil vraiment chaleureux. » — Léa Morin\n", "utf-8")
    monkeypatch.chdir(fine)
    one = testimony.analyze(".", output=tmp_path / "one")
    monkeypatch.chdir(mixed)
    two = testimony.analyze(".", output=tmp_path / "two")
    assert [item["source"] for item in two.manifest["skipped"]] == ["b.txt"], two.manifest["skipped"]
    for name in ("testimonials", "sentences", "themes", "entities", "spaces"):
        assert getattr(one, name).equals(getattr(two, name)), name
    assert len(one.testimonials) == 2
    engine.leave()


def test_a_real_document_that_takes_too_long(tmp_path) -> None:
    text = "".join(f"- texte: Un accueil vraiment chaleureux numéro {n}.\n" for n in range(20_000))
    (tmp_path / "long.yaml").write_text(text, "utf-8")
    room = Room(How(limits=LIMITS))
    items = list(room.read(Part(path=tmp_path / "long.yaml", source="long.yaml")))
    room.close()
    assert len(items) == 1
    assert "takes too long" in items[0].reason


def test_a_process_that_ended_between_two_files_is_started_again(tmp_path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("« L'accueil est chaleureux et la salle lumineuse. » — Zoé Petit, potière\n", "utf-8")
    room = Room(How())
    assert len(list(room.read(Part(path=tmp_path / "a.txt", source="a.txt")))) == 1
    room._process.send_signal(signal.SIGKILL)
    room._process.wait()
    assert isinstance(next(room.read(Part(path=tmp_path / "b.txt", source="b.txt"))), Heard)
    room.close()


def test_a_testimonial_as_long_as_a_book_is_refused(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"texte": "' + "Bien. " * (isolation.MAX_TESTIMONIAL // 6 + 10) + '"}\n', "utf-8")
    room = Room(How())
    items = list(room.read(Part(path=tmp_path / "a.jsonl", source="a.jsonl")))
    room.close()
    assert "at most 300,000" in items[0].reason


def test_a_text_that_the_pipeline_fails_on_costs_its_document_alone(tmp_path, monkeypatch, nlp) -> None:
    from testimony import pipeline

    genuine = pipeline.annotate

    def failing(nlp, testimonials):
        if any("BOUM" in testimonial.text for testimonial in testimonials):
            raise ValueError("[E088] the text itself")
        return genuine(nlp, testimonials)

    monkeypatch.setattr(pipeline, "annotate", failing)
    (tmp_path / "avis.csv").write_text(rows(4, BOUM=1), "utf-8")
    folder = results.ResultsFolder(tmp_path / "out")
    folder.open()
    settings = batches.Settings()
    batch = batches.plan([(tmp_path / "avis.csv", "avis.csv")], settings)[0]
    room = Room(settings.how)
    tally = batches.process(batch, folder, nlp, room)
    room.close()
    folder.close()
    assert tally.testimonials == 3
    assert tally.skipped == (("avis.csv#2", "avis.csv#2: cannot be understood (ValueError); take it out and tell us"),)


def test_one_process_reads_many_files(tmp_path) -> None:
    """Starting it anew costs more than reading: it stays, unless a document has filled its memory."""
    (tmp_path / "a.txt").write_text("« L'accueil est chaleureux et la salle lumineuse. » — Zoé Petit, potière\n", "utf-8")
    part = Part(path=tmp_path / "a.txt", source="a.txt")

    def processes(room: Room) -> set[int | None]:
        found = set()
        for _ in range(3):
            assert isinstance(next(iter(list(room.read(part)))), Heard)
            found.add(room._process and room._process.pid)
        room.close()
        return found

    assert len(processes(Room(How()))) == 1
    assert processes(Room(How(limits=Limits(memory=80_000_000)))) == {None}


def test_a_change_of_folder_between_two_questions(tmp_path, monkeypatch) -> None:
    room = Room(How())
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text("« Un accueil vraiment chaleureux. » — Léa Morin\n", "utf-8")
        monkeypatch.chdir(tmp_path / name)
        (heard,) = room.read(Part(path=Path(f"{name}.txt"), source=f"{name}.txt"))
        assert isinstance(heard, Heard)
    room.close()


def test_reading_that_was_given_up_begins_anew(tmp_path) -> None:
    """As after Ctrl-C in a notebook: nothing that was heard before is missing."""
    (tmp_path / "a.csv").write_text(rows(5), "utf-8")
    part = Part(path=tmp_path / "a.csv", source="a.csv")
    room = Room(How())
    given_up = room.read(part)
    next(given_up)
    given_up.close()
    assert [item.document.source for item in room.read(part)] == [f"a.csv#{n}" for n in range(1, 6)]
    room.close()


def test_the_time_of_segmenting_is_all_of_it(tmp_path) -> None:
    """Of many small files, each of which is over before the system's clock of processes ticks."""
    for n in range(60):
        (tmp_path / f"{n}.txt").write_text(f"« Un accueil vraiment chaleureux, numéro {n}. » — Léa Morin, potière\n" * 5, "utf-8")
    room = Room(How())
    spent, told = [], 0.0
    for n in range(60):
        for item in room.read(Part(path=tmp_path / f"{n}.txt", source=f"{n}.txt")):
            told += (item.reading + item.segmenting) * (n > 0)  # the first is read while modules are imported
        stat = Path(f"/proc/{room._process.pid}/stat").read_text().rpartition(")")[2].split()
        spent.append((int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK"))
    room.close()
    assert told > 0.75 * (spent[-1] - spent[0])


@pytest.mark.parametrize("name", ["hints", "registry"])
def test_hints_that_a_worker_does_not_see_end_the_run(tmp_path, name) -> None:
    """On a machine of a cluster without the shared folder: not one document after the other listed as if it were broken."""
    (tmp_path / "a.txt").write_text("« Un accueil vraiment chaleureux. » — Léa Morin\n", "utf-8")
    room = Room(How(**{name: str(tmp_path / "elsewhere.toml")}))
    with pytest.raises(ResultsError, match=r"elsewhere\.toml: cannot be read \(No such file or directory\); check its path"):
        list(room.read(Part(path=tmp_path / "a.txt", source="a.txt")))
    room.close()
