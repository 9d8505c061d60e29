//! Names of German-speaking countries.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[Culture {
    weight: 700,
    order: GivenFirst,
    given: "Anna Ben Clara Daniel Emilia Felix Greta Hannah Ida Jonas Karla Leon Lina Lukas Marie Maximilian Mia \
        Moritz Nele Niklas Ole Paul Paula Philipp Rosa Samuel Sophie Theo Tim Ute Valentin Wilma Xaver Yannik Zoe \
        Andreas Angelika Annette Antje Astrid Barbara Bernd Bettina Birgit Björn Brigitte Carsten Christa Christian \
        Christine Christoph Cornelia Dieter Dirk Dörte Elke Erika Erwin Eva Finn Frank Franz Frida Friederike Fritz \
        Gabriele Georg Gerd Gisela Günter Hans Heike Heinz Helga Henrik Holger Horst Ilse Ines Ingrid Irmgard Jana \
        Jens Joachim Johanna Jörg Julia Juliane Jürgen Jutta Kai Karin Karl-Heinz Katharina Kerstin Klara Klaus Kurt \
        Lara Laura Lea Leonie Lotte Luisa Magdalena Manfred Manuel Margarete Markus Martin Matthias Melanie Merle \
        Michael Miriam Monika Nadine Nicole Nora Norbert Olaf Oskar Petra Rainer Ralf Regina Renate Robin Rolf Rüdiger \
        Sabine Sandra Sarah Saskia Sebastian Sigrid Silke Simone Stefan Stefanie Susanne Sven Tanja Thomas Thorsten \
        Till Tobias Torben Ulrich Ursula Uwe Vera Verena Viktoria Volker Walter Werner Wiebke Wolfgang Anna-Lena \
        Hans-Peter Marie-Luise Änne Änny",
    family: "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter \
        Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz \
        Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang \
        Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz \
        Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto \
        Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch \
        Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Ackermann Baum Böttcher Dreyer Eckert Ebert Fiedler Förster \
        Geiger Grimm Haase Heller Hesse Hübner Jansen Janßen Kaufmann Kern Kirchner Kirsch Kramer Kunz Lindner Marx \
        Mertens Metzger Naumann Nowak Ott Paul Petersen Probst Reinhardt Reuter Riedel Ritter Rose Rudolph Sander \
        Schilling Schindler Schlüter Schütz Seifert Stark Steiner Stephan Straub Thiel Ulrich Unger Urban Wendt Wenzel \
        Weiss Wirth Witt Wulf Zander von_Berg zu_Hohenfels Lange-Brandt Meyer-Köhn Schulze_Wischeler",
}];
