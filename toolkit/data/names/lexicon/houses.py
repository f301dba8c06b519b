"""Inns and hotels: a house name that both share, and often nothing to tell them apart."""

SIGNS = """
animal : Löwen Adler Hirsch Bären Schwan Ochsen Lamm Falken Einhorn Hecht Kranich Storchen Pelikan
    Rössle Rössl Elefant Fuchs Widder Pfau
sign : Krone Sonne Linde Rose Post Traube Stern Mond Engel Anker Mühle Glocke Rebstock Eiche Kanne Waage
    Schiff Sonnenhof Tanne Brunnen Kreuz Ritter Kaiser Kurfürst Rathaus Markt Burg Bahnhof Park Wald
    Berg Stadt Dom Kloster Hafen

# "Zum Löwen", "Goldener Löwe", "Zur Krone", "Goldene Krone"
to_him : Löwen Adler Hirschen Bären Schwan Ochsen Falken Greif Kranich Pfau Stern Mond Engel Anker
    Rebstock Ritter Kaiser Turm Baum Krug Brunnen
he : Löwe Adler Hirsch Bär Schwan Ochse Falke Greif Kranich Pfau Stern Mond Engel Anker Rebstock Ritter
    Kaiser Turm Baum Krug Brunnen
she : Krone Sonne Linde Rose Post Traube Mühle Glocke Eiche Kanne Waage Tanne Burg Gans Taube Brücke
    Schmiede Schänke
it : Lamm Einhorn Schiff Kreuz Rössle Rad Schloss Herz Haus Tor Fass Hufeisen
colour : Golden Weiß Schwarz Grün Alt Rot
"""

HOUSES = """
idyll : Seeblick Waldblick Bergblick Talblick Sonnenhang Lindenhof Birkenhof Waldesruh Talmühle
    Bergfried Sonneneck Fernblick Bürgerstube Wiesengrund Forsthaus Fischerhütte Schützenhaus Ratsstube
    Weinstube Zollhaus Fährhaus Strandperle Dorfkrug Kupferkessel Bauernstube Jägerstübchen Kajüte
    Brunnenstube Schlossblick Dünenhof Deichgraf Rosengarten Klosterhof Burgblick Uferlos Heuboden
    Backstube Torwächter Gartenlaube Weinberg Mühlrad Turmstube Poststation Almhütte
corner : tor park markt berg platz brunnen see wald graben
estate : Alt Haus Villa Schloss Burg Hof Landhaus
house = 4.5 Zum {to_him} | 4 Zur {she} | 2.5 Zum {it} | 4.5 {colour}er {he} | 4 {colour}e {she}
    | 2.5 {colour}es {it} | 9 {animal} | 9 {sign} | 28 {idyll} | 4 Am {village_front}{corner}
    | 4 Im {village_front}{corner} | 4 An Der {village_front}{corner} | 10 {place} | 6 {estate} {place}
    | 4 {estate} {surname}
"""

INNS = {
    "Restaurants": """
name = 74 {served} | 16 [Gaststätten, Restaurants] - {served} | 10 [Gaststätten, Restaurants] - {bare}
bare = 12 {surname} | 66 {house} | 13 {cuisine} {far_away} | 9 {far_away}
served = 36 {bare} [{cue}] | 42 [{cue}] {bare} | 12 {surname} [{cue}] | 5 {bare}[{room}]
    | 3 [{cue}] {bare} Gmbh | 3 [{cue}] {bare} Inh. {surname} {first}
cuisine : Pizzeria Ristorante Trattoria Osteria Taverna Bistro China La El Da Al Le Il
far_away : Athen Akropolis Delphi Rhodos Kreta Olympia Mykonos Poseidon Dionysos Zorbas Napoli Venezia
    Roma Milano Sicilia Capri Vesuvio Portofino Toscana Bella Mamma Gondola Piccolo Saigon Peking
    Shanghai Mandarin Lotus Bambus Drachen Kanton Bombay Taj Mahal Maharaja Istanbul Bosporus Anatolia
    Dubrovnik Adria Split Tapas Sombrero Mexico Habana Sushi Tokyo Sakura Thai Orchidee Siam
room : stube keller stüble eck gasthof schänke wirtschaft
cue = 30 Restaurant | 10 Gaststätte | 6 Gasthaus | 5 Landgasthof | 6 Gasthof | 3 Café | 2 Bistro
    | 3 Pizzeria | 3 Gastronomie | 2 Pension | 2 Speisegaststätte | 1 Cocktailbar | 1 Partyservice
    | 1 Brauhaus | 1.5 Imbiss | 1 Weinstube | 1.5 Ristorante | 1.5 Landgasthaus | 1.5 Hotel Restaurant
    | 1.5 Gaststätten | 0.8 Ratskeller | 0.6 Biergarten | 1 Gastwirtschaft | 0.6 Bar | 0.5 Kneipe
    | 0.6 Gasthaus Und Metzgerei
topic : Biergarten Partyservice Catering Kegelbahn Saal Wein Kaffee Fisch Steakhaus Brauerei Metzgerei
    Eis Musik
""",
    "Hotels": """
name = 60 {served} | 25 [Hotels] - {served} | 15 [Hotels] - {bare}
bare = 85 {house} | 15 {surname}
served = 52 [{cue}] {bare} | 30 {bare} [{cue}] | 6 [{cue}] {bare} Gmbh | 8 {surname} [{cue}]
    | 3 {bare}[{wing}]
wing : hotel hof schlößchen
cue = 44 Hotel | 9 Hotel Garni | 5 Gästehaus | 4 Landhotel | 2 Schloßhotel | 3 Parkhotel | 2 Aparthotel
    | 3 Hotel & Restaurant | 4 Pension | 2.5 Hotel-pension | 2 Hotel Restaurant | 1.5 Kurhotel
    | 1 Ferienhotel | 2 Stadthotel | 1 Berghotel | 1 Ringhotel | 1 Apartments | 0.7 Kurhaus | 1 Gasthof
topic : Wellness Tagungs Ferien Kur Appartement Sauna Reit Golf Café Konferenz Urlaub Gäste Wein
""",
}
