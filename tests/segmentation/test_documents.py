"""Documents as people write them, in many hands and typographies: who speaks, as what, for whom, and with which words."""

from pathlib import Path

import pytest

from testimony import readers
from testimony.segmentation import segment
from testimony.types import Document

FOLDER = Path(__file__).parent / "documents"

NOLWENN = ("Nolwenn Kerbrat", "factrice d’accordéons", "La Forge")
TRELANS = ("Colette Vasseur", "maire de Trélans", None)
INTERN = (None, "stagiaire", None)
ROSE = ("Rose M.", "psychologue du travail", None)
MAUD = ("Maud Castelain", "cheffe de projet", None)
SALOME, CORENTIN = ("Salomé Vidal", "architecte", None), ("Corentin Mahé", "charpentier", None)
GHISLAINE = ("Ghislaine Porte", "fondatrice", "L'Étable Numérique")
HELOISE = ("Héloïse Carpentier", None, None)

# Document → (who, first words, last words) of each testimonial.
EXPECTED: dict[str, list[tuple[tuple[str | None, str | None, str | None], str, str]]] = {
    "01-portrait.md": [
        (NOLWENN, "Mon grand-père réparait", "fasse du bruit."),
        (NOLWENN, "On démonte d’abord", "de se tromper."),
        (NOLWENN, "Ici, on me", "la mienne fatigue"),
        (NOLWENN, "L’hiver, la colle", "à dix-sept heures."),
    ],
    "02-qr-tirets.txt": [(("Bakary Traoré", "cofondateur", "Conserverie Mobile"), "Parce que j'y", "commencé en janvier.")],
    "03-livre-d-or.txt": [
        (("Fantine P.", "avocate", None), "Merci pour l'accueil,", "avec mes dossiers."),
        (("Ernest", None, None), "Le wifi tombe", "jardin est magnifique."),
        (("Marthe et Ludovic", "potiers à Cosne", None), "On nous avait", "gardons vos adresses."),
        ((None, "Anonyme", None), "Trop cher pour", "ce que c'est."),
    ],
    "04-html-cartes.html": [
        (("Perrine Dalmasso", "Consultante RH", None), "J’ai signé mon", "plus de thé."),
        (("Anatole Jurieu", "Développeur", "Ligne Claire"), "Un lieu où", "pas de prix."),
        (("Clémence Otte", "Traductrice", None), "Je regrette seulement", "si mal isolés."),
    ],
    "05-reportage.md": [
        (("Sidonie Aubert", "responsable du lieu", None), "On a ouvert", "réserver le mardi."),
        (("Yanis Belkhir", "développeur", None), "Je gagne trois", "gagne un père"),
        (("Maryvonne Tessier", None, None), "Ils apportent leur", "remplacerai mon four."),
    ],
    "06-table-ronde.txt": [
        (TRELANS, "Nous avions une", "acheté une maison."),
        (("Issa Camara", "coordinateur", "Hauts Plateaux"), "Le plus dur", "les subventions s'arrêtent."),
        (("Ombeline Roy", "graphiste", None), "Je le vis", "horaires du bus."),
        (TRELANS, "C'est noté, et", "communauté de communes."),
    ],
    "07-live.md": [
        (HELOISE, "Salle comble pour", "de filatures réunies."),
        (("Tristan Auger", None, None), "Très belle intervention", "mes torchons peluchent."),
        (HELOISE, "Déjeuner sous la", "au maroilles inoubliable."),
    ],
    "08-article.md": [(("Capucine Delorme", "menuisière", "Scierie Collective"), "Quand j'ai poussé", "qui compte davantage.")],
    "09-notes.md": [(ROSE, "Je ne peux", "palettes, même jolie."), (ROSE, "Si vous ouvriez", "discuter le prix.")],
    "10-participants.md": [],
    "11-promo.html": [],
    "12-sondage.md": [],
    "13-courriers.txt": [
        (("Solange Priou", "orthophoniste", None), "Chère équipe, Je", "une autre heure."),
        (("Grégoire Hamelin", "professeur de théâtre", "collège Jean-Macé"), "Bonjour, Nous voulions", "tombé de scène."),
    ],
    "14-verbatims.md": [
        (INTERN, "J'ai appris à", "sans pleurer, merci."),
        (INTERN, "Trop court !", "sur les aides."),
        (INTERN, "Formateur passionnant, salle", "passionnant, salle glaciale."),
    ],
    "15-couple.md": [
        (("Mireille et Fabien Coste", "épiciers à Saint-Jory", None), "Nous vendions des", "cela se mange"),
        (("Mireille", None, None), "Le plus beau,", "restent pour parler"),
    ],
    "16-initiales.txt": [(("Léopold Ngoma", "animateur", "Ressourcerie du Val"), "Depuis que le", "paie en heures.")],
    "17-imbriquees.md": [
        (("Bérénice Maucourt", "présidente de l'association", None), "Quand le maire", "nous y arriverions"),
        (("Octave Pelletier", "bénévole", None), "On me demande", "à se croiser"),
    ],
    "18-captions.vtt": [
        (("Marius Delattre", None, None), "Nous avons ouvert", "payer la dalle."),
        (("Apolline Gros", None, None), "Moi, j'y ai", "ne compte pas."),
    ],
    "19-bilingue.md": [
        (("Ingrid Vermeulen", "architecte", None), "Le lieu m'a", "à la maison."),
        (("Peter Holloway", "data analyst", None), "The place gave", "than at home."),
    ],
    "20-spans.html": [
        (("Joachim", "illustrateur", None), "Je viens pour", "pour les gens."),
        (("Edwige", "rédactrice", None), "Les tarifs ont", "n’ont pas changé."),
        (("Sylvain", "gérant", "Cyclo-Dépanne"), "On m’a prêté", "deux ont servi."),
    ],
    "21-pelican.md": [(("Gaëtane Morvan", "relieuse", None), "Six mois déjà", "dormir sans lui.")],
    "22-organisations.md": [
        (("Les Jardins d'Aurore", None, "Les Jardins d'Aurore"), "Le Sémaphore nous", "beaucoup de courgettes."),
        (("Coopérative Ouvre-Boîte", None, "Coopérative Ouvre-Boîte"), "Nous accompagnons six", "en accompagner davantage."),
    ],
    "23-gras-inline.md": [
        (("Gustave", "retraité", None), "Je viens lire", "maintient en forme."),
        (("Lila", "lycéenne", None), "Chez moi, on", "personne ne crie."),
        (("Noé", "livreur", None), "Je recharge mon", "connaît mon prénom."),
    ],
    "24-rst.rst": [(MAUD, "Nous avons gardé", "où ils sont."), (MAUD, "L'an prochain, nous", "sais pas pourquoi.")],
    "25-unbalanced.md": [
        (("Prosper Lemoine", "apprenti", None), "J'ai cassé trois", "c'était la leçon."),
        (("Quitterie Bazin", "formatrice", None), "Ils arrivent inquiets,", "place contre rien."),
    ],
    "26-fete.md": [
        (("Lucienne Bartoli", "adhérente", None), "Je croyais que", "fils au Québec."),
        (("Marc-Antoine Desprez", "président", None), "Sans vous, il", "musique, ni Boussole."),
        (("Aminata Sy", "comptable", "Petits Bilans"), "les comptes sont", "la chaudière lâche"),
    ],
    "27-questions-en-ligne.md": [
        (("Hortense Quélen", "correctrice pour des maisons d'édition scolaires", None), "Je m'appelle Hortense", "aussi bien mangé.")
    ],
    "28-signatures.txt": [
        (("Damien R.", "consultant SEO", None), "J'étais venu pour", "resté trois ans."),
        (("Émilie", "étudiante en droit", None), "Accueil parfait, prix", "doux, chaises dures."),
        (("L'équipe de BioLog", None, "BioLog"), "Nous y faisons", "nos réunions d'équipe."),
    ],
    "29-figures.html": [
        (("Wassim Haddad", "plombier", None), "Ici j’ai compris", "pas une insulte."),
        (("Prune Castaing", "fleuriste à Gaillac", None), "On m’a relu", "une belle bêtise."),
    ],
    "30-croisee.md": [
        (SALOME, "Devant l'imprimante, un", "les vraies associations."),
        (CORENTIN, "Je dirais plutôt", "histoire quand même."),
        (SALOME, "Nous signons ensemble", "sur les fenêtres."),
        (CORENTIN, "Elle veut de", "ont les deux."),
    ],
    "31-conseil.md": [
        (("M. Lebrun", None, None), "Je ne voterai", "vu les devis."),
        (("Mme Ndiaye", None, None), "Les devis sont", "faut-il les lire."),
    ],
    "32-etable.md": [
        (GHISLAINE, "Travailler à la", "prendre des vacances."),
        (GHISLAINE, "J'ai signé un", "était consommé d'avance."),
        (GHISLAINE, "Puis une entreprise", "tout a changé"),
        (("Alban", "éleveur", None), "Moi, tant que", "les vaches dorment…"),
    ],
    "33-par.md": [(("Violaine Tardieu", None, None), "J'ai quitté la", "voyons davantage qu'avant.")],
    "34-parentheses.md": [
        (("Hugues", "exposant", None), "Une organisation au", "bénévoles en or"),
        (("Mme Lacaze", "fromagère à Laguiole", None), "Il faisait trop", "perdu deux fromages"),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_document_is_understood(name) -> None:
    (document,) = (item for item in readers.read(FOLDER / name) if isinstance(item, Document))
    found = segment(document)
    assert [
        ((one.speaker, one.role, one.space), " ".join(one.text.split()[:3]), " ".join(one.text.split()[-3:])) for one in found
    ] == EXPECTED[name]


def test_every_document_has_an_answer() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)
