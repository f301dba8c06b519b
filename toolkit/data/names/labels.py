"""The 22 labels: how common each is, and how often its names mislead."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Label:
    """How names of one label are drawn; shares are between 0 and 1."""

    weight: int  # rows in proportion to the other labels
    bare: float  # share of names that hold no cue of the label
    activity: float  # share of names that also tell what else the business does
    neighbours: tuple[tuple[str, float], ...] = ()  # (label, share of names that show that label's cue)


LABELS = {
    "Allgemeinärzte": Label(49, 0.004, 0.02),
    "Apotheken": Label(65, 0.06, 0.02),
    "Architekturbüros": Label(116, 0.012, 0.05),
    "Autowerkstätten": Label(64, 0.03, 0.12, (("Gebrauchtwagen", 0.14), ("Dienstleistungen", 0.03))),
    "Dienstleistungen": Label(134, 0.04, 0.42, (("Edv", 0.02),)),
    "Edv": Label(93, 0.03, 0.16, (("Dienstleistungen", 0.06),)),
    "Elektriker": Label(88, 0.015, 0.06, (("Elektrotechnik", 0.03), ("Edv", 0.015))),
    "Elektrotechnik": Label(75, 0.004, 0.08),
    "Friseure": Label(149, 0.01, 0.05),
    "Gebrauchtwagen": Label(111, 0.015, 0.04, (("Autowerkstätten", 0.04),)),
    "Handelsvermittler Und -vertreter": Label(46, 0.05, 0.16, (("Werbeagenturen", 0.02),)),
    "Hotels": Label(66, 0.14, 0.03, (("Restaurants", 0.05),)),
    "Maler": Label(85, 0.004, 0.05),
    "Physiotherapie": Label(75, 0.004, 0.05),
    "Restaurants": Label(104, 0.10, 0.04, (("Hotels", 0.025),)),
    "Sanitärinstallationen": Label(78, 0.03, 0.16),
    "Tiefbau": Label(124, 0.01, 0.05, (("Architekturbüros", 0.008),)),
    "Unternehmensberatungen": Label(162, 0.012, 0.26, (("Edv", 0.02),)),
    "Vereine": Label(91, 0.0, 0.10),
    "Vermittlungen": Label(72, 0.01, 0.0, (("Dienstleistungen", 0.02),)),
    "Versicherungsvermittler": Label(83, 0.01, 0.05, (("Dienstleistungen", 0.012),)),
    "Werbeagenturen": Label(70, 0.012, 0.26, (("Dienstleistungen", 0.03),)),
}


def quotas(rows: int) -> dict[str, int]:
    """How many of `rows` each label gets: in proportion to its weight, largest remainders rounded up."""
    total = sum(label.weight for label in LABELS.values())
    counts = {name: rows * label.weight // total for name, label in LABELS.items()}
    by_remainder = sorted(LABELS, key=lambda name: (-(rows * LABELS[name].weight % total), name))
    for name in by_remainder[: rows - sum(counts.values())]:
        counts[name] += 1
    return counts
