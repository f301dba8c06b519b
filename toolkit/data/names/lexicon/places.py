"""Towns, districts and invented villages."""

PLACES = """
city : Berlin Hamburg München Köln Frankfurt Stuttgart Düsseldorf Leipzig Dortmund Essen Bremen Dresden
    Hannover Nürnberg Duisburg Bochum Wuppertal Bielefeld Bonn Münster Mannheim Karlsruhe Augsburg
    Wiesbaden Gelsenkirchen Braunschweig Aachen Chemnitz Kiel Halle Magdeburg Krefeld Freiburg Lübeck
    Oberhausen Erfurt Mainz Rostock Kassel Hagen Potsdam Saarbrücken Hamm Ludwigshafen Oldenburg
    Leverkusen Osnabrück Solingen Heidelberg Herne Neuss Darmstadt Paderborn Regensburg Ingolstadt
    Würzburg Fürth Ulm Heilbronn Pforzheim Wolfsburg Göttingen Bottrop Reutlingen Koblenz Bremerhaven
    Recklinghausen Jena Erlangen Moers Trier Salzgitter Siegen Hildesheim Cottbus Gera Zwickau Schwerin
    Görlitz Plauen Gotha Lüneburg Celle Passau Bamberg Bayreuth Landshut Kempten Konstanz Offenburg
    Worms Gießen Marburg Fulda Minden Detmold Soest Stade Emden Flensburg Husum Wismar Stralsund
    Greifswald Bautzen Pirna Meißen Freiberg Weimar Eisenach Suhl
district : Nord Süd Ost West Mitte Altstadt Neustadt Eimsbüttel Pankow Spandau Schwabing Ehrenfeld
    Linden Wandsbek Sachsenhausen Gohlis Striesen Kreuzberg Zentrum Hafen Bahnhof
village_front : Ober Unter Nieder Neu Alt Groß Klein Hohen Bad Wald Stein Eich Buch Linden Birken Ahorn
    Wolfs Bären Hirsch Roth Weißen Schwarzen Gold Silber Kirch Mühl Breiten Langen Schön Wies Berg Thal
    See Moos Sand Lehm Fisch Herz Kaisers Königs Grafen Mönch Nonnen Engel Heiligen Burg Markt Hammer
    Eisen Salz Hall Marien Peters Johannis Rein Oster Wester Süder Norder Barg Bram Wedel Brett Zell
village_back : au bach berg burg dorf feld hausen heim hofen ingen itz kirchen leben loh münde ow rode
    roda stadt stedt stein tal thal wald weiler wiesen winkel zell büttel büll haven brück furt born
    brunn rath scheid hagen horst kamp moor stetten beuren reuth grün

village = 1 {village_front}{village_back}
place = 45 {city} | 15 {district} | 40 {village}
"""
