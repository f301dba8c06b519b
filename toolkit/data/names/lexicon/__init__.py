"""The words of the invented names: rules that every label shares, and the rules of each label."""

from toolkit.data.names.lexicon.adverts import ADVERTS
from toolkit.data.names.lexicon.brands import BRANDS
from toolkit.data.names.lexicon.cars import CARS
from toolkit.data.names.lexicon.clubs import CLUBS
from toolkit.data.names.lexicon.crafts import CRAFTS
from toolkit.data.names.lexicon.health import HEALTH
from toolkit.data.names.lexicon.houses import HOUSES, INNS, SIGNS
from toolkit.data.names.lexicon.offices import OFFICES
from toolkit.data.names.lexicon.patterns import PATTERNS
from toolkit.data.names.lexicon.people import PEOPLE
from toolkit.data.names.lexicon.places import PLACES

SHARED = (PEOPLE, PLACES, BRANDS, PATTERNS, SIGNS, HOUSES)

# label -> the rules that it adds to the shared ones or puts in their place
OWN = {**CRAFTS, **CARS, **OFFICES, **HEALTH, **INNS, **CLUBS, **ADVERTS}
