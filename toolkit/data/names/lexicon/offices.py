"""Computers, consulting, advertising and other desk work: a brand or a surname, and a legal form."""

OFFICES = {
    "Edv": """
name = 1 {firm}
legal = 70 {firm_form} | 30
cue = 7 It-service | 6 Edv-service | 7 Computerservice | 7 Computersysteme | 4 Edv-beratung
    | 4 It-dienstleistungen | 3 Edv-dienstleistungen | 6 Edv | 4 Computer | 3 Computertechnik
    | 5 Datentechnik | 3 Datensysteme | 4 Informationstechnik | 3 It-lösungen | 3 Edv-systeme
    | 3 Software | 2 Softwareentwicklung | 2 It-solutions | 2 Netzwerktechnik | 3 It-systeme
    | 2 Edv-lösungen | 3 Datenverarbeitung | 2 Computerberatung | 2 Computer & Service | 3 Systemhaus
    | 3 Informatik | 1.5 It-beratung | 1.5 Edv-technik | 1.5 Edv-schulung | 1.5 Kommunikationssysteme
    | 0.8 Webdesign | 1 Internetservice | 2.5 It Services | 2 It Solutions | 1 Hard- Und Software
    | 1 Edv-organisation | 2 Pc-service | 1.5 Informationssysteme | 1 Business Solutions
    | 0.7 Computerhandel | 1.5 It-dienstleistung | 1 Data Service
topic : Netzwerk Daten Internet Drucker Cad Server Hosting Telefon Kassen Hardware Archivierungs
    Warenwirtschaft Schulung Office Sap Linux Datenbank Zeiterfassung
""",
    "Elektrotechnik": """
name = 1 {firm}
legal = 1 {firm_form}
cue = 45 Elektrotechnik | 14 Electronic | 14 Elektronik | 3 Electronics | 1 Elektrotechnische Anlagen
    | 1.5 Elektronikservice | 2 Industrieelektronik | 2 Elektromaschinenbau | 1.5 Steuerungstechnik
    | 1 Automatisierungstechnik | 1.5 Schaltanlagenbau | 1 Kfz-elektrik | 1.5 System-electronic
    | 0.6 Büro Für Elektrotechnik | 0.8 Elektrotechniker | 0.6 Leistungselektronik | 0.6 Messtechnik
topic : Antriebs Schalt Sensor Regel Mess Industrie Anlagen Leiterplatten Kabel Automations Steuerungs
    Sicherheits Licht Montage Prüf Kommunikations
""",
    "Unternehmensberatungen": """
name = 92 {firm} | 8 {brand} {branch} [{cue}] {legal}
legal = 88 {firm_form} | 12
branch : Security Marketing Energy Medical Aviation Brand Human Fashion Food Bau It Export Marine Media
    Tax Event
cue = 26 Unternehmensberatung | 38 Consulting | 9 Consult | 5 Unternehmensberater
    | 4 Wirtschaftsberatung | 3 Consultants | 1.5 Consultancy | 2 Management Consulting
    | 1.5 Betriebsberatung | 2.5 Projektmanagement | 1.5 Managementberatung | 2 Personalberatung
    | 1.5 Beratungsgesellschaft Mbh | 1.5 Consulting Services | 1.5 Beratung | 1 Unternehmensentwicklung
    | 1 Consulting & Training | 1.5 Management | 1 Unternehmens- Und Wirtschaftsberatung
    | 1.5 Business Consulting | 1.5 Projektentwicklung | 0.7 Beratungsunternehmen | 0.8 It-consulting
    | 0.6 Engineering Consult | 0.7 Consulting Group | 0.3 Unternehmensvermittlung
    | 0.6 Wirtschaftsberater
topic : Management Strategie Finanz Personal Training Coaching Sanierungs Controlling Existenzgründung
    Nachfolge Vertriebs Logistik Qualitäts Mittelstands Human Projekt Investment
""",
    "Werbeagenturen": """
name = 1 {firm}
legal = 65 {firm_form} | 35
cue = 42 Werbeagentur | 14 Werbung | 3 Promotion | 2.5 Advertising | 1.5 Werbeservice | 2 Werbestudio
    | 2.5 Marketing | 2.5 Kommunikation | 2 Agentur Für Werbung | 3 Design | 2 Media | 1.5 Werbetechnik
    | 1 Marketing Und Werbung | 1 Kommunikationsagentur | 1.5 Grafik-design | 1.5 Werbung & Design
    | 1 Agentur Für Kommunikation | 0.7 Werbefachmann | 0.7 Werbegestaltung | 1 Public Relations
    | 0.7 Marketingservice | 0.7 Werbeatelier | 0.6 Reklame | 0.7 Druck & Werbung | 0.5 Werbeunternehmen
    | 0.7 Eventagentur | 0.6 Büro Für Werbung | 0.6 Mediengestaltung
topic : Grafik Foto Text Film Druck Messe Internet Verlags Event Mode Beschriftungs Plakat Medien Presse
    Verpackungs Web Schilder
""",
    "Architekturbüros": """
name = 62 {surname} [{cue}] {degree} | 6 [{cue}] {surname} | 5 {surname} + {surname} [{cue}] {degree}
    | 3 {surname} & {surname} [{cue}] | 3 {surname} Und {surname} [{cue}]
    | 3 {first} {surname} [{cue}] {degree} | 4 {brand} [{cue}] | 3 {surname} {legal} [{cue}]
    | 3 {surname} [{cue}] {legal} | 3 {surname} & Partner [{cue}] {degree} | 2 [{cue}] {surname} {cue}
    | 1.5 {initials} {surname}, {surname} [{cue}] {legal} | 2 {brand} {legal} [{cue}]
legal = 1 {small_form}
degree = 75 | 19 Dipl.-ing. | 4 Dipl.-ing. (fh) | 2 Dipl.ing.
cue = 28 Architekt | 24 Architekturbüro | 14 Architekten | 5 Architektin | 5 Architektur
    | 2 Architektenbüro | 2 Büro Für Architektur | 2 Freier Architekt | 1.5 Architekt (bda)
    | 1 Architekten Und Ingenieure | 1 Architekturwerkstatt | 0.6 Architekturatelier
    | 1 Architekt Und Stadtplaner | 1 Planungsbüro Architekt | 1 Innenarchitektur
    | 0.4 Architekturbüro Für Baudenkmalpflege | 1 Landschaftsarchitekt | 0.5 Architektenpartnerschaft
    | 0.5 Arch. | 0.4 Objektplanung | 0.7 Architektengemeinschaft
topic : Stadtplanung Bauleitung Statik Innenausbau Denkmalpflege Gutachten Projektsteuerung Ingenieur
    Hochbau Freiraum Bauphysik Planungs Sanierungs
""",
    "Versicherungsvermittler": """
name = 67 {trade} | 33 {agency}
legal = 40 {form} | 60
agency = 4 {insurer} [{cue}] {surname} | 3 {insurer} [{cue}] | 4 {surname} {insurer} [{cue}]
    | 2 {insurer} [Versicherung] {surname} | 2 {insurer} [Generalvertretung] {first} {surname}
    | 3 {insurer} [Versicherungen] {first} {surname} | 1.5 {first} {surname} {insurer} [{cue}]
insurer ~ Nordwacht Elbgarant Südsicher Hanseatia Altmärker Rheinschutz Bergfeuer Mainschild Saxogarant
    Oderbund Treuwart Heimschutz Wertgard Kornmark Isarbund Weserhort Fördeschutz Neckarwart
    Harzer-feuer Lebensbund Küstenschild Markbrand Ostgarant Talhort
cue = 22 Versicherung | 20 Versicherungen | 8 Versicherungsbüro | 4 Versicherungsvermittlung
    | 4 Versicherungsmakler | 3 Versicherungsagentur | 3 Versicherungsfachmann | 2 Generalvertretung
    | 1.5 Versich.büro | 2 Versicherungskaufmann | 1.5 Versicherungen Und Finanzierungen
    | 1.5 Hauptvertretung | 2 Versicherungsvermittler | 1.5 Assekuranz | 1 Versicherungsdienst
    | 1 Versich.kfm. | 2 Versicherungen Bausparen | 1 Finanz- Und Versicherungsmakler
    | 1 Versicherungsservice | 1.5 Versicherungsvertretung | 1 Versicherungsvertreter | 0.6 Servicebüro
    | 0.8 Geschäftsstelle | 0.7 Bezirksdirektion | 0.5 Versicherungskontor | 0.5 Assekuranzmakler
topic : Finanz Bauspar Kapital Vorsorge Immobilien Kredit Vermögens Kranken Lebens Renten Anlage
    Hypotheken Leasing
""",
    "Handelsvermittler Und -vertreter": """
name = 1 {trade}
legal = 34 {form} | 66
cue = 8 Handelsvertretung | 5 Handelsvertretungen | 7 Handelsvertreter | 7 Handelsagentur
    | 8 Handelsgesellschaft Mbh | 5 Hdl.vertr. | 4 Industrievertretung | 4 Industrievertretungen
    | 2 Industrievertreter | 2 Handelsges. Mbh | 2 Handelsvertr. | 1.5 Import-export | 2.5 Vertretungen
    | 1 Industrievertr. | 1.5 Werksvertretung | 0.3 Generalvertretung | 2 Handels Gmbh
    | 3 Handelsgesellschaft | 1 Vertriebsgesellschaft | 1 Handelskontor | 1 Modeagentur
    | 1 Textilagentur | 1.5 Verkaufsbüro | 0.8 Verkaufsagentur | 0.7 Ind.-vertr.
    | 0.7 Handelsgesell. M.b.h. | 0.6 Großhandelsvertretung | 0.7 Trading
topic : Textil Möbel Lebensmittel Wein Papier Verpackungs Baustoff Holz Stahl Eisenwaren Chemie
    Kunststoff Schuh Schmuck Spielwaren Getränke Leder Glas Keramik Farben Mode Sport Kosmetik
    Landmaschinen Import
""",
    "Dienstleistungen": """
name = 42 {brand} [{cue}] {legal} | 14 {surname} [{cue}] | 10 {brand} [{cue}]
    | 10 {surname} [{cue}] {legal} | 8 {motto} [{cue}] {legal} | 6 [{cue}] {surname}
    | 5 {brand} {motto} [{cue}] {legal} | 3 [{cue}] {legal} | 2 {place}-[{cue}]
legal = 1 {firm_form}
cue = 7.5 {errand}-service | 9 {errand}service | 13.5 {errand} Service | 26 Service
    | 10 Dienstleistungen | 9 Services | 5 Solutions | 1.5 Solution | 2 Dienstleistung
    | 2 Dienstleistungsbetrieb | 3 Service-center | 4 {errand}dienstleistungen | 3 {errand}dienst
    | 2 Dienstleistungs | 2 Service Und Vertrieb | 2 Büroservice | 2 Servicegesellschaft Mbh
    | 0.6 {errand}technischer Service | 0.7 Servicepartner | 2 {motto} Services
errand : Sicherheits Reinigungs Gebäude Haus Hausmeister Garten Büro Sekretariats Schreib Fahr Kurier
    Transport Umzugs Container Park Messe Event Personal Küchen Wäsche Textil Medien Musik Ton Foto
    Druck Archiv Akten Post Telefon Call Inkasso Energie Wasser Umwelt Labor Medizin Dental Pflege
    Haushalts Kinder Tier Reise Flug Hafen Schiffs Lager Logistik Werkzeug Maschinen Hydraulik Reifen
    Kran Stapler Anlagen Montage Industrie Prüf Mess Schweiß Holz Metall Glas Fenster Tür Schlüssel Rohr
    Kanal Straßen Winter Grün Baum Forst Agrar Immobilien Verwaltungs Bau Objekt Tank Truck Party
    Catering Bühnen Licht Ticket Buch Verlags Werbe Marketing Finanz Steuer Abrechnungs Daten Rechen
    Lohn

""",
}
