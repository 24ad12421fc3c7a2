"""Nothing leaves the machine, nothing is left behind, nothing is said that was told in confidence; see docs/security.md."""

import os
import subprocess
import sys

import pytest

from testimony import ModelNotFoundError, pipeline

WORDS = "Le secret de la chaufferie m'a beaucoup touchée cet hiver."


@pytest.fixture(scope="module")
def quiet_run(tmp_path_factory):
    """A whole run in a process without any network, with a private place for temporary files."""
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
    if not cut_off:
        pytest.skip("cutting the network off needs root")
    environment = os.environ | {"TMPDIR": str(temporary), "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*cut_off, *command], capture_output=True, text=True, cwd=corpus, env=environment, check=False)
    return folder, done


def test_no_network_is_needed(quiet_run) -> None:
    folder, done = quiet_run
    assert done.returncode == 0, done.stderr
    assert (folder / "out" / "report.html").exists()


def test_what_is_said_of_bad_documents_quotes_nobody(quiet_run) -> None:
    _, done = quiet_run
    said = done.stdout + done.stderr
    assert "a.jsonl#2" in said
    assert "b.yaml" in said
    assert "chaufferie" not in said
    assert "Quidam" not in said


def test_no_temporary_file_is_left_or_made_elsewhere(quiet_run) -> None:
    folder, _ = quiet_run
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
    folder, _ = quiet_run
    assert not (folder / "hijacked").exists()


@pytest.mark.parametrize("name", ["evil.py", "ner/evil.pkl", "weights.joblib", "vocab/fast.so", "x.pyc"])
def test_a_model_folder_with_code_is_refused(tmp_path, name) -> None:
    (tmp_path / "model" / name).parent.mkdir(parents=True)
    (tmp_path / "model" / name).write_bytes(b"x")
    with pytest.raises(ModelNotFoundError, match="code or pickles"):
        pipeline.load(str(tmp_path / "model"))


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1+1"])
def test_a_text_is_never_a_formula(value) -> None:
    from testimony.exports import flat

    assert flat.harmless(value).startswith("'")
    assert flat.harmless("Bonjour = merci") == "Bonjour = merci"
    assert flat.harmless(-0.5) == -0.5
