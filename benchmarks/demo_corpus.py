"""Make the binary documents of the demonstration corpus from the texts below: `python benchmarks/demo_corpus.py [FOLDER]`.

Everything is invented. The same texts give the same bytes at every run: dates inside the files are fixed. The pdf is printed by Chromium,
whose versions differ; it is left alone where Chromium is not there.
"""

import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from html import escape
from pathlib import Path

from docx import Document
from openpyxl import Workbook

CORPUS = Path(__file__).parents[1] / "corpus"
Said = list[tuple[str, str]]

ASSEMBLY: Said = [
    (
        "Fabrice Denis, président du collectif",
        "Je déclare la séance ouverte. L'Atelier des Quais compte cent quatre adhérents, douze de plus que l'an dernier, et nos comptes sont "
        "à l'équilibre pour la première fois. C'est une belle victoire collective.",
    ),
    (
        "Rozenn Cadiou, trésorière",
        "Belle, mais fragile. La moitié de nos recettes vient d'un seul appel à projets de la Région, et il se termine en juin. Je propose que "
        "nous augmentions la part des locations de salles, quitte à y consacrer un mi-temps.",
    ),
    (
        "Marco Ferretti, menuisier",
        "On parle d'argent depuis une heure et personne ne parle du chauffage. L'atelier bois est à douze degrés. Je ne demande pas la lune, "
        "juste un poêle.",
    ),
    ("Fabrice", "Le point est noté, Marco, et tu as raison : deux hivers de suite, c'est trop."),
    (
        "Awa Diallo, animatrice",
        "Les soirées du mercredi attirent un public que nous ne voyions jamais : des lycéens, des voisins, des parents. J'ai besoin de trois "
        "bénévoles pour tenir le rythme, sinon il faudra en supprimer une sur deux.",
    ),
    ("Rozenn", "Je serai l'une des trois, à condition que nous arrêtions de voter les dates à quarante."),
    (
        "Ingrid Fonteneau, architecte",
        "Je voudrais défendre nos votes. Oui, c'est long. Mais la fois où le bureau a décidé seul, nous avons acheté des tables trop hautes et "
        "perdu six adhérents. Une coopérative qui va vite, cela s'appelle une entreprise.",
    ),
]
MEMBERS: Said = [
    (
        "Sarah Lorent, architecte d'intérieur",
        "Aux Carrières, on a gardé les murs de pierre bleue et ajouté de grandes tables. C'est beau, solide, et l'acoustique est étonnamment "
        "bonne. J'y reçois mes clients avec fierté.",
    ),
    (
        "Philippe Tondeur, consultant",
        "Je paie cent vingt euros par mois et je n'utilise que le parking et l'imprimante. La faute à mon métier, pas au lieu : je suis "
        "toujours sur la route. Un abonnement à la journée me conviendrait mieux.",
    ),
    (
        "Noémie Gilson, doctorante",
        "Entre deux chapitres de thèse, la pause de dix heures m'a sauvée de la solitude. On y parle de tout sauf de travail. Et quand j'ai "
        "cherché un stage, c'est un voisin de bureau qui me l'a trouvé.",
    ),
    (
        "Loïc Vandamme, animateur",
        "Après le voyage à Nantes, nous avons lancé les petits déjeuners tournants, comme à La Mouture. Le premier a réuni vingt personnes. Le "
        "deuxième, trois : il pleuvait. On ne se décourage pas.",
    ),
    (
        "Marie-Jeanne Renard, retraitée de l'enseignement",
        "Je ne suis ni indépendante ni coworkeuse, je viens le mardi aider des jeunes à écrire leurs lettres. On me garde une chaise près du "
        "radiateur. Après quarante ans d'école, je découvre une classe où personne ne regarde l'heure.",
    ),
]
LETTER: Said = [
    (
        "Dominique Fauvet, conseillère régionale",
        "Les espaces ruraux ne sont pas des bureaux au rabais. Ils retiennent des familles, rouvrent des cafés et donnent du travail à des "
        "artisans. La Région maintiendra son appel à projets en 2025, mais son montant baissera de dix pour cent. Je sais ce que cela veut "
        "dire pour les plus petits, et je préfère l'annoncer maintenant qu'en juin.",
    ),
    (
        "Léa Montagnac, facilitatrice à La Grange aux Idées",
        "Cette lettre devait annoncer une bonne nouvelle et j'en ai deux : la porte de l'atelier est enfin posée, et le silence est revenu. Il "
        "nous reste à convaincre la commune de prolonger le bail, ce qui n'est pas gagné. La rencontre d'octobre nous a ouvert des portes ; "
        "trois espaces de Wallonie veulent organiser la prochaine avec nous.",
    ),
    (
        "Xavier Roumégoux, télétravailleur à L'Étape Gersoise",
        "J'ai essayé trois espaces avant de me fixer à Mirande. Celui-ci n'est ni le plus beau ni le plus animé, mais il est ouvert de sept "
        "heures à vingt-deux heures, et pour moi qui travaille avec Montréal, cela change la vie.",
    ),
    (
        "Agathe Roustan, naturopathe au Lavoir Partagé",
        "Un an après mon arrivée à Die, je fais partie du conseil. J'ai découvert que la gouvernance partagée consiste surtout à relancer les "
        "gens par téléphone. Les voitures devant le lavoir ont trouvé une solution : la paroisse nous prête sa cour en semaine.",
    ),
    (
        "Martial Coutant, facteur et bénévole à La Halle Percheronne",
        "Je passe dans deux cents maisons chaque jour, alors j'ai proposé de distribuer le programme de la halle avec le courrier. Depuis, on "
        "voit des têtes nouvelles aux soirées, et moi on m'offre le café à onze heures. Tout le monde y gagne.",
    ),
]
INTERVIEW: Said = [
    (
        "Comment êtes-vous arrivé à La Bobinette ?",
        "Par la porte de derrière, au sens propre : je livrais des cadres. J'ai vu de la lumière, des métiers à tisser, une cafetière. "
        "J'étais installé seul depuis neuf ans, à Felletin, et je n'avais jamais parlé métier avec personne.",
    ),
    (
        "Qu'est-ce que le lieu a changé dans votre travail ?",
        "Les prix. Je vendais trop bas, par peur. Ici, on m'a montré ce que coûte une heure. J'ai augmenté mes devis d'un quart, j'ai perdu "
        "deux clients et gagné ma vie. J'ai aussi pris un apprenti, ce que je n'aurais jamais osé faire dans mon garage.",
    ),
    (
        "Tout est-il parfait ?",
        "Non. On a froid, on manque de place et l'escalier est dangereux. Et puis il y a une chose qu'on dit peu : quand on partage un lieu, "
        "on partage aussi les fâcheries. Deux tapissières ne se parlent plus, et c'est toute la cuisine qui se tait.",
    ),
    (
        "Que diriez-vous à un artisan qui hésite ?",
        "De venir à la soupe du jeudi. Coralie lui trouvera une chaise et un sujet de conversation. S'il n'aime pas la soupe, je ne peux rien "
        "pour lui.",
    ),
]
SURVEY = [
    ("2024-09-02", "Delphine", "psychologue", "La Halte Gaumaise", "Petit lieu, grand cœur. On me prête une pièce fermée pour mes consultations, c'est précieux."),
    ("2024-09-02", "Olivier", "informaticien", "Coworking Les Carrières", "Le wifi est stable et les prises sont partout. Rien à signaler d'autre."),
    ("2024-09-03", "Myriam", "couturière", "Le Fournil Partagé", "Je ne comprend pas pourquoi on ne peut pas réserver les salles en ligne, c'est compliqué pour rien."),
    ("2024-09-03", "Jean-Luc", "agriculteur", "Le Fournil Partagé", "Moi l'ordinateur c'est pas mon truc, mais les cours du soir sont bien expliqués et j'ai enfin compris mes déclarations."),
    ("2024-09-04", "Vanessa", "chargée de projet", "La Mouture", "J'aurais aimé plus de rencontres avec les autres espaces du réseau. On reste beaucoup entre nous."),
    ("2024-09-05", "Raphaël", "traducteur", "L'Escale Verte", "Bruyant le mercredi, parfait les autres jours."),
    ("2024-09-05", "Chantal", "échevine", "L'Escale Verte", "La Ville soutient l'Escale depuis 2019 et continuera de le faire."),
    ("2024-09-06", "Stéphanie", "coach", "Le Lavoir Partagé", "Des idées plein la tête à chaque visite ! Le projet de serre partagée est génial, j'espère qu'il verra le jour."),
    ("2024-09-09", "Rudy", "garde forestier", "La Halte Gaumaise", "Je remplis mes rapports ici plutôt que dans la camionnette. Chauffé, au calme, et à cent mètres du dépôt : nickel."),
    ("2024-09-09", "Aurore", "assistante sociale", "La Halte Gaumaise", "Si la commune arrête son subside en décembre, on fait quoi ? Personne nous dit rien, c'est inquiétant."),
    ("2024-09-10", "Maxence", "étudiant", "Coworking Val d'Ourthe", "Ouvert pendant le blocus, merci !! Par contre 12 € la journée pour un étudiant c'est beaucoup"),
    ("2024-09-11", "Irène", "tapissière", "La Bobinette", "Le groupement d'achat nous fait économiser un tiers sur les laines. Seule, je n'aurais jamais eu ces prix."),
    ("2024-09-11", "Sylvie", "professeure de tissage", "La Bobinette", "Mes élèves apprennent à côté de gens qui vivent de ce métier, aucune école ne peut offrir cela. Dommage que l'escalier soit si raide."),
    ("2024-09-12", "Damien", "développeur", "La Bobinette", "Pas évident de faire une visio à côté d'un métier à tisser, mais on s'y fait. J'ai pris un abonnement d'un an."),
    ("2024-09-12", "", "usager", "L'Escale Verte", "ascenseur tjs en panne, sa fait 6 mois !!!"),
]  # fmt: skip


def _settle(path: Path) -> None:
    """Write a zip again with fixed dates, so that the same content gives the same bytes."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            fixed = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2024-12-01T09:00:00Z", data) if name.endswith("core.xml") else data
            info = zipfile.ZipInfo(name, (2024, 12, 1, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, fixed)


def _document(title: str, date: datetime.datetime) -> Document:
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = date
    document.add_heading(title, 1)
    return document


def make_minutes(folder: Path) -> None:
    """Minutes of a meeting in Word: `Prénom Nom, fonction : …`."""
    document = _document("Assemblée générale de L'Atelier des Quais", datetime.datetime(2024, 12, 12))
    document.add_paragraph("Compte rendu de la séance du 12 décembre 2024, à Nantes.")
    for name, words in ASSEMBLY:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name} : ").bold = True
        paragraph.add_run(words)
    document.save(str(folder / "14-assemblee-quais.docx"))
    _settle(folder / "14-assemblee-quais.docx")


def make_interview(folder: Path) -> None:
    """An interview in Word: questions in bold, answers below."""
    document = _document("Entretien avec Nordine Bessaoud, encadreur, membre de La Bobinette", datetime.datetime(2024, 10, 8))
    document.add_paragraph("Nordine Bessaoud encadre et restaure des tapisseries. Il a rejoint le tiers-lieu d'Aubusson en 2022.")
    for question, answer in INTERVIEW:
        document.add_paragraph().add_run(question).bold = True
        document.add_paragraph(answer)
    document.save(str(folder / "26-entretien-encadreur.docx"))
    _settle(folder / "26-entretien-encadreur.docx")


ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:text>{body}</office:text></office:body></office:document-content>"""
MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def make_odt(folder: Path) -> None:
    """Headings with name and trade, then a quoted paragraph, in OpenDocument."""
    body = '<text:h text:outline-level="1">Le mot des membres du Coworking Les Carrières</text:h><text:p>Soignies, automne 2024.</text:p>'
    for name, words in MEMBERS:
        body += f'<text:h text:outline-level="2">{escape(name)}</text:h><text:p>«\u00a0{escape(words)}\u00a0»</text:p>'
    members = (
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", ODT.format(body=body)),
        ("META-INF/manifest.xml", MANIFEST),
    )
    with zipfile.ZipFile(folder / "15-mot-des-membres-carrieres.odt", "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2024, 12, 1, 9, 0, 0)), data)


STYLE = (
    "@page{size:A4;margin:22mm}body{font:11.5pt/1.5 serif}h1{font-size:26pt;margin:0}h2{font-size:13.5pt;break-after:avoid;margin:6mm 0 2mm}"
    "main{column-count:2;column-gap:12mm;text-align:justify;hyphens:auto}p{margin:0 0 3mm;break-inside:avoid}"
)


def make_pdf(folder: Path) -> None:
    """A newsletter in two columns, printed by Chromium."""
    items = "".join(f"<h2>{escape(name)}</h2><p>«\u00a0{escape(words)}\u00a0»</p>" for name, words in LETTER)
    page = (
        f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>La lettre des espaces ruraux</title><style>{STYLE}</style>'
        f"<h1>La lettre des espaces ruraux</h1><p>Numéro 7, décembre 2024</p><main>{items}</main></html>"
    )
    with tempfile.TemporaryDirectory() as scratch:
        source, printed = Path(scratch) / "lettre.html", Path(scratch) / "lettre.pdf"
        source.write_text(page, "utf-8")
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--disable-background-networking"]
        command = ["chromium", *flags, f"--user-data-dir={scratch}/profile", f"--print-to-pdf={printed}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)
        dated = re.sub(rb"D:\d{14}\+00'00'", b"D:20241201090000+00'00'", printed.read_bytes())
        (folder / "16-lettre-espaces-ruraux.pdf").write_bytes(dated)


def make_xlsx(folder: Path) -> None:
    """A satisfaction survey, one answer in each row."""
    book = Workbook()
    book.properties.created = datetime.datetime(2024, 9, 30)
    sheet = book.active
    sheet.title = "Satisfaction 2024"
    sheet.append(["Date", "Prénom", "Métier", "Espace", "Votre avis en quelques mots"])
    for row in SURVEY:
        sheet.append(row)
    book.save(folder / "17-satisfaction.xlsx")
    _settle(folder / "17-satisfaction.xlsx")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    for make in (make_minutes, make_interview, make_odt, make_xlsx):
        make(target)
    if shutil.which("chromium"):
        make_pdf(target)
