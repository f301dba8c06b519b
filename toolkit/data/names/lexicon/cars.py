"""Garages and car dealers, who sell and mend the same cars."""

CARS = {
    "Autowerkstätten": """
name = 96 {trade} | 4 {surname} Gmbh [{cue}]
cue = 20 Kfz-werkstatt | 8 Kfz-meisterbetrieb | 4 Autoreparatur | 3 Autoreparaturen | 5 Kfz-reparaturen
    | 4 Kfz-technik | 5 Autowerkstatt | 4 Autolackiererei | 4 Kfz-service | 4 Auto-service
    | 4 Autoservice | 6 Kfz-handel | 2 Kfz-reparaturwerkstatt | 2 Karosseriebau | 2 Fahrzeugtechnik
    | 2 Kfz-betrieb | 1 Autolackiererei Unfallreparatur | 1.5 Kfz-meister | 1.5 Kfz-mechanik
    | 1 Autoglas | 1 Reifendienst | 0.3 Kfz-sachverständiger | 1 Kraftfahrzeugmeisterbetrieb
    | 2 Kfz-handel Und Werkstatt | 1 Fahrzeugaufbereitung | 1 Kfz-elektrik | 0.5 Bremsendienst
    | 0.6 Motoreninstandsetzung | 1 Unfallinstandsetzung | 1.5 Kfz-werkstätte | 1 Vertragswerkstatt
    | 0.4 Auto-klinik | 0.6 Autopflege
topic : Reifen Abschlepp Lack Karosserie Tuning Achsvermessung Autoteile Motorrad Tank Nutzfahrzeug
    Klima Wohnmobil Getriebe Auspuff Inspektion
""",
    "Gebrauchtwagen": """
name = 37 [Autohaus] {surname} {legal} | 8 [Autohaus] {surname} | 12 {surname} [Autohaus]
    | 22 {surname} [{cue}] | 9 {surname} {legal} [{cue}] | 5 {surname} [Autohaus] {legal}
    | 4 {brand} [{cue}] {legal} | 3 [{cue}] {place} {legal} | 2 Auto {surname} [{cue}]
    | 3 [Autohaus] {surname} {legal} [{cue}] | 2 [Autohaus] {surname} {segment}-vertragshändler
    | 1.5 {segment}-[{cue}] {surname} {legal}
legal = 1 {firm_form}
segment : Motor Marken Mehrmarken Eu Import Neuwagen Jahreswagen Nutzfahrzeug Familien Premium
    Kleinwagen Elektro
cue = 52 Autohaus | 13 Autohandel | 14 Automobile | 4 Automobilhandel | 4 Kfz-handel | 2 Vertragshändler
    | 2 Autocenter | 3 Gebrauchtwagen | 1.5 Autozentrum | 1 Auto-center | 2 Auto
    | 1 Gebrauchtwagenhandel | 1 Automobil | 0.5 Autohof | 0.7 Autogalerie | 0.6 Autosalon
    | 1.5 Fahrzeughandel | 0.4 Autovermietung | 0.5 Autowelt | 0.4 Automobilverkäufer | 0.4 Autoforum
    | 0.4 Cars | 0.6 Nutzfahrzeuge | 0.4 Car-center
topic : Leasing Finanzierungs Import Jahreswagen Nutzfahrzeug Wohnmobil Motorrad Zubehör Ersatzteil
    Neuwagen Vermietung Verkauf Reifen Kundendienst
""",
}
