"""Agencies: short names, and the long advertisements that make the tail of the lengths."""

ADVERTS = {
    "Vermittlungen": """
name = 30 {emergency} {firm} {call_for} | 14 {authority} {firm} {answer} | 14 {journey} {firm} {ticket}
    | 12 {guard} {firm} {patrol} | 30 {agency}
firm = 5 Gmbh | 4 E.k. | 1 Ohg

emergency =
    6 {desk} [Handwerker-vermittlung], {damage}-, {damage}-, {damage}-, {damage}-, {damage}-notdienst {hours}
    | 4 {desk} [Handwerker-vermittlung], {damage}-,{damage}-,{damage}-,{damage}-/{damage}-notdienst {hours}
    | 2 {desk} [Handwerker-vermittlung], Hilfe Bei {supply}, {supply}, {supply}, {supply} U. {supply} {hours}
desk = 5 Zentralruf | 2 Zentraler Notruf | 1 Stadtweite
damage : Rohrbruch Heizungs Elektro Glas Schlüssel Lüftungs Sturm Wasser Dach Aufzugs Kanal Gas
supply : Strom Gas Wasser Alarm Antennen Heizung Telefon Aufzug Schloss
hours = 3 Tag & Nacht | 2 24 Std. | 1 Rund Um Die Uhr | 3
call_for : Rohrreinigung Elektronotdienst Antennenbau Schlüsseldienst Glasnotdienst

authority = 3 [Bürger-auskunft] {errand}, {errand}, An-/ummeldehilfe U. {errand} {hours}
    | 2 [Behördenwege-auskunft], {errand}-service, {errand} U. {errand}
    | 1 [Bürger-auskunft] {errand}, Formulare
errand : Ämter Formular Ausweis Kfz-zulassungs Melde Urkunden Renten Wohngeld Führerschein
answer : Auskunftsdienst Verbraucherberatung Telefonauskunft Zulassungsdienst

journey = 3 [Reise-auskunft], {ride}-, {ride}-, {ride}- U. {ride}-info, Buchung U. Fahrplan {hours}
    | 2 [Ticket- Und Reisevermittlung], Restplätze, {ride}- U. {ride}-info, Abholung Vom {ride}
ride : Flug Bahn Bus Mietwagen Fähr Taxi Shuttle Schiff
ticket : Reisevermittlung Auskunft Taxizentrale Mietwagen

guard = 3 Wachschutz, {watch}, {watch}, {watch}, Leitstelle {hours}
    | 3 1a {chore}, {chore}, {chore}, [Vermittlung] Von Helfern
watch : Alarm Video Zutritt Funk Streife Objekt Notruf
chore : Entrümpelung Umzug Reinigung Transport Gartenpflege Montage
patrol : Alarmtechnik Wachdienst Entrümpelung Umzüge

agency = 3 {surname} [Vermittlung] | 3 {brand}-[vermittlung] {form} | 5 {place} {sought}[vermittlung]
    | 5 [{cue}] {head}
sought : Mitfahr Wohnungs Zimmer Künstler Personal Partner Immobilien Studenten Au-pair- Kredit Umzugs
    Babysitter- Termin Anwalts Handwerker Ferienhaus Arzt-
cue = 2 Mitfahrzentrale | 2 Mitwohnzentrale | 3 Partnervermittlung | 2 Jobvermittlung
    | 2 Arbeitsvermittlung | 2 Künstleragentur | 1 Agentur Für Vermittlung | 2 Auskunftsdienst
    | 2 Zulassungsdienst
""",
}
