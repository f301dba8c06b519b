"""Crafts and building trades: a surname, the trade and perhaps a legal form."""

CRAFTS = {
    "Elektriker": """
name = 83 {trade} | 17 {surname} Gmbh [{cue}]
cue = 20 Elektro | 13 Elektroinstallation | 2 Elektroinstallationen | 5 Elektromeister
    | 4 Elektroservice | 2 Elektro-service | 2 Elektrotechniker | 4 Elektroinstallateur
    | 3 Elektromeisterbetrieb | 2 Elektrobetrieb | 4 Elektroanlagen | 2 Elektro-anlagen
    | 1 Elektrofachbetrieb | 1.5 Elektrobau | 0.6 Elektrohandwerk | 1 Elektronotdienst | 1.5 Elektrohaus
    | 1 Elektrogeschäft | 0.7 Elektro Und Sicherheitstechnik | 0.7 Elektro- Und Datentechnik
    | 1 Elektroinstallateurmeister | 1.5 Elektro Technik | 0.7 Elektroinstall.
    | 0.5 Elektro-fachgeschäft | 0.4 Gebäudetechnik
topic : Antennen Beleuchtungs Alarm Solar Nachtspeicher Haushaltsgeräte Photovoltaik Sat Telefon
    Sprechanlagen Kundendienst Blitzschutz Licht Hausgeräte Kabel
""",
    "Maler": """
name = 92 {trade} | 8 {surname} Gmbh [{cue}]
cue = 24 Malermeister | 18 Malerbetrieb | 8 Maler | 4 Malerfachbetrieb | 5 Malergeschäft
    | 4 Malereibetrieb | 4 Maler- Und Lackierermeister | 4 Maler Und Lackierer | 2 Malerwerkstatt
    | 2 Malerwerkstätten | 2 Malerei | 1 Malerarbeiten | 2 Malermeisterbetrieb | 1.5 Maler U. Lackierer
    | 0.5 Farben Maler | 0.7 Maler- Und Tapezierarbeiten | 0.3 Anstrich Malerei | 0.6 Malerteam
    | 1.5 Maler- Und Lackierbetrieb | 1 Malerhandwerk | 0.6 Malerunternehmen | 0.8 Maler Gipser
    | 0.6 Fassadengestaltung Malerbetrieb | 0.6 Kunstmaler | 0.7 Malerbetriebe
topic : Tapeten Fassaden Bodenbeläge Lack Putz Gerüstbau Raumgestaltung Wärmedämmung Farben Stuck
    Trockenbau Vollwärmeschutz Teppich Anstrich
""",
    "Sanitärinstallationen": """
name = 75 {trade} | 25 {surname} Gmbh [{cue}]
cue = 13 Heizung Sanitär | 9 Sanitär Heizung | 7 Sanitärtechnik | 5 Sanitärinstallation | 7 Sanitär
    | 3 Heizung- Und Sanitärinstallation | 4 Heizung Und Sanitär | 3 Heizung Lüftung Sanitär
    | 3 Gas- Und Wasserinstallation | 2 Sanitär Und Heizungen | 2 Heizungsbau Sanitär | 1.5 Installateur
    | 2 Klempnerei | 2 Gas- Und Wasserinstallateur | 2 Sanitär Heizung Klima | 2 Sanitär-heizung
    | 2 Haustechnik | 1.5 Versorgungstechnik | 1.5 Bad Und Heizung | 2 Sanitärinstallateur
    | 1.5 Sanitäre Anlagen | 1.5 Heizungs- Und Sanitärtechnik | 1 Gas Wasser Heizung
    | 1.5 Spenglerei Sanitär | 0.7 Installationen | 2 Sanitär- Und Heizungsbau | 1 Heizung Sanitär Solar
    | 0.5 Rohrreinigung Sanitär | 0.5 San.-technik | 1.5 Heizungsbau | 1 Sanitär- U. Heizungstechnik
topic : Bäder Solar Ölfeuerung Brenner Kundendienst Wärmepumpen Gas Rohrbruch Flaschnerei Bauklempnerei
    Lüftungs Öl Badsanierung Regenwasser Kaminsanierung
""",
    "Tiefbau": """
name = 22 {surname} [{cue}] {legal} | 18 {surname} [{cue}] | 16 {surname} {legal} [{cue}]
    | 10 {brand} [{cue}] {legal} | 6 {surname} [Bau] {legal} | 7 {surname}-[bau] {legal}
    | 5 {brand}-[bau] {legal} | 5 [{cue}] {surname} {legal} | 2 {surname} & Sohn {legal} [{cue}]
    | 3 {surname} {first} {legal} [{cue}] | 2.5 {surname}, {first} [{cue}] {legal}
    | 2 {surname} {legal}, {first} [{cue}] | 4 {brand} [Bau] {legal} [{cue}] | 2 [{cue}] {place} {legal}
legal = 1 {firm_form}
cue = 17 Bauunternehmen | 13 Bauunternehmung | 12 Baugeschäft | 24 Bau | 7 Tiefbau
    | 2 Tief- Und Straßenbau | 1.5 Straßenbau | 4 Baubetrieb | 3 Hoch- Und Tiefbau
    | 2.5 Baugesellschaft Mbh | 1 Bauges. Mbh | 1 Rohrleitungsbau | 1 Bau- Und Montage | 1 Erdbau
    | 1 Baggerbetrieb | 1.5 Bauausführungen | 0.5 Bautenschutz | 0.5 Kanalbau | 0.3 Bauwerkerhaltung
    | 1 Ingenieurbau | 0.7 Garten- Und Landschaftsbau | 0.6 Bauservice | 1 Bauunternehmer
    | 0.6 Massivbau | 0.6 Beton- Und Stahlbetonbau | 0.4 Pflasterbau | 1 Hochbau | 0.5 Bau- Und Handels
topic : Erdarbeiten Pflaster Kies Asphalt Container Sand Beton Altbausanierung Abbruch Kanal Transporte
    Schotter Bagger Stahlbeton Umbau Maurer Gerüst Schlüsselfertig
""",
    "Friseure": """
name = 46 {surname} [{cue}] | 14 [{cue}] {surname} | 5 [{cue}] {first} | 3 {first} [{cue}]
    | 4 [Hair {style} {cue}] | 3 {style} & {more} [{cue}] | 5 [{cue}] {slogan} | 4 {pun} [{cue}]
    | 3 {surname} [{cue}] {legal} | 1.5 {surname} {style}-studio | 1.5 {brand} [Hair] Group Gmbh
    | 2 [Hair-studio] {first} {surname} | 4 [{cue}] {surname} {cue}
legal = 1 {small_form}
style : Hair Haar Cut Style Salon Beauty Trend Look Chic Schnitt Locke Kamm Schere Figaro Lounge Fashion
    Line Art Mode Color
more : Style More Co Go Hair Beauty
slogan = 2 La Belle | 2 Chic | 1 Charmant | 1 Exclusiv | 2 Haarscharf | 2 Haargenau | 2 Schnittpunkt
    | 1 Kopfsache | 1 Haarmonie | 1 Vorher-nachher | 1 Struwwelpeter | 1 Kaiserschnitt | 1 Abschnitt
    | 2 Hauptsache | 1 Schnipp-schnapp
pun : Haarscharf Haargenau Schnittpunkt Haarmonie Kopfarbeit Hairlich Haarlekin Hairport Haarem
    Hairkules
cue = 26 Friseur | 24 Friseursalon | 4 Friseurgeschäft | 3 Frisör | 2 Frisörsalon | 3 Friseure
    | 6 Haarstudio | 5 Coiffeur | 3 Hair | 2 Hairstyling | 2 Friseurmeisterin | 2 Friseurmeister
    | 2 Friseurstudio | 1 Haar-atelier | 1 Haaratelier | 1.5 Haarmoden | 1.5 Haardesign
    | 2 Damen- Und Herrensalon | 1.5 Herrensalon | 1 Damensalon | 1.5 Salon | 1.5 Haarstudio Friseur
    | 2 Frisiersalon | 1.5 Friseurin | 0.7 Frisierstube | 0.5 Haarwerkstatt | 1 Friseurteam
    | 1 Hairdesign | 0.3 Haarschneider | 0.7 Friseurbetrieb | 0.5 Haarkosmetik | 0.3 Figaro
topic : Kosmetik Perücken Nagel Parfümerie Beauty Zweithaar Fußpflege Solarium Haarverlängerung Wellness
    Visagistik Fashion Hochsteckfrisuren
""",
}
