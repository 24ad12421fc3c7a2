import pytest

from testimony.errors import CodebookError
from testimony.spaces import Registry, Space, signature

TOML = """\
[[space]]
name = "Coworking Valmy"
aliases = ["la Ruche de Valmy", "CoVal"]
town = "Valmy"

[[space]]
name = "L'Escale"
"""


@pytest.fixture
def registry(tmp_path):
    path = tmp_path / "spaces.toml"
    path.write_text(TOML, "utf-8")
    return Registry.load(path)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Coworking Valmy", "Coworking Valmy"),
        ("l'espace de coworking de Valmy", "Coworking Valmy"),
        ("COVAL", "Coworking Valmy"),
        ("L’Escale", "L'Escale"),
        ("espace Escale", "L'Escale"),
        ("Coworking Arlon", None),
        ("espace de coworking", None),
        ("", None),
        (None, None),
    ],
)
def test_aliases_lead_to_one_name(registry, name, wanted):
    assert registry.resolve(name) == wanted


def test_yaml_says_the_same(tmp_path, registry):
    path = tmp_path / "spaces.yaml"
    path.write_text(
        "spaces:\n  - name: Coworking Valmy\n    aliases: [la Ruche de Valmy, CoVal]\n    town: Valmy\n  - name: L'Escale\n", "utf-8"
    )
    assert Registry.load(path) == registry


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('[[space]]\nname = "A"\ncolour = "blue"\n', ":3", "unknown key 'colour'"),
        ('[[space]]\nname = "A"\n\n[[space]]\nname = "B"\naliases = ["a"]\n', ":", "names both 'A' and 'B'"),
        ('[[space]]\ntown = "X"\n', "", "has no name"),
        ("[[space]\n", "line 1", "not valid TOML"),
        ('title = "x"\n', "", "no [[space]]"),
        ('[[space]]\nname = "A"\naliases = "b"\n', ":2", "must be a list"),
    ],
)
def test_a_wrong_registry_is_explained_in_one_line(tmp_path, text, where, what):
    path = tmp_path / "spaces.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CodebookError) as caught:
        Registry.load(path)
    message = str(caught.value)
    assert what in message
    assert where in message
    assert str(path) in message
    assert "\n" not in message


def test_a_missing_registry_is_named(tmp_path):
    with pytest.raises(CodebookError, match="absent"):
        Registry.load(tmp_path / "absent.toml")


def test_names_are_found_in_a_text_with_their_capitals(registry):
    text = "J'aime CoVal et l’Escale, mais une escale à Rome ou Valmy, non."
    assert [(text[start:end], name) for start, end, name in registry.find(text)] == [("CoVal", "Coworking Valmy"), ("Escale", "L'Escale")]


def test_generic_words_do_not_tell_a_space():
    assert signature("l'espace de coworking de Valmy") == signature("Coworking Valmy") == "valmy"
    assert signature("tiers-lieu") != ""
    assert Registry((Space(name="Coworking A"), Space(name="Hub A"))).resolve("tiers-lieu A") is None
