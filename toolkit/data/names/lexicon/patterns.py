"""What the names of trades and firms have in common: their order of parts and their legal forms."""

PATTERNS = """
firm_form = 70 Gmbh | 12 Gmbh & Co. Kg | 3 Gmbh & Co.kg | 2 Kg | 2 Ohg | 3 Ag | 2 Gbr | 2 E.k. | 2 Ug
    | 1 Mbh | 0.5 Ug (haftungsbeschränkt) | 1 Gmbh U. Co. Kg | 0.6 Ltd. | 2 Inh. {first} {surname}
small_form = 60 Gmbh | 10 Gbr | 8 E.k. | 14 Inh. {first} {surname} | 4 Ohg | 4 Kg
form = 75 {firm_form} | 25 {small_form}
legal = 1 {form}

trade = 46 {surname} [{cue}] | 9 {surname} [{cue}] {legal} | 9 {surname} {legal} [{cue}]
    | 6 [{cue}] {surname} | 6 [{cue}] {surname} {legal} | 2 {surname} & {surname} [{cue}]
    | 1.5 {surname} U. {surname} {legal} [{cue}] | 4 {brand} [{cue}] | 4 {brand} {legal} [{cue}]
    | 1.5 {brand}-[{cue}] {legal} | 2 {surname}-[{cue}] | 1.5 {surname}, {first} [{cue}]
    | 1 {surname} {legal}, {first} [{cue}] | 0.8 {surname} & Sohn [{cue}] | 1.2 [{cue}] {place}
    | 1.2 {first} [{cue}] | 2 {surname} [{cue}] {cue} | 1 {surname} + {surname} {legal} [{cue}]

firm = 24 {brand} [{cue}] {legal} | 12 {brand} {legal} [{cue}] | 14 {surname} [{cue}] {legal}
    | 9 {surname} {legal} [{cue}] | 14 {surname} [{cue}] | 4 [{cue}] {surname} | 8 {brand} [{cue}]
    | 4 {brand}-[{cue}] {legal} | 2.5 {surname} & {surname} [{cue}] {legal}
    | 1.5 {surname} + {surname} [{cue}] | 4 {brand} {motto} [{cue}] {legal} | 3 [{cue}] {brand} {legal}
    | 2 {brand} [{cue}] {place} {legal}

# what else a business does, unless its label says better
topic = 1 {field}

# a name that says nothing of the trade
bare = 3 {surname} | 4 {surname} {form} | 2 {brand} {form} | 1 {brand} {motto} {form}
    | 1 {first} {surname}
"""
