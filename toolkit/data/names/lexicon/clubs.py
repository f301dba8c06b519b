"""Registered associations: almost every name ends in a form of E.v., few words come twice."""

CLUBS = {
    "Vereine": """
name = 78 {club} [{cue}] | 22 {club} [{cue}] {facility}
cue = 88 E.v. | 5 E.v | 3 E. V. | 5 E.v. {place}
club = 30 {purpose}{body} {perhaps_place} | 14 {team} {place} {perhaps_year}
    | 16 {motto_of_hope} {perhaps_place} | 14 {society} {purpose}{good} {perhaps_place}
    | 12 {welfare} {place} | 7 {initials} {place} | 7 {initials} {motto_of_hope}
perhaps_place = 45 {place} | 55
perhaps_year = 40 {century}{tens}{ones} | 60
century : 18 19
tens : 5 6 7 8 9
ones : 0 1 2 3 4 5 6 7 8 9
team = 6 {sport} | 6 {sport} {spirit}
sport : Sv Tsv Fc Sc Tus Vfl Vfb Tc Rsv Bsc Djk Ttc
spirit : Eintracht Germania Concordia Rot-weiß Blau-weiß Fortuna Union Viktoria
purpose : Kinder Jugend Frauen Senioren Tier Natur Heimat Kultur Musik Sport Schützen Karneval
    Kleingärtner Angler Imker Wander Reit Segel Turn Tennis Schach Ruder Flüchtlings Sucht Hospiz
    Behinderten Eltern Schul Kunst Theater Film Literatur Geschichts Umwelt Bürger Arbeitslosen Aids
    Krebs Rheuma Diabetes Blinden Gehörlosen Selbst Familien Mieter Verkehrs Feuerwehr
body : hilfe verein verein bund schutz freunde kreis werk forum verband zentrum haus initiative
    gemeinschaft club liga union vereinigung treff gruppe dienst stiftung
good : kultur pflege pädagogik arbeit forschung bildung förderung hilfe rechte schutz
motto_of_hope : Lichtblick Regenbogen Sonnenschein Brücke Zukunft Hoffnung Kompass Wegweiser Horizont
    Nachbarschaft Pusteblume Kinderland Arche Spatzennest Rasselbande Villa Schatzkiste Atempause
    Wellenbrecher Ankerplatz Mosaik Courage Initiative Perspektive Lebensraum Brückenbauer Kaleidoskop
    Zeitlos Leuchtturm Mittendrin Kunterbunt Sternschnuppe Purzelbaum Wirbelwind Löwenzahn Rückenwind
    Treffpunkt Aufwind Miteinander Neuland
society = 1 Verein Für | 1 Verein Zur Förderung Der | 1 Förderverein | 1 Gesellschaft Für
    | 1 Verband Der | 1 Verein Der Freunde | 1 Initiative Für | 1 Bund Der | 1 Arbeitskreis
welfare : Sozialwerk Nachbarschaftshilfe Wohlfahrtsverband Kreisjugendwerk Ortsverein Kreisverband
    Hospizdienst Seniorenbund Tierheim Mieterbund Bergwacht Landesverband Heimatbund Lebenswege
facility : Beratungsstelle Geschäftsstelle Kindertagesstätte Werkstatt Wohnheim Verwaltung Tagesstätte
    Jugendtreff Vereinsheim Begegnungsstätte Kindergarten Pflegedienst Sportplatz
topic : Jugend Senioren Kultur Sport Bildungs Familien Begegnungs Freizeit Natur Heimat Integrations
    Gesundheits Kunst
""",
}
