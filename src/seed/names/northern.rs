//! Names of northern Europe, the Baltic, and Hungary and Romania.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 16,
        order: GivenFirst,
        given: "William Alma Noah Astrid Hugo Vera Elias Freja Lucas Ebba Oskar Saga Åsa Øystein Søren Jørgen Bjørn Sigrid \
            Håkon Ingrid Lars Maja Mikkel Kirsten Anders Solveig Guðrún Jón Þóra Magnús",
        family: "Andersson Johansson Karlsson Nilsson Eriksson Larsen Hansen Jensen Nielsen Olsen Pedersen Kristensen \
            Sørensen Rasmussen Jørgensen Berg Lindqvist Öberg Åkesson Dahl Haugen Bakken Lund Nygård Sjöberg Bergström \
            Jónsdóttir Sigurðsson Ødegård Strøm",
    },
    Culture {
        weight: 8,
        order: GivenFirst,
        given: "Aino Eero Väinö Helmi Leo Olavi Sofia Toivo Eevi Aleksi Päivi Jukka Kaisa Mikko Sari Timo Marjatta Pekka \
            Liisa Tiina Jānis Ilze Tõnu Kadri Jonas Eglė",
        family: "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen \
            Saarinen Salminen Niemi Heinonen Tamm Saar Mägi Bērziņš Kalniņa Kazlauskas",
    },
    Culture {
        weight: 14,
        order: GivenFirst,
        given: "Bence Hanna László Zsófia Máté Anna Levente Luca Dávid Emma Ádám Boglárka Gergő Réka Balázs Katalin István \
            Ildikó Zoltán Ágnes Ferenc Erzsébet",
        family: "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Takács Juhász Lakatos Mészáros \
            Oláh Simon Rácz Fekete Szűcs Kőszegi",
    },
    Culture {
        weight: 18,
        order: GivenFirst,
        given: "Andrei Ioana Alexandru Maria Ștefan Andreea Mihai Elena Cristian Ana Ionuț Gabriela Radu Cătălina Florin \
            Roxana Vlad Simona Bogdan Raluca Șerban Mihaela Tudor Crina",
        family: "Popescu Ionescu Popa Pop Stan Dumitru Gheorghe Stoica Rusu Munteanu Matei Constantin Marin Ciobanu Toma \
            Șerban Dinu Florea Moldovan Dobre Țurcanu Ungureanu Lupu Bălan",
    },
];
