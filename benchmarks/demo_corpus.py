"""Make the binary documents of the demonstration corpus from the texts below: `python benchmarks/demo_corpus.py`.

Everything is invented. The pdf is printed by Chromium; the other files are the same at every run but for their dates.
"""

import subprocess
import tempfile
import zipfile
from html import escape
from pathlib import Path

from docx import Document
from openpyxl import Workbook

CORPUS = Path(__file__).parents[1] / "corpus"

ASSEMBLY = [
    (
        "Fabrice Denis, président du collectif",
        "Je déclare la séance ouverte. L'Atelier des Quais compte cent quatre adhérents, douze de plus que l'an dernier, et nos comptes sont à l'équilibre pour la première fois. C'est une belle victoire collective.",
    ),
    (
        "Rozenn Cadiou, trésorière",
        "Belle, mais fragile. La moitié de nos recettes vient d'un seul appel à projets de la région, et il se termine en juin. Je propose que nous augmentions la part des locations de salles, quitte à y consacrer un mi-temps.",
    ),
    (
        "Marco Ferretti, menuisier",
        "On parle d'argent depuis une heure et personne ne parle du chauffage. L'atelier bois est à douze degrés. Je ne demande pas la lune, juste un poêle.",
    ),
    ("Fabrice", "Le point est noté, Marco, et tu as raison : deux hivers de suite, c'est trop."),
    (
        "Awa Diallo, animatrice",
        "Les soirées du mercredi attirent un public que nous ne voyions jamais : des lycéens, des voisins, des parents. J'ai besoin de trois bénévoles pour tenir le rythme, sinon il faudra en supprimer une sur deux.",
    ),
    ("Rozenn", "Je serai l'une des trois."),
]
MEMBERS = [
    (
        "Sarah Lorent, architecte d'intérieur",
        "Aux Carrières, on a gardé les murs de pierre bleue et ajouté de grandes tables. C'est beau, solide, et l'acoustique est étonnamment bonne. J'y reçois mes clients avec fierté.",
    ),
    (
        "Philippe Tondeur, consultant",
        "Je paie cent vingt euros par mois et je n'utilise que le parking et l'imprimante. La faute à mon métier, pas au lieu : je suis toujours sur la route. Un abonnement à la journée me conviendrait mieux.",
    ),
    (
        "Noémie Gilson, doctorante",
        "Entre deux chapitres de thèse, la pause de dix heures m'a sauvée de la solitude. On y parle de tout sauf de travail. Et quand j'ai cherché un stage, c'est un voisin de bureau qui me l'a trouvé.",
    ),
    (
        "Loïc Vandamme, animateur",
        "Après le voyage à Nantes, nous avons lancé les petits déjeuners tournants, comme à La Mouture. Le premier a réuni vingt personnes. Le deuxième, trois : il pleuvait. On ne se décourage pas.",
    ),
]
LETTER = [
    (
        "Dominique Fauvet, conseillère régionale",
        "Les espaces ruraux ne sont pas des bureaux au rabais. Ils retiennent des familles, rouvrent des cafés et donnent du travail à des artisans. La région maintiendra son appel à projets en 2025, mais son montant baissera de dix pour cent.",
    ),
    (
        "Léa Montagnac, facilitatrice à La Grange aux Idées",
        "Cette lettre devait annoncer une bonne nouvelle et j'en ai deux : la porte de l'atelier est enfin posée, et le silence est revenu. Il nous reste à convaincre la commune de prolonger le bail, ce qui n'est pas gagné.",
    ),
    (
        "Xavier Roumégoux, télétravailleur à L'Étape Gersoise",
        "J'ai essayé trois espaces avant de me fixer à Mirande. Celui-ci n'est ni le plus beau ni le plus animé, mais il est ouvert de sept heures à vingt-deux heures, et pour moi qui travaille avec Montréal, cela change la vie.",
    ),
]
SURVEY = [
    ("2024-09-02", "Delphine", "psychologue", "La Petite Gare", "Petit lieu, grand cœur. On me prête une pièce fermée pour mes consultations, c'est précieux."),
    ("2024-09-02", "Olivier", "informaticien", "Coworking Les Carrières", "Le wifi est stable et les prises sont partout. Rien à signaler d'autre."),
    ("2024-09-03", "Myriam", "couturière", "Le Fournil Partagé", "Je ne comprend pas pourquoi on ne peut pas réserver les salles en ligne, c'est compliqué pour rien."),
    ("2024-09-03", "Jean-Luc", "agriculteur", "Le Fournil Partagé", "Moi l'ordinateur c'est pas mon truc, mais les cours du soir sont bien expliqués et j'ai enfin compris mes déclarations."),
    ("2024-09-04", "Vanessa", "chargée de projet", "La Mouture", "J'aurais aimé plus de rencontres avec les autres espaces du réseau. On reste beaucoup entre nous."),
    ("2024-09-05", "Raphaël", "traducteur", "L'Escale Verte", "Bruyant le mercredi, parfait les autres jours."),
    ("2024-09-05", "Chantal", "échevine", "L'Escale Verte", "La Ville soutient l'Escale depuis 2019 et continuera de le faire."),
    ("2024-09-06", "Stéphanie", "coach", "Le Lavoir Partagé", "Des idées plein la tête à chaque visite ! Le projet de serre partagée est génial, j'espère qu'il verra le jour."),
]  # fmt: skip


def make_docx():
    document = Document()
    document.core_properties.title = "Assemblée générale de L'Atelier des Quais"
    document.core_properties.author = ""
    document.add_heading("Assemblée générale de L'Atelier des Quais", 1)
    document.add_paragraph("Compte rendu de la séance du 12 décembre 2024, à Nantes.")
    for name, words in ASSEMBLY:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name} : ").bold = True
        paragraph.add_run(words)
    document.save(CORPUS / "14-assemblee.docx")


ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:text>{body}</office:text></office:body></office:document-content>"""


def make_odt():
    body = '<text:h text:outline-level="1">Le mot des membres du Coworking Les Carrières</text:h><text:p>Soignies, automne 2024.</text:p>'
    for name, words in MEMBERS:
        body += f'<text:h text:outline-level="2">{escape(name)}</text:h><text:p>«\u00a0{escape(words)}\u00a0»</text:p>'
    manifest = ('<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
                '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
                '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')  # fmt: skip
    with zipfile.ZipFile(CORPUS / "15-mot-des-membres.odt", "w") as archive:
        for name, data in (
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            ("content.xml", ODT.format(body=body)),
            ("META-INF/manifest.xml", manifest),
        ):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)


def make_pdf():
    items = "".join(f"<h2>{escape(name)}</h2><p>«\u00a0{escape(words)}\u00a0»</p>" for name, words in LETTER)
    page = ('<!doctype html><html lang="fr"><meta charset="utf-8"><title>La lettre des espaces ruraux</title><style>body{font:12pt/1.5 serif}'
            'h1{font-size:24pt}h2{font-size:14pt;break-after:avoid}main{column-count:2;column-gap:14mm;text-align:justify;hyphens:auto}</style>'
            f"<h1>La lettre des espaces ruraux</h1><p>Numéro 7, décembre 2024</p><main>{items}</main></html>")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "lettre.html"
        source.write_text(page, "utf-8")
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--disable-background-networking",
            f"--user-data-dir={folder}/profile",
        ]
        subprocess.run(["chromium", *flags, f"--print-to-pdf={CORPUS / '16-lettre.pdf'}", source.as_uri()], check=True, capture_output=True)


def make_xlsx():
    book = Workbook()
    sheet = book.active
    sheet.title = "Satisfaction 2024"
    sheet.append(["Date", "Prénom", "Métier", "Espace", "Votre avis en quelques mots"])
    for row in SURVEY:
        sheet.append(row)
    book.save(CORPUS / "17-satisfaction.xlsx")


if __name__ == "__main__":
    for make in (make_docx, make_odt, make_pdf, make_xlsx):
        make()
