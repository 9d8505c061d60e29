//! Names from around the Mediterranean and beyond: Turkish, Italian, Greek, Spanish, Portuguese, Albanian.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 72,
        order: GivenFirst,
        given: "Yusuf Zeynep Mehmet Elif Mustafa Ayşe Emre Fatma Ömer Hatice Ali Merve Kerem Büşra Burak Esra Can Defne \
            Deniz Ebru Eren Gül Hakan İpek Kaan Leyla Murat Nur Okan Pınar Serkan Sevgi Tolga Tuğba Umut Yasemin Çağla \
            Gökhan Şule Işıl",
        family: "Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan Çetin Kara \
            Koç Kurt Özkan Şimşek Polat Korkmaz Özcan Çakır Erdoğan Güneş Aksoy Bulut Yavuz Acar Tekin Avcı Işık Güler \
            Turan Bozkurt Ateş Ünal Karaca Taş",
    },
    Culture {
        weight: 34,
        order: GivenFirst,
        given: "Leonardo Sofia Francesco Giulia Lorenzo Aurora Alessandro Ginevra Matteo Chiara Andrea Beatrice Gabriele \
            Alice Riccardo Martina Davide Elisa Federico Anna Nicolò Francesca Salvatore Giuseppina Antonio Concetta \
            Marco Ilaria Paolo Niccolò",
        family: "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti De_Luca Costa \
            Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli \
            D'Angelo Lo_Presti Dell'Acqua Bellucci",
    },
    Culture {
        weight: 16,
        order: GivenFirst,
        given: "Γιώργος=giorgos Μαρία=maria Δημήτρης=dimitris Ελένη=eleni Κώστας=kostas Αικατερίνη=katerina \
            Νίκος=nikos Βασιλική=vasiliki Γιάννης=giannis Σοφία=sofia Παναγιώτης=panagiotis Αγγελική=angeliki \
            Χρήστος=christos Γεωργία=georgia Βασίλης=vasilis Δήμητρα=dimitra Θανάσης=thanasis Ιωάννα=ioanna \
            Σπύρος=spyros Κατερίνα=katerina Θεόδωρος=theodoros Άννα=anna",
        family: "Δημητρίου=dimitriou Γεωργίου=georgiou Νικολάου=nikolaou Ιωάννου=ioannou Κωνσταντίνου=konstantinou \
            Χριστοδούλου=christodoulou Βασιλείου=vasileiou Αθανασίου=athanasiou Παπαδοπούλου=papadopoulou \
            Οικονόμου=oikonomou Μακρή=makri Αγγέλου=angelou Σταύρου=stavrou Θεοδώρου=theodorou Αναγνώστου=anagnostou \
            Παππά=pappa Ζαχαρίου=zachariou Χατζή=chatzi Μιχαήλ=michail Αντωνίου=antoniou Σπύρου=spyrou Λουκά=louka",
    },
    Culture {
        weight: 22,
        order: GivenFirst,
        given: "Hugo Lucía Mateo Sofía Martín María Lucas Valeria Leo Carmen Daniel Paula Alejandro Vega Manuel Julia \
            Pablo Noa Álvaro Inés Adrián Ángela Enzo Candela Mario Begoña Íñigo Iker José_Luis María_José",
        family: "García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández \
            Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Ramírez \
            Serrano Núñez García_Lorca",
    },
    Culture {
        weight: 14,
        order: GivenFirst,
        given: "Francisco Maria João Leonor Afonso Matilde Duarte Carolina Tomás Beatriz Lourenço Mariana Santiago Ana \
            Miguel Inês Gonçalo Lara Tiago Margarida Rui Conceição Luís Fátima António Graça Vasco Catarina",
        family: "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Gonçalves Gomes \
            Lopes Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares dos_Santos \
            da_Conceição",
    },
    Culture {
        weight: 16,
        order: GivenFirst,
        given: "Arben Besa Blerim Drita Dardan Elira Fatos Fjolla Gëzim Hana Ilir Jeta Kushtrim Liridona Luan Mimoza \
            Petrit Rina Shpend Teuta Valon Zana",
        family: "Krasniqi Gashi Berisha Morina Shala Bytyqi Hoxha Rexhepi Kastrati Bajrami Hasani Osmani Rama Ahmeti \
            Zeqiri Mustafa Kelmendi Thaçi Gjoka Lleshi Çela Dushku",
    },
];
