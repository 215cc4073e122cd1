"""`compliance init`: a commented compliance.yaml to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compliance.cli.output import write_file
from compliance.errors import Place, UsageError
from compliance.model.law import Language
from compliance.model.settings import NAME

_TEMPLATE = {
    Language.EN: """\
# Settings of `compliance`, read from the working folder (or by --config FILE).
# Paths are relative to this file. An option of the command line wins over what stands here.

# What is audited when no draft is named: files, or folders with all their drafts.
{drafts}
# The State: an id (mli, generic) or a YAML file of your own.
profile: {profile}

# Only these instruments; without this line, every one known.
# instruments: [icrmw, c097, c143]

# Language of the reports, fr or en; without this line, that of the draft.
# lang: en

# What makes the exit status 1: conflict, gap, partial or never; and from which priority: high, medium, low.
fail_on: conflict
# min_priority: medium

# Folders of your own that hold conventions/ or rules/ (instruments, States, rules, words).
# extra: [our-instruments]

# What people decided (`compliance review`), and the shortfalls already known (`compliance check --write-baseline`).
# review: compliance.review.yaml
# baseline: compliance.baseline.json

# Seconds one draft may take, and drafts judged at the same time.
# timeout: 120
# jobs: 2

# Written beside what is shown when `compliance check` is run without a draft.
# outputs:
#   - {{format: json, file: out/compliance.json}}
""",
    Language.FR: """\
# Réglages de « compliance », lus dans le dossier de travail (ou par --config FICHIER).
# Les chemins partent de ce fichier. Une option de la ligne de commande l’emporte sur ce qui est écrit ici.

# Ce qui est audité quand aucun projet n’est nommé\u00a0: des fichiers, ou des dossiers avec tous leurs projets.
{drafts}
# L’État\u00a0: un identifiant (mli, generic) ou un fichier YAML à vous.
profile: {profile}

# Ces instruments seulement\u00a0; sans cette ligne, tous ceux qui sont connus.
# instruments: [icrmw, c097, c143]

# Langue des rapports, fr ou en\u00a0; sans cette ligne, celle du projet.
# lang: fr

# Ce qui met l’état de sortie à 1\u00a0: conflict, gap, partial ou never\u00a0; et à partir de quelle priorité\u00a0: high, medium, low.
fail_on: conflict
# min_priority: medium

# Des dossiers à vous qui contiennent conventions/ ou rules/ (instruments, États, règles, mots).
# extra: [nos-instruments]

# Ce que des personnes ont décidé («\u00a0compliance review\u00a0»), et les insuffisances déjà connues
# («\u00a0compliance check --write-baseline\u00a0»).
# review: compliance.review.yaml
# baseline: compliance.baseline.json

# Secondes qu’un projet peut prendre, et projets jugés en même temps.
# timeout: 120
# jobs: 2

# Écrits en plus de ce qui est montré quand «\u00a0compliance check\u00a0» est lancé sans projet.
# outputs:
#   - {{format: json, file: out/compliance.json}}
""",
}


def init(
    drafts: Annotated[list[Path] | None, typer.Argument(metavar="[DRAFT]...", help="Drafts to audit.")] = None,
    profile: Annotated[str, typer.Option("--profile", help="State profile to begin with.")] = "generic",
    lang: Annotated[Language, typer.Option("--lang", help="Language of the comments.")] = Language.EN,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented compliance.yaml in the working folder."""
    target = Path(NAME)
    if target.exists() and not force:
        raise UsageError("is already there", Place(target), "--force replaces it")
    write_file(target, template(drafts or [], profile, lang).encode())
    print(target)


def template(drafts: list[Path], profile: str, lang: Language) -> str:
    """The text of the file."""
    if drafts:
        listed = "drafts:\n" + "".join(f"  - {_quoted(path.as_posix())}\n" for path in drafts)
    else:
        listed = "# drafts:\n#   - drafts/\n"
    return _TEMPLATE[lang].format(drafts=listed, profile=_quoted(profile))


def _quoted(text: str) -> str:
    import json

    plain = text.replace("/", "").replace(".", "").replace("-", "").replace("_", "")
    return text if plain.isalnum() and not plain[0].isdigit() else json.dumps(text, ensure_ascii=False)
