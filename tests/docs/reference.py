"""Writes docs/reference.md from the command line's parser and the tables' schemas: `python tests/docs/reference.py`."""

import argparse
import tomllib
from pathlib import Path

from testimony import cli, schemas

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference.md"
TYPES = {
    "string": "texte",
    "int32": "entier",
    "int64": "entier",
    "double": "nombre",
    "bool": "vrai ou faux",
    "list<element: string": "liste de textes",
    "list<item: string": "liste de textes",
    "list<": "liste de places",
}
HEAD = """# Référence

Les commandes, leurs options et les colonnes des tables. Cette page est écrite à partir du programme ; un test vérifie qu'elle en dit tout.

## Les commandes
"""


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def value_of(action: argparse.Action) -> str:
    """What an option takes."""
    if action.choices:
        return ", ".join(f"`{choice}`" for choice in action.choices)
    if action.nargs == 0:
        return ""
    return f"`{action.metavar or action.dest.upper()}`" + ("…" if action.nargs == "+" else "")


def command(name: str, parser: argparse.ArgumentParser, words: dict) -> list[str]:
    lines = [f"### testimony {name}", "", words["commands"][name], ""]
    actions = [action for action in parser._actions if action.dest != "help"]
    if actions:
        lines += [row("Argument", "Valeur", "Rôle", "Sans lui"), row("---", "---", "---", "---")]
    for action in actions:
        if action.option_strings:
            title, said = ", ".join(f"`{option}`" for option in action.option_strings), words["options"][action.option_strings[-1]]
        else:
            title, said = (
                f"`{action.metavar or action.dest}`",
                words["arguments"].get(f"{name}.{action.dest}") or words["arguments"][action.dest],
            )
        default = action.default if action.nargs != 0 and action.default not in (None, (), argparse.SUPPRESS) else None
        needed = action.required and "obligatoire"
        lines.append(row(title, value_of(action), said, needed or (f"`{default}`" if default is not None else "")))
    return [*lines, ""]


def table(name: str, words: dict) -> list[str]:
    lines = [f"### {name}", "", words["tables"][name], "", row("Colonne", "Type", "Contenu"), row("---", "---", "---")]
    for column in schemas.SCHEMAS[name]:
        said = words["columns"].get(f"{name}.{column.name}") or words["columns"][column.name]
        kind = next(title for start, title in TYPES.items() if str(column.type).startswith(start))
        lines.append(row(f"`{column.name}`", kind, said))
    return [*lines, ""]


def page() -> str:
    words = tomllib.loads((HERE / "reference.toml").read_text("utf-8"))
    (commands,) = [action for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    lines = [HEAD]
    for name, parser in commands.choices.items():
        lines += command(name, parser, words)
    lines += [
        "## Les tables",
        "",
        'Chaque table est un dossier de fichiers Parquet : `pandas.read_parquet("resultats/tables/testimonials")`.',
        "",
    ]
    for name in schemas.SCHEMAS:
        lines += table(name, words)
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
