//! English, French, Dutch, Irish names.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 40,
        order: GivenFirst,
        given: "Oliver Amelia George Isla Arthur Ava Noah Ivy Leo Freya Oscar Florence Henry Poppy Jack Ella Charlie \
            Grace Alfie Rosie Thomas Charlotte James Daisy William Phoebe Edward Alice Harriet Rupert Siobhan Ciarán \
            Aoife Niamh Callum Rhys Megan Kwame Chidi Ngozi",
        family: "Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker \
            White Roberts Green Hall Wood Harris Lewis Clarke Jackson Turner Hill Cooper Ward Moore O'Brien O'Sullivan \
            MacDonald McCarthy Fitzgerald Okafor Adeyemi Mensah Campbell Stewart Ferguson Hughes",
    },
    Culture {
        weight: 34,
        order: GivenFirst,
        given: "Gabriel Jade Léo Louise Raphaël Emma Louis Alice Arthur Ambre Jules Lina Hugo Rose Adam Chloé Maël \
            Léa Éloïse Anaïs Zoé Camille Théo François Jean-Luc Marie-Claire Noémie Étienne Agnès Benoît Clément \
            Margaux Aurélie Thibault Geneviève",
        family: "Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy \
            Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Müller Lefebvre \
            Faure André Mercier Blanc Guérin Boyer Garnier Chevalier Le_Goff de_La_Tour N'Diaye Diallo",
    },
    Culture {
        weight: 24,
        order: GivenFirst,
        given: "Daan Sanne Sem Lotte Bram Fenna Thijs Eva Lars Saar Jesse Tess Milan Femke Luuk Anouk Ruben Maud Sjoerd \
            Marijke Joost Annelies Pieter Ilse Koen Veerle Gijs Noor Wouter Liesbeth",
        family: "de_Jong Jansen de_Vries van_den_Berg van_Dijk Bakker Janssen Visser Smit Meijer de_Boer Mulder de_Groot \
            Bos Vos Peters Hendriks van_Leeuwen Dekker Brouwer de_Wit Dijkstra Smits de_Graaf van_der_Meer Kok Jacobs \
            van_der_Linden Vermeulen van_'t_Hof",
    },
];
