"""Invented brands, initials and what a firm may be called besides its trade."""

BRANDS = """
letter : A B C D E F G H I J K L M N O P R S T U V W Z
initials_run = 3 {letter}{letter} | 6 {letter}{letter}{letter} | 1 {letter}{letter}{letter}{letter}
initials = 70 {initials_run} | 10 {letter}.{letter}.{letter}. | 10 {letter} & {letter}
    | 6 {letter} + {letter} | 4 {letter}-{letter}-{letter}

syllable : Da No Al Si Me Te Pro In Co Ac Ver Lo Ta Ri Ve Na Ki Or Ma Ar El Om Ul Eco Bio Neo Pla Tri
    Uni Vi Xe Zy Qua Ne Fa Ga Ha Ju Lu Mo Pa Ra Sa So Tu Va We
link : ta va ra li ni no ma ti lo ro vi sa do ga ka mi so na re le ne co di ri to la za xi fi bu
close : x s n tec tech con plan ris tas nova dat med cor dex mar rix lux tis lan net sys sol san tex for
    ron max bit pro via line star
coined = 45 {syllable}{link}{close} | 30 {syllable}{close} | 15 {syllable}{link}{close}{close}
    | 10 {syllable}{close}{close}
melodious = 70 {syllable}{link}{link} | 30 {syllable}{link}{link}{close}

motto : First Smart Blue Green Red Global City Euro Inter Top Best Active Prime Future Vision Creative
    Power Quick Easy Royal Star Sun Sky Ocean North South Central Alpha Beta Delta Gamma Omega Sigma
    Nova Terra Aqua Avalon Phoenix Titan Atlas Apollo Orion Mercur Fortuna Victoria Concordia Germania
    Saxonia Hansa Baltic Rhein Main Elbe Weser Isar Donau Neckar Ruhr Harz Ostsee Nordsee Bavaria Hanse
    Mondial Novum Optima Maxima Forum Polis Kontor Contact Connect Logo Team Pool Point Focus Primus
    Secura Profi Rapid Direkt Aktiv Vital Ideal Union Komfort Kompakt Perfekt Format Impuls Horizont
    Aspekt Kontrast Spektrum Synergie Dialog Konzept Struktur System Basis Modul Effekt Resonanz Zenit
    Merkur Saturn Jupiter Pegasus

field : Energie Wärme Kälte Solar Wind Wasser Boden Umwelt Natur Land Forst Agrar Garten Tier Pferde
    Hunde Kinder Schul Lern Sprach Kunst Kultur Musik Bühnen Licht Ton Bild Foto Film Video Druck Papier
    Buch Verlags Zeitungs Presse Post Brief Paket Fracht Speditions Lager Hafen Schiffs Boots Flug Luft
    Bahn Schienen Straßen Verkehrs Park Fahrrad Motor Getriebe Lack Blech Stahl Eisen Metall Alu Guss
    Draht Rohr Pumpen Ventil Hydraulik Kran Hebe Förder Lift Aufzug Maschinen Werkzeug Form Kunststoff
    Gummi Glas Keramik Fliesen Stein Marmor Beton Putz Dach Holz Parkett Möbel Küchen Bad Fenster Tür
    Tor Zaun Schloss Tresor Sicherheits Brand Rettungs Notfall Medizin Labor Pharma Dental Optik Hör
    Pflege Reha Kur Sport Fitness Freizeit Reise Ferien Touristik Messe Event Party Catering Getränke
    Wein Bier Kaffee Tee Back Fleisch Fisch Obst Gemüse Bio Feinkost Lebensmittel Textil Mode Leder
    Schuh Schmuck Uhren Spiel Hobby Geschenk Blumen Floristik Kosmetik Haut Parfüm Wäsche Reinigungs
    Gebäude Objekt Immobilien Grundstücks Wohn Miet Finanz Kapital Vermögens Fonds Leasing Kredit Steuer
    Rechts Personal Bildungs Karriere Büro Daten Netz Funk Telefon Antennen Kabel Mess Regel Prüf
    Steuerungs Automations Robotik Laser Sensor System Projekt Prozess Qualitäts Test Forschungs
    Entwicklungs Innovations Technologie Industrie Gewerbe Handwerks Mittelstands Export Import Ost Nord
field_tail : technik technik systeme systeme service handel handels vertrieb bau werke werk anlagen
    produkte bedarf zentrum markt haus hof kontor studio atelier werkstatt fabrik union partner team
    gruppe gesellschaft verwaltung planung entwicklung management beratung logistik transporte montage
    montagen wartung pflege verwertung aufbereitung veredelung gestaltung design medien verlag
english : Business Human Public Medical Energy Power Network Data Digital Mobile Media Marine Aviation
    Automotive Industrial Technical Logistic Supply Facility Property Financial Capital Trade Retail
    Fashion Food Beverage Travel Event Sport Health Care Beauty Life Science Bio Chemical Environmental
    Water Solar Wind Engineering Construction Security Safety Quality Process Project Product Innovation
    Strategy Sales Customer Call Office Document Print Paper Color Sound Light Video Film Photo Music
    Art Book Learning
english_tail : Systems Group International Europe Germany Networks Research Development Management
    Control Support Center Partner Partners Concepts Concept Technologies Technology Products Production
    Components Materials Processing Trading Logistics Transport Resources Relations Factory House Works
    Lab Studio Company World Line Net Point Team Design Media Communication Communications
activity = 30 {field} | 32 {field}{field_tail} | 18 {english} {english_tail}
    | 10 {field}- Und {field}{field_tail} | 10 {english}

brand = 30 {initials} | 30 {coined} | 12 {melodious} | 10 {motto} | 6 {motto}{close}
    | 5 {coined}-{motto} | 7 {activity}
head = 60 {surname} | 40 {brand}
"""
