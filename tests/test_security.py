"""Nothing leaves the machine, nothing is left behind, nothing is said that was told in confidence; see docs/security.md."""

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from testimony import ModelNotFoundError, pipeline, store

WORDS = "Le secret de la chaufferie m'a beaucoup touchée cet hiver."


@pytest.fixture(scope="module")
def quiet_run(tmp_path_factory):
    """A whole run in a process without any network where that can be had (it needs root), with a private place for temporary files."""
    folder = tmp_path_factory.mktemp("quiet")
    corpus, temporary, home = folder / "corpus", folder / "tmp", folder / "home"
    for one in (corpus, temporary, home):
        one.mkdir()
    (corpus / "a.jsonl").write_text(f'{{"nom": "Zoé Quidam", "texte": "{WORDS}"}}\n{{"nom": "Max", "texte": \n', "utf-8")
    (corpus / "b.yaml").write_text(f"- texte: {WORDS}\n- [\n", "utf-8")
    (corpus / "c.docx").write_bytes(b"PK\x03\x04" + WORDS.encode())
    # A module of the corpus' folder must never be imported.
    (corpus / "json.py").write_text(f"open({str(folder / 'hijacked')!r}, 'w')", "utf-8")
    command = [sys.executable, "-P", "-m", "testimony", "analyze", ".", "-o", str(folder / "out")]
    cut_off = ["unshare", "--net"] if not subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode else []
    environment = os.environ | {"TMPDIR": str(temporary), "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*cut_off, *command], capture_output=True, text=True, cwd=corpus, env=environment, check=False)
    return folder, done, bool(cut_off)


def test_a_run_writes_its_report(quiet_run) -> None:
    folder, done, _ = quiet_run
    assert done.returncode == 0, done.stderr
    assert (folder / "out" / "report.html").exists()


def test_no_network_is_needed(quiet_run) -> None:
    _, done, cut_off = quiet_run
    if not cut_off:
        pytest.skip("cutting the network off needs root; attempts are refused and told all the same, see tests/guard")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.getaddrinfo('example.org', 80)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
        "urllib.request.urlopen('http://example.org/', timeout=1)",
    ],
)
def test_what_tests_start_reaches_nobody(tmp_path, attempt) -> None:
    """The guard of the tests itself: an attempt is refused in another process too, and told where its error is hidden."""
    log = tmp_path / "log"
    program = f"import contextlib, socket, urllib.request\nwith contextlib.suppress(BaseException):\n    {attempt}\n    print('reached')"
    environment = os.environ | {"TESTS_NETWORK_LOG": str(log)}
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == ""
    assert log.read_text("utf-8").startswith("socket.")


def test_the_tests_themselves_reach_nobody(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TESTS_NETWORK_LOG", str(tmp_path / "log"))
    with pytest.raises(AssertionError, match="network access to 192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), 1)


def test_what_is_said_of_bad_documents_quotes_nobody(quiet_run) -> None:
    _, done, _ = quiet_run
    said = done.stdout + done.stderr
    assert "a.jsonl#2" in said
    assert "b.yaml" in said
    assert "chaufferie" not in said
    assert "Quidam" not in said


def test_no_temporary_file_is_left_or_made_elsewhere(quiet_run) -> None:
    folder, _, _ = quiet_run
    assert list((folder / "tmp").iterdir()) == []
    assert list((folder / "home").rglob("*")) == []
    assert not [path for path in (folder / "out").rglob("*") if path.name.endswith(".tmp") or "staging" in path.name]


def test_a_library_that_reports_its_use_is_told_not_to(tmp_path) -> None:
    """Loading onnxruntime alone writes a file with an identifier into the folder for temporary files."""
    pytest.importorskip("onnxruntime")
    program = (
        "import pathlib, contextlib; from testimony.encoder import Encoder\n"
        "with contextlib.suppress(Exception): Encoder.load(pathlib.Path('none'))\nimport onnxruntime"
    )
    subprocess.run([sys.executable, "-c", program], env=os.environ | {"TMPDIR": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []


def test_no_module_of_the_corpus_is_imported(quiet_run) -> None:
    folder, _, _ = quiet_run
    assert not (folder / "hijacked").exists()


@pytest.mark.parametrize(
    "name", ["evil.py", "ner/evil.pkl", "weights.joblib", "vocab/fast.so", "x.pyc", "A.PKL", "a.pth", "B.Pt", "a.pickle.gz", "fast.so.1"]
)
def test_a_model_folder_with_code_is_refused(tmp_path, name) -> None:
    (tmp_path / "model" / name).parent.mkdir(parents=True)
    (tmp_path / "model" / name).write_bytes(b"x")
    with pytest.raises(ModelNotFoundError, match="code or pickles"):
        pipeline.load(str(tmp_path / "model"))


@pytest.fixture
def blank(tmp_path):
    """The folder of a pipeline, and its configuration, to be changed as a stranger would."""
    import spacy

    spacy.blank("fr").to_disk(tmp_path / "model")
    return tmp_path / "model", (tmp_path / "model" / "config.cfg").read_text("utf-8")


CONFIGURED = {
    "a function of Python": ("before_creation = null", 'before_creation = {"@callbacks":"os.system","command":"touch made"}'),
    "a module": ("before_creation = null", 'before_creation = {"@callbacks":"evil.make"}'),
    "a path": ("after_creation = null", 'after_creation = {"@callbacks":"./evil.py"}'),
    "a layer of PyTorch": ("[components]", '[components]\n\n[components.t]\nfactory = "tagger"\n\n[components.t.model]\n@architectures = "PyTorchLSTM.v1"\nnO = 8\nnI = 8'),
    "the same in disguise": ("[components]", '[components]\n\n[components.t]\nfactory = "tagger"\n\n[components.t.model]\n@architectures = "P\\u0079T\\u006frchLSTM.v1"\nnO = 8'),
    "a key twice": ("[nlp]", "[nlp]\nlang = \"fr\""),
}  # fmt: skip


@pytest.mark.parametrize("what", CONFIGURED)
def test_a_configuration_runs_nothing(blank, tmp_path, monkeypatch, what) -> None:
    """Only what installed packages registered can be asked for by name, and nothing whose weights are pickles."""
    folder, text = blank
    old, new = CONFIGURED[what]
    assert old in text
    (folder / "config.cfg").write_text(text.replace(old, new, 1), "utf-8")
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'made')!r}, 'w')", "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelNotFoundError) as caught:
        pipeline.load(str(folder))
    assert "\n" not in str(caught.value)
    assert ("code or pickles" in str(caught.value)) == ("PyTorch" in what or "disguise" in what)
    assert not (tmp_path / "made").exists()


class Evil:
    """What a pickle can do: call anything when it is read."""

    def __init__(self, file) -> None:
        self.file = file

    def __reduce__(self):
        return open, (str(self.file), "w")


def test_a_pickle_in_the_model_of_a_codebook_is_not_read(capsys, tmp_path) -> None:
    """The folder beside a codebook holds what was trained for it; here a stranger's."""
    from testimony.cli import main
    from testimony.codebook import SKELETON

    (tmp_path / "themes.toml").write_text(SKELETON, "utf-8")
    (tmp_path / "avis.csv").write_text("avis\nUn accueil vraiment chaleureux, chaque jour.\n", "utf-8")
    folder = tmp_path / "themes.model"
    shutil.copytree(store.models_path() / "themes", folder)
    with np.load(folder / "weights.npz") as arrays:
        content = dict(arrays)
    np.savez(folder / "weights.npz", **content | {"bias": np.array([Evil(tmp_path / "made")], dtype=object)})
    assert main(("analyze", str(tmp_path / "avis.csv"), "-o", str(tmp_path / "out"), "--codebook", str(tmp_path / "themes.toml"))) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "themes.model" in err
    assert not (tmp_path / "made").exists()


FORMULAS = ("=1+1", "@SUM(A1)", "+33 1 02 03", "-2+3", "\t=1", "＝1+1")


def test_no_cell_of_an_export_is_a_formula(tmp_path) -> None:
    """Texts, names, other fields and their titles, as a spreadsheet will read them from the real files."""
    import openpyxl

    import testimony

    rows = [{"nom": value, "espace": value, "avis": f"{value} voilà un accueil vraiment chaleureux.", "=note": value} for value in FORMULAS]
    (tmp_path / "avis.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    analysis = testimony.analyze(tmp_path / "avis.jsonl", output=tmp_path / "out")
    folder, workbook = analysis.export("csv"), analysis.export("xlsx")
    read = 0
    for file in folder.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for record in csv.reader(stream, delimiter=";"):
                for value in record:
                    if value.lstrip()[:1] in ("=", "+", "-", "@", "＝") or value[:1] in ("\t", "\r"):
                        float(value)  # a number, written as one
                    read += value.startswith("'")
    assert read > 3 * len(FORMULAS)
    cells = [cell for sheet in openpyxl.load_workbook(workbook) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert any(cell.value == "=1+1" for cell in cells)
    assert b"<f>" not in b"".join(zipfile.ZipFile(workbook).read(name) for name in zipfile.ZipFile(workbook).namelist())


def test_what_is_not_finished_is_for_nobody_else(tmp_path) -> None:
    """The words of testimonials wait there; finished tables have the mode that the user's umask gives."""
    from testimony.results import ResultsFolder

    before = os.umask(0o022)
    try:
        folder = ResultsFolder(tmp_path / "out")
        folder.open()
        folder.close()
    finally:
        os.umask(before)
    assert (tmp_path / "out" / ".staging").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1+1"])
def test_a_text_is_never_a_formula(value) -> None:
    from testimony.exports import flat

    assert flat.harmless(value).startswith("'")
    assert flat.harmless("Bonjour = merci") == "Bonjour = merci"
    assert flat.harmless(-0.5) == -0.5
