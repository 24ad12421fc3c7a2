"""What the user guide shows is executed: every `testimony` command and every TOML example; every link leads somewhere."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import reference
from selectolax.lexbor import LexborHTMLParser

from testimony import cli
from testimony.codebook import Codebook
from testimony.segmentation.hints import Hints
from testimony.spaces import Registry

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDE = ["index", "premiers-pas", "preparer-un-corpus", "lire-le-rapport", "ecrire-un-codebook", "limites", "reference"]
SURVEY = "Q1;Q2;Q7\nMaud;oui;L'accueil est chaleureux et la salle lumineuse.\nRémi;non;Le bus part trop tôt.\n"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / f"{page}.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


COMMANDS = [line for page in GUIDE for block in blocks(page, "console") for line in block.splitlines()]
EXAMPLES = [(page, number, block) for page in GUIDE for number, block in enumerate(blocks(page, "toml"))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """The folder of somebody who follows the guide."""
    folder = tmp_path_factory.mktemp("guide")
    documents = folder / "mes-documents"
    documents.mkdir()
    shutil.copy(ROOT / "corpus" / "11-livre-d-or-fournil.md", documents)
    shutil.copy(ROOT / "corpus" / "22-reunion-tarifs-ponton.txt", documents / "reunion.txt")
    (documents / "sondage.csv").write_text(SURVEY, "utf-8")
    return folder


def test_the_commands_of_the_guide_work_one_after_the_other(desk, monkeypatch, capsys) -> None:
    monkeypatch.chdir(desk)
    assert len(COMMANDS) >= 8
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        assert program == "testimony"
        code = cli.main(arguments)
        err = capsys.readouterr().err
        assert code == 0, f"{command}: {err}"
        assert not [line for line in err.splitlines() if "error" in line], command
    for made in (
        "resultats/report.html",
        "resultats.xlsx",
        "rapport.html",
        "themes.toml",
        "resultats-themes/report.html",
        "resultats-sondage/report.html",
    ):
        assert (desk / made).stat().st_size > 0, made


@pytest.mark.parametrize(("page", "number", "block"), EXAMPLES, ids=[f"{page}-{number}" for page, number, _ in EXAMPLES])
def test_the_examples_are_valid_files(page, number, block, tmp_path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(block, "utf-8")
    reader = {"space": Registry.load, "documents": Hints.load, "theme": Codebook.load}
    ((key, load),) = [(key, load) for key, load in reader.items() if key in tomllib.loads(block)]
    assert load(path), key


def test_every_link_leads_somewhere() -> None:
    for page in GUIDE:
        text = (DOCS / f"{page}.md").read_text("utf-8")
        assert not re.findall(r"https?://", text), "the guide is read offline"
        for target, anchor in re.findall(r"\]\(([\w-]+\.md)(?:#([\w-]+))?\)", text):
            other = (DOCS / target).read_text("utf-8")
            anchors = {re.sub(r"[^\w-]+", "-", title.lower()).strip("-") for title in re.findall(r"^#+ (.+)$", other, re.MULTILINE)}
            assert not anchor or anchor in anchors, (page, target, anchor, anchors)


def test_the_report_has_the_parts_that_the_guide_names() -> None:
    words = tomllib.loads((ROOT / "src" / "testimony" / "report" / "words" / "fr.toml").read_text("utf-8"))
    shown = {value.lower() for value in words.values() if isinstance(value, str)}
    named = re.findall(r"\*\*([A-ZÀ-Ý][^*]+?)\*\*", (DOCS / "lire-le-rapport.md").read_text("utf-8"))
    parts = [name for name in named if not name.endswith(".")]
    assert len(parts) >= 12
    assert [name for name in parts if name.lower().replace("'", "’") not in shown and name.lower() not in shown] == []


def test_the_site_lists_every_page_of_the_guide() -> None:
    nav = re.findall(r": ([\w-]+)\.md$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert nav[: len(GUIDE)] == GUIDE


def test_the_reference_is_what_the_program_says() -> None:
    assert (DOCS / "reference.md").read_text("utf-8") == reference.page(), "run: python tests/docs/reference.py"


def test_the_guide_builds_and_asks_for_nothing_from_elsewhere(tmp_path) -> None:
    pytest.importorskip("mkdocs")
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--config-file",
        str(ROOT / "mkdocs.yml"),
        "--site-dir",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for page in GUIDE:
        html = LexborHTMLParser((tmp_path / f"{page}.html").read_text("utf-8"))
        fetched = [node.attributes.get("src") or node.attributes.get("href") for node in html.css("script[src], img[src], link[href]")]
        assert fetched
        for url in fetched:
            assert not re.match(r"(?:https?:)?//", url), (page, url)
            assert (tmp_path / url.split("?")[0]).exists(), (page, url)
