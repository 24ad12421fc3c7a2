"""Words of the report's frame, in French and in English; what people said is never translated."""

from __future__ import annotations

FRENCH = {
    "lang": "fr", "title": "Ce que disent les témoignages", "overview": "Vue d’ensemble", "spaces": "Espaces", "themes": "Thèmes",
    "names": "Personnes et lieux", "testimonials": "Témoignages", "concordance": "Concordance", "method": "Méthode et limites",
    "skip": "Aller au contenu", "n_testimonials": "témoignages", "n_speakers": "personnes", "n_spaces": "espaces", "n_words": "mots",
    "n_documents": "documents lus", "positive": "positif", "negative": "négatif", "mixed": "partagé", "neutral": "neutre",
    "proposal": "proposition", "praise": "Ce qui est apprécié", "complaint": "Ce qui pèse", "proposals": "Ce qui est proposé",
    "divided": "Ce qui partage", "who": "Qui parle", "felt": "Ressenti des phrases", "map": "De quoi parle chaque espace",
    "map_help": "Nombre de témoignages qui abordent le thème ; la couleur dit si les phrases y sont plutôt positives ou négatives.",
    "sentences": "phrases", "one_voice": "une seule voix", "voices": "{n} personnes le disent", "others": "Autres citations",
    "evidence": "Voir dans le texte", "unknown_speaker": "personne non nommée", "no_space": "Sans espace", "review": "à vérifier",
    "distinctive": "Mots propres à cet espace", "distinctive_none": "Aucun mot ne distingue cet espace de façon sûre.",
    "too_few": "Trop peu de témoignages pour comparer.", "mentions": "Ce que les autres en disent", "missing": "Thèmes dont personne n’a parlé",
    "cites": "Cite aussi", "search": "Rechercher dans les textes", "space": "Espace", "theme": "Thème", "polarity": "Ressenti",
    "role": "Rôle", "speaker": "Qui", "date": "Date", "text": "Texte", "all": "tous", "source": "Document", "reset": "Effacer les filtres",
    "copy_quotations": "Copier les citations", "csv": "Télécharger en CSV", "shown": "{n} témoignages affichés sur {total}", "more": "Afficher la suite",
    "close": "Fermer", "why": "Pourquoi cette attribution", "rule": "Forme reconnue", "confidence": "Confiance", "context": "Dans le document",
    "skipped": "Documents non lus", "skipped_none": "Tous les documents ont été lus.", "without": "Documents lus sans témoignage",
    "reason": "Raison", "entity": "Nom", "kind": "Sorte", "count": "Mentions", "aliases": "Formes rencontrées", "cooccur": "Souvent avec",
    "kwic_help": "Chaque occurrence d’un mot avec ce qui l’entoure.", "kwic_word": "Mot à chercher", "sort": "Trier par {name}",
    "PER": "personne", "LOC": "lieu", "ORG": "organisation", "SPACE": "espace", "MISC": "autre", "versions": "Versions",
    "timeline": "Dans le temps", "divisive": "Thèmes les plus partagés", "nobody": "Aucun témoignage n’a été trouvé.",
    "noscript": "Le tableau, les filtres et la concordance demandent JavaScript ; le reste se lit sans.",
    "truncated": "Les {n} premiers témoignages sont dans ce rapport ; les {rest} autres sont dans les tables.",
}  # fmt: skip

ENGLISH = FRENCH | {
    "lang": "en", "title": "What the testimonials say", "overview": "Overview", "spaces": "Spaces", "themes": "Themes",
    "names": "People and places", "testimonials": "Testimonials", "concordance": "Concordance", "method": "Method and limits",
    "skip": "Skip to content", "n_testimonials": "testimonials", "n_speakers": "people", "n_spaces": "spaces", "n_words": "words",
    "n_documents": "documents read", "positive": "positive", "negative": "negative", "mixed": "mixed", "neutral": "neutral",
    "proposal": "proposal", "praise": "What is praised", "complaint": "What weighs", "proposals": "What is proposed",
    "divided": "What divides", "who": "Who speaks", "felt": "How the sentences feel", "map": "What each space talks about",
    "map_help": "Number of testimonials on the theme; the colour says whether its sentences are rather positive or negative.",
    "sentences": "sentences", "one_voice": "one voice only", "voices": "{n} people say so", "others": "Other quotations",
    "evidence": "See in the text", "unknown_speaker": "person not named", "no_space": "No space", "review": "to review",
    "distinctive": "Words proper to this space", "distinctive_none": "No word sets this space apart with certainty.",
    "too_few": "Too few testimonials to compare.", "mentions": "What others say of it", "missing": "Themes nobody spoke of",
    "cites": "Also cites", "search": "Search the texts", "space": "Space", "theme": "Theme", "polarity": "Feeling", "role": "Role",
    "speaker": "Who", "date": "Date", "text": "Text", "all": "all", "source": "Document", "reset": "Clear the filters",
    "copy_quotations": "Copy the quotations", "csv": "Download as CSV", "shown": "{n} of {total} testimonials shown", "more": "Show more",
    "close": "Close", "why": "Why this attribution", "rule": "Form recognised", "confidence": "Confidence", "context": "In the document",
    "skipped": "Documents not read", "skipped_none": "Every document was read.", "without": "Documents read without a testimonial",
    "reason": "Reason", "entity": "Name", "kind": "Kind", "count": "Mentions", "aliases": "Forms met", "cooccur": "Often with",
    "kwic_help": "Each occurrence of a word with what surrounds it.", "kwic_word": "Word to look for", "sort": "Sort by {name}",
    "PER": "person", "LOC": "place", "ORG": "organisation", "SPACE": "space", "MISC": "other", "versions": "Versions",
    "timeline": "Over time", "divisive": "Most divided themes", "nobody": "No testimonial was found.",
    "noscript": "The table, the filters and the concordance need JavaScript; the rest reads without.",
    "truncated": "The first {n} testimonials are in this report; the other {rest} are in the tables.",
}  # fmt: skip

LABELS = {"fr": FRENCH, "en": ENGLISH}

RULES = {
    "record": "une ligne d’un tableau ou d’un fichier de données", "turns": "tours de parole « Nom : »",
    "interview in turns": "entretien en tours de parole", "interview": "entretien : questions puis réponses",
    "quotation, signature": "citation puis signature", "quotation": "citation dans un texte", "block quotation": "bloc de citation",
    "first-person article": "article à la première personne", "whole document": "document entier",
    "heading name, quotation": "titre avec le nom, puis citation", "bold name, quotation": "nom en gras, puis citation",
    "line name, quotation": "ligne avec le nom, puis citation", "heading name, text": "titre avec le nom, puis texte",
    "bold name, text": "nom en gras, puis texte", "quote name, quotation": "nom, puis citation", "item name, quotation": "nom, puis citation",
}  # fmt: skip
