"""First names and surnames: hand-written lists, and building blocks for the long tail.

Half of all surnames in a directory stand there once. The tail is composed of a front and a back that
German surnames really have; blocks are split by whether a vowel goes before, so that they join well.
"""

PEOPLE = """
# the commoner first
first ~ Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Hans Stefan Christian Uwe Werner Horst
    Frank Dieter Manfred Gerhard Bernd Torsten Mathias Helmut Walter Heinz Martin Jörg Rolf Jens Sven
    Alexander Jan Rainer Holger Karl Dirk Joachim Ralf Carsten Herbert Oliver Wilhelm Kurt Markus
    Heinrich Paul Harald Daniel Matthias Hermann Rudolf Jochen Robert Johannes Marco Erich Georg Lothar
    Norbert Josef Otto Siegfried Ulrich Steffen Johann Franz Volker Lars Tobias Sebastian Alfred Mario
    Maik Axel Friedrich Marcel Christoph Karsten Olaf Detlef Friedhelm Gerd Richard Reinhard Willi Bruno
    Ernst Adolf Artur Eberhard Egon Erwin Eugen Ewald Ferdinand Fritz Gottfried Guido Gustav Hartmut
    Heiko Heiner Hubert Hugo Ingo Jakob Kai Konrad Leo Leonhard Ludwig Lutz Marc Max Nils Oskar Patrick
    Philipp Reinhold Roland Roman Rüdiger Rupert Sascha Simon Theo Theodor Tim Udo Valentin Viktor
    Waldemar Wilfried Winfried Xaver Anton Albert Alois August Benno Bernhard Björn Claus Cornelius
    Dietmar Dominik Eckhard Edgar Edmund Eduard Emil Enrico Fabian Felix Florian Gregor Gunter Henning
    Hendrik Ivan Julian Julius Kilian Knut Raimund René Ronald Samuel Silvio Thilo Tino Veit Vincent
    Wendelin Wieland Willibald Nikolaus Adalbert Achim Arnold Armin Hans-Peter Karl-Heinz Hans-Jürgen
    Klaus-Dieter Hans-Joachim Karl-Otto Ernst-August Hans-Werner Klaus-Peter Wolf-Dieter Ali Mehmet
    Mustafa Dimitri Giovanni Antonio Luigi Milan Goran Kemal Ahmed Sabine Petra Monika Andrea Claudia
    Susanne Birgit Heike Gabriele Brigitte Karin Renate Ute Anja Silke Ingrid Nicole Martina Katrin
    Simone Anke Ulrike Doris Elke Heidi Marion Tanja Melanie Sandra Jana Beate Elfriede Angelika Christa
    Gisela Helga Ursula Hannelore Kerstin Manuela Regina Bettina Carmen Yvonne Steffi Ayşe Maria
common : Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
    Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt
    Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber
    Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank
    Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus
    Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber
    Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold
    Wolff Pfeiffer Ernst Lindner Seifert Ullrich Nagel Hübner Jansen Lutz Barth Kuhlmann Franz Kessler
    Schilling Paul Hesse Ritter Zander Dreyer Kramer Schade Bender Noack Heinze Rose Reuter Wilke Bock
    Römer Decker Stark Reimann Albers Adam Petersen Hansen Behrens Brinkmann Ahrens Behrendt Blum Bode
    Böttcher Brand Bürger Büttner Conrad Dietz Döring Ebert Eckert Eder Eichler Erdmann Esser Faber Falk
    Fink Fleischer Freitag Freund Fritz Funk Gärtner Gebhardt Geiger Geisler Gerlach Göbel Götz
    Gottschalk Grimm Gruber Haase Hagen Hammer Hauser Heck Heller Henning Hermann Herzog Heuer Hinz
    Hirsch Hohmann Holz Hoppe Horst Jacob Jahn Janßen John Jost Junge Kaufmann Kern Kirchner Klemm Klose
    Knoll Kohl Köster Kolb Konrad Kopp Korn Kraft Krebs Kremer Kretschmer Kröger Kruse Kunz Kunze Kurz
    Langer Lemke Lenz Link Löffler Marquardt Marx Mayr Menzel Merkel Metzger Michel Mohr Moser Naumann
    Nickel Niemann Nolte Oswald Ott Pape Paulus Philipp Pieper Preuß Probst Rau Raabe Rauch Reich
    Reichert Reinhardt Renner Riedel Rieger Ritz Röder Rohde Rothe Rudolph Ruf Runge Sander Schäffer
    Scharf Schenk Schiller Schindler Schlüter Schramm Schreiner Schrader Schütte Schütz Schwab Schweizer
    Seiler Siebert Siegel Sievers Singer Sonntag Spies Stahl Steffen Steiner Stephan Stoll Strauß Straub
    Teichmann Thiel Thiele Thieme Timm Tiedemann Uhlig Ulrich Unger Vetter Voss Wahl Walther Weidner
    Weigel Weise Wenzel Werle Westphal Wetzel Wiese Wiegand Wieland Wild Wilhelm Will Wirth Witt Witte
    Wittmann Wulf Yilmaz Kaya Demir Öztürk Nowak Kowalski Popp Zeller Zimmer Zeidler Appel Bachmann
    Bartels Baum Benz Bertram Best Beyer Bischoff Blank Blume Born Bosch Brenner Buchholz Buck Diehl
    Dorn Ehlers Evers Feldmann Fiedler Frey Fröhlich Gabriel Geyer Giese Greiner Gross Hagemann Harms
    Heil Hein Heinemann Held Hennig Heß Hildebrandt Höfer Hubert Ihle Jacobs Jakob Jensen Jordan Kahl
    Kastner Kirsch Kluge Knapp Krieger Kuhnert Kunkel Lauer Linke Lohmann Lüdtke Maas Mann Maurer May
    Mertens Nitsche Oehler Oppermann Pfaff Pfeifer Radtke Rapp Reiter Rieck Rupp Sattler Schaller
    Scherer Schick Schön Schott Schuler Seitz Stadler Stöhr Stolz Störmer Sturm Thoma Trautmann Urban
    Wacker Weis Wendt Wolter Zahn Ackermann Aigner Amann Angerer Arndt Aumann Auer Bader Balzer Bartsch
    Bayer Beckmann Benecke Berndt Biermann Binder Bittner Bläser Bohn Borchert Bormann Brauer
    Braunschweig Breuer Brückner Brunner Buchner Burger Burghardt Carstens Christ Claus Clemens Cordes
    Dahlke Daum Debus Degen Deuster Dittmar Dittrich Dörr Drescher Drews Dürr Ebeling Eberhardt Eberle
    Eckhardt Egger Ehrhardt Eichhorn Eisele Elsner Emmerich Enders Engelhardt Engels Englert Erhardt
    Ernsting Fahrenholz Färber Faust Felber Feldkamp Fichtner Finke Flach Fleck Flügel Förster Forster
    Frenzel Frick Friedl Friese Frisch Fritsch Fritzsche Fuhrmann Gebauer Gehrke Geier Geis Gerber
    Gerhardt Gerken Gersten Glaser Gloger Göhring Goldmann Grabowski Gräf Gramlich Grote Grothe Gruner
    Grünwald Günter Gutmann Haag Hamann Hansmann Harder Hauck Haupt Hecht Hecker Heim Heinrichs Helbig
    Hellwig Helm Hempel Henkel Hensel Hentschel Herbst Herold Herz Hess Heuser Heyer Hildebrand Hiller
    Höhn Höhne Hollmann Hölscher Holzer Hopf Hopp Horstmann Huth Jäckel Jaeger Jahnke Janke Jürgens Kamp
    Kämmerer Karl Kasper Kathmann Kellermann Keil Kiefer Kiesel Kilian Kircher Kistner Kittel Klaus
    Kleemann Kleine Kleinert Klinger Klug Knauer Knobloch Knopp Koller Körner Koslowski Kranz Kratz
    Kröner Krug Kugler Kühne Kummer Küster Lampe Landgraf Landwehr Lau Lechner Leitner Leonhardt Liebig
    Lind Lindemann Linder Lippert Loch Lohse Loos Lück Lüders Lutter Mack Mader Mahler Malzahn Manz
    Markgraf Markus Mattern Matthes Mauer Maus Meinhardt Meister Melzer Merz Meurer Michels Mielke
    Mischke Mittag Mönch Moritz Moll Münch Mundt Nagler Nass Neubauer Neuhaus Neuber Neuner Nickl
    Nitschke Nüßlein Obermeier Ohlsen Opitz Osterloh Ostermann Paetzold Pannier Paschke Pelz Pesch Petri
    Pfister Pilz Plank Platz Pohlmann Pointner Porsch Prinz Quast Rademacher Raith Ramm Rasch Rausch
    Rehm Reichelt Reimers Reinhard Reinke Reis Reisinger Renz Resch Richard Rink Rist Rode Rohr Röhrig
    Rösch Rösler Rößler Rost Roß Rothfuß Rück Rudolf Rühl Sachs Salomon Schaaf Schaper Schatz Scheffler
    Scheibe Schell Schenker Schiefer Schilder Schlegel Schleicher Schlosser Schmelzer Schmied Schmieder
    Schnell Schober Schöne Schönfeld Schorn Schröter Schuh Schuhmann Schulten Schürmann Schwaiger
    Schwarze Schweiger Schwenk Seibel Seibert Seifried Selig Senger Severin Siemers Sieber Siegmund
    Siemon Sigl Sommerfeld Spengler Sperling Spindler Spohn Spranger Stahlberg Stamm Stange Starke
    Staudt Steffens Steinbach Steinbrecher Stiller Stock Stolle Storch Strack Strasser Streit Strobel
    Stumpf Suhr Tesch Theis Thelen Theobald Tillmann Trapp Trautwein Treiber Tröger Uhl Ulbrich Ulmer
    Velten Viehmann Vogler Vogelsang Voigtländer Volk Völker Vollmer Vormann Wack Wagenknecht Walz
    Wandel Warnke Weidemann Weigand Weiland Weinert Weinmann Weinrich Welsch Wendel Wendler Wenz Weller
    Wessel Wichmann Wiedemann Wieczorek Wiegel Wiesner Willms Wimmer Windisch Winkelmann Winkels Wirtz
    Wissmann Wittek Wöhrle Wolfram Wollny Wörner Wünsche Würfel Zapf Zeitler Zeuner Ziemann Zimmerer
    Zink Zöller Zorn Zwick

front : Ahl Alten Ander Apfel Bach Baden Balken Bären Berken Birken Bleich Blumen Boden Borg Brack Brand
    Breiten Brink Broich Bruch Brücken Buchen Bühl Burg Busch Büchel Dahl Damm Dell Diek Distel Dorn
    Eber Edel Eichen Eigen Eisen Ellen Elster Engel Erlen Eschen Espen Esel Falken Feld Felsen Finken
    Fischer Flachs Forst Franken Frauen Freuden Frieden Fuchs Furt Gänse Garten Geis Gersten Glocken
    Gold Gott Graben Grafen Grand Greifen Groß Grün Gruben Haber Hage Hain Hammer Harten Hasel Hasen
    Hecken Heide Heiden Helm Herren Hessen Heu Himmel Hinter Hirsch Hochen Hohen Höllen Holder Holz
    Honig Hopfen Horn Hütten Ilgen Immen Kaiser Kalten Kappel Kessel Kiefer Kirch Klingen Kloster Knapp
    Kohl Kranz Kreuz Krumm Kuchen Kupfer Lachen Lammer Land Langen Laub Lehm Leiten Lerchen Lichten
    Liebe Linden Loben Loh Lust Mai Mark Matten Mergen Mitter Moor Moos Morgen Mühl Münz Nacht Neben
    Nieder Nord Nuss Ober Ochsen Oster Peters Pfaffen Pflug Quer Raben Rasch Rauch Rehe Reich Reif Rhein
    Richten Ried Riesen Rin Ritter Rog Rohr Rosen Rothen Ruhr Salz Sand Schaf Schatten Scheiben Schiff
    Schild Schlehen Schmal Schnee Schön Schwalben Schwarzen Seehaus Siegen Silber Sommer Sonnen Span
    Speck Spiegel Stahl Stauden Stein Sternen Stiegel Stock Storchen Strauch Stroh Sturm Süd Sundern
    Tannen Taub Tauben Teich Tiefen Trauben Turm Ufer Ulmen Unter Veilchen Vogel Vorder Wacholder Wagen
    Wald Wall Wasser Weiden Weiher Weil Weinen Weiß Wellen Wenden Wester Wiesen Wild Winden Winkel
    Winter Wolfen Wunder Zehnt Zeller Ziegel Zimmer Zwingen
back : acher auer bach bacher bauer beck becker berg berger bichler böck born brecher brenner bring
    brink brock broich bruch brunner büchler burg burger busch dahl deich diek dorf dorfer ecker egger
    eder feld felder feldt fels fink furtner gärtner garten graber graf gruber haag häuser hagen hammer
    hart haus hauser heide heim heimer held hof hofer hoff höfer höfner holt holz horn horst huber hues
    hut hütter kamp kämper kirch kirchner knecht köhler kötter kofler krämer krug land lander lechner
    lehner leiter leitner linger loh lohe lohr mann mark maier meier meister meyer mayer moser mühl
    müller ner nagel neder öder ort pohl pointner rader rath rauch reich reiter richter rieder ried
    ritter roth rott sack sasse schläger schmid schmidt schmied schneider schuh schulte schulz see seer
    siek stätter stede stein steiner stock stöcker strauch thal thaler told träger treu vogel vogt wald
    walder wälder wallner weber weg wege weiler wein wieser wiese winkel winkler wirth wisch zahn
    ziegler
open : Bie Blau Blei Blö Brei Bri Bru Cra Dau Dra Drö Eu Fa Fle Flo Fö Frei Frie Fro Gei Gie Glö Gra
    Grei Grie Gro Hau Hei Heu Hu Jau Jo Jü Kie Klei Klö Kne Knö Kra Krei Krie Krö Kru Laa Lau Lei Lie Lö
    Mau Mei Mie Mü Nau Nei Nie Nu Pe Pfle Pie Pra Pri Pro Que Rau Rei Rie Rö Rü Sa Sau Schau Scheu Schie
    Schlei Schlö Schma Schmie Schna Schnei Scho Schra Schrö Schu Schwa Schwei See Sie Spie Sta Stau Stei
    Stie Sto Stra Strie Stro Stu Sü Tau Thie Thö Tra Trei Tri Trö Tru Vei Vie We Wei Wie Zau Zei Zie Zu
    Zwei Kö Lü Stö Brü Schö Trö Hä Bä Wä Lä Krä Zö Mü Bü Schü Rü Tü
after_open : bel ber bert bler bner bold cher chert ck cke cker ckert ckler ckmann del dler feld felder
    fer ffel ffer ffler ffmann ffner ft fter gel ger gler gner hn hner hnert hnke hse ke kel ker ler
    lich ling lke ller llert llinger llmann llner lm lmer lz lzer m mann mer mke mm mmel mmer mmler
    mmert n ndler ndt ner ng nger nk nke nkel nker nn nner ns nse nske nt nz nzel per pke pp ppel pper
    ppert r rbach rber rdt ren rer ring rk rling rmann rn rner rs rst rster rtner rth sch sche scher
    schke se sel ser sing sler sner ss sse ssel sser ssler st ste ster stner t tel ter th ther tke tner
    tsch tsche tt tte ttel tter ttich ttke tz tze tzel tzer tzke tzner ver wald x z
closed : Ab Ack Adel Alb Ald Alt Am And Ang Ans Ap Ar Asch Aub Auer Bach Bad Bahl Balk Bam Bar Bars Bart
    Bas Bed Beh Beil Ben Berl Bern Betz Bild Bin Birk Bit Bod Bög Böhl Bol Bon Bor Bös Brack Bram Brem
    Broch Brög Büch Bud Büh Bun Burk Busch Cal Cas Cor Dach Dal Dam Dan Dapp Deg Den Det Dett Dien Dil
    Ding Dir Döb Dör Dos Drech Dud Düm Dun Eb Eck Ef Eh Eich Eis Elb Els Em End Ens Er Esch Et Ex Fal
    Far Feh Fel Fen Fer Fich Fil Fin Fisch Flach Fors Fren Fuh Fun Gab Gal Gan Gar Gat Geb Gel Gem Ger
    Ges Gil Glan Gleich Gnad Göh Gol Gör Gram Gren Grün Gsch Gun Güt Hab Had Hag Hal Ham Han Har Has Heb
    Hed Hel Hen Her Het Hil Him Hin Hob Höl Hol Hop Hör Hul Hum Hus Ib Il Im Ing Is Jab Jag Jan Jar Jen
    Jun Kab Kad Kal Kam Kan Kar Kas Kat Keb Kel Kem Ker Kil Kir Klap Klin Knab Kob Köl Kol Kon Kör Kos
    Krat Kren Küb Kuh Kul Küp Kur Kus Lam Lan Lap Leb Lech Lem Len Ler Lev Lich Lil Lin Lip Loh Lor Lub
    Lüd Lug Lut Mach Mad Mag Mal Man Mar Mas Meh Mel Men Mer Mes Mil Mit Möh Mol Mor Mös Muh Mun Mus Nad
    Neb Ner Nöl Nor Ob Od Öh Ol Op Or Os Pab Pal Pan Par Paw Pel Per Pet Pfan Pil Plet Pol Pop Por Pres
    Puch Pur Quan Raab Rad Ram Ras Reb Red Reh Rem Ren Reus Rich Rin Rit Rog Rol Ros Röt Rub Rum Rus Sal
    San Schab Schal Schar Schim Schlag Seb Seid Sel Sen Sil Sin Söh Sol Som Spal Spon Ster Sur Tech Tem
    Tet Til Tim Töp Tur Üb Uhl Ull Un Ur Us Vah Vog Völ Vor Wach Wad Wal Wan War Was Web Weg Wel Wen Wer
    Wes Wich Wil Win Wis Wit Wöl Wör Wul Wur Zab Zahl Zan Zeh Zel Zep Zet Zim Zin Zöl Zum
after_closed : acher ahl ander ardt arz asch atz auer bach bauer beck berg berger brandt eck ecke eder
    egger eis eisen el eler elmann en ener enkamp er erer ering erle erling ermann ers ert es esch ewald
    feld felder gen hardt hauer haus heim heimer hof hofer hoff holz holt horst huber ich icke ig iger
    ing inger ingmann isch itz ius kamp ke kemper ker kow ler linger litz loff mann meier meyer müller
    ner nitz old olt orf oth ow owski rath recht reich rich rott schmidt ski stein stock thal tke ulla
    ung üchter wald wig win witz zer zig zner
patronym : mann sen s ke er le
particle : von de van El Di De

foreign_front : Pa Ko Ma Sta Ka Jo Ni Mi Va Dra Be Ra Ste Ve Bo Kra Tom Zor Lu An Ce Ta Ya Öz De Er Al
    Ab Ha Sa Ku Gü Do Ric Fer Ros Bian Cos Gal Mar Nguy Tra Pha
foreign_middle : pado wale rke nko zi vano vlo ga li ro di na kovi to me te ra sa la ri ta ne che lo mi
    da ha ma
foreign_back : poulos idis akis ić vić owicz enko ov ev oğlu can er türk doğan i ini etti elli one ano
    es ez ado n ni sky wski czyk ski ka ian zadeh dinov

foreign = 6 {foreign_front}{foreign_middle}{foreign_back} | 4 {foreign_front}{foreign_back}
compound = 1 {front}{back}
rare = 27 {compound} | 29 {open}{after_open} | 30 {closed}{after_closed} | 8 {foreign}
    | 1 {particle} {compound} | 2.5 {closed}{after_closed}-{common} | 2.5 {common}{patronym}
surname = 8 {common} | 92 {rare}
# whoever owns the business is named from fewer names than the business itself
owner = 42 {common} | 58 {compound}
"""
