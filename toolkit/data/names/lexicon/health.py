"""Doctors, physiotherapists and pharmacies."""

HEALTH = {
    "Allgemeinärzte": """
name = 80 {surname} [{cue}] {title} | 4 {surname} U. {surname} [{cue}] {title}
    | 3 {surname} [{cue}] {surname} {cue} {title} | 5 {first} {surname} [{cue}] {title}
    | 5 [{cue}] {surname} {title}
title = 38 | 40 Dr. Med. | 18 Dr. | 3 Dr.med. | 5 Dipl.-med.
cue = 16 Facharzt Für Allgemeinmedizin | 8 Fachärztin Für Allgemeinmedizin | 8 Arzt Für Allgemeinmedizin
    | 3 Ärztin Für Allgemeinmedizin | 4 Allgemeinmedizin | 4 Arztpraxis Für Allgemeinmedizin
    | 3 Praxis Für Allgemeinmedizin | 4 Allgemeinmediziner | 3 Allgemeinarzt | 1.5 Allgemeinärztin
    | 3 Ärzte Für Allgemeinmedizin | 2 Praktischer Arzt | 1 Praktische Ärztin | 1.5 Hausarztpraxis
    | 1.5 Hausarzt | 2 Facharzt F. Allgemeinmedizin | 1.5 Facharzt Für Innere Und Allgemeinmedizin
    | 1.5 Gemeinschaftspraxis Allgemeinmedizin | 1.5 Allgemeinmedizin Und Naturheilverfahren
    | 1 Internist Und Hausarzt | 1 Arzt Für Allgemeinmedizin-naturheilverfahren
topic : Akupunktur Sportmedizin Homöopathie Naturheilverfahren Chirotherapie Betriebsmedizin
    Reisemedizin Umweltmedizin
""",
    "Physiotherapie": """
name = 1 {trade}
legal = 12 {form} | 88
cue = 24 Physiotherapie | 22 Krankengymnastik | 11 Praxis Für Physiotherapie
    | 5 Praxis Für Krankengymnastik | 2 Physiotherapeut | 3 Physiotherapeutin | 3 Physiotherapiepraxis
    | 1 Krankengymnast | 2 Krankengymnastin | 1.5 Krankengymnastikpraxis
    | 2 Krankengymnastik Und Massage | 1.5 Massage Krankengymnastik | 1 Physio | 1 Physiotherapiezentrum
    | 2 Physikalische Therapie | 1 Praxisgemeinschaft Physiotherapie | 1.5 Therapiezentrum
    | 0.7 Physio-praxis | 1 Krankengymnastik Physikalische Therapie | 1 Massagepraxis | 0.7 Physioteam
    | 0.6 Rehazentrum Physiotherapie | 1 Physiotherapie Osteopathie
topic : Lymphdrainage Osteopathie Sauna Rückenschule Fitness Reha Ergotherapie Massage Wellness Fango
    Sport Manuelle Bobath Gesundheit
""",
    "Apotheken": """
name = 67 {store} {chemist} | 20 [Apotheken] - {store} {chemist} | 13 [Apotheken] - {house}
bare = 1 {house}
house = 4 {animal} | 4 {sign} | 3 {place} | 1.5 {village_front}{spot} | 1.5 {motto} | 6 {patron}
    | 1.5 {surname}
patron : Sonnen Stern Rosen Linden Marien Johannes Paracelsus Hubertus Rats Engel Kur Neue Alte Untere
    Stadt Nord Süd West Barbara Goethe Schiller Luther Beethoven Humboldt
spot : tor berg see park
square : platz tor markt ring park see
store = 30 {house}-[apotheke] | 28 {house} [Apotheke] | 6 [Apotheke] Am {village_front}{square}
    | 2 [Apotheke] Im {sign} | 2 [Apotheke] An Der {sign} | 2 [Apotheke] Zum {sign}
    | 5 {house}[apotheke] | 4 {surname} [Apotheke]
cue = 1 Apotheke
chemist = 94 | 1.6 E.k. | 0.5 Ohg | 2.2 Inh. {first} {surname} | 1.1 Dr. {surname}
topic : Homöopathie Reise Kosmetik Naturheilmittel Kranken
""",
}
