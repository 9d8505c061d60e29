//! Slavic names, in Latin and Cyrillic letters.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 40,
        order: GivenFirst,
        given: "Antoni Zofia Jan Hanna Aleksander Maja Franciszek Julia Jakub Oliwia Szymon Alicja Filip Laura Mikołaj Pola \
            Stanisław Lena Wojciech Małgorzata Łukasz Agnieszka Paweł Katarzyna Michał Joanna Krzysztof Święcisława \
            Grażyna Bożena Rafał Żaneta",
        family: "Nowak Wójcik Kowalczyk Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Wróbel Stępień Dudek Adamczyk \
            Nowicka-Król Pawlak Walczak Sikora Baran Szewczyk Pietrzak Wilk Marciniak Lis Mazurek Kubiak Kołodziej Szczepaniak \
            Górka Żak",
    },
    Culture {
        weight: 26,
        order: GivenFirst,
        given: "Luka Marija Ivan Ana Marko Petra Josip Lucija Nikola Jelena Stefan Milica Dušan Dragana Miloš Ivana Zoran \
            Vesna Goran Snežana Amar Amina Emir Lejla Haris Selma Žarko Đorđe",
        family: "Horvat Kovačević Babić Marić Jurić Novak Kovačić Knežević Vuković Marković Jovanović Petrović Nikolić \
            Đorđević Ilić Stojanović Pavlović Hodžić Hadžić Delić Begić Mehmedović Krajnc Zupančič Žagar Matić",
    },
    Culture {
        weight: 12,
        order: GivenFirst,
        given: "Jakub Eliška Matyáš Anna Tomáš Adéla Vojtěch Tereza Ondřej Natálie Lukáš Karolína Jiří Kateřina Václav \
            Ľubica Štefan Zuzana Jozef Mária Peter Soňa Zdeněk Květa",
        family: "Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Krejčí Horák Němec Pokorný Marek Pospíšil Hájek \
            Jelínek Král Růžička Beneš Fiala Šťastný Kováč Baláž Molnár",
    },
    Culture {
        weight: 18,
        order: GivenFirst,
        given: "Ольга=olga Татьяна=tatjana Елена=elena Наталья=natalja Мария=maria Ирина=irina Анна=anna Екатерина=ekaterina \
            Светлана=svetlana Юлия=julia Анастасия=anastasia Дарья=daria Алиса=alisa Полина=polina Вера=vera Ксения=ksenia \
            Людмила=ljudmila Галина=galina Виктория=viktoria Алёна=aljona",
        family: "Иванова=ivanova Смирнова=smirnova Кузнецова=kuznetsova Попова=popova Васильева=vasiljeva Петрова=petrova \
            Соколова=sokolova Михайлова=michajlova Новикова=novikova Фёдорова=fjodorova Морозова=morozova Волкова=volkova \
            Алексеева=alekseeva Лебедева=lebedeva Семёнова=semjonova Егорова=egorova Павлова=pavlova Козлова=kozlova \
            Степанова=stepanova Орлова=orlova",
    },
    Culture {
        weight: 16,
        order: GivenFirst,
        given: "Александр=alexander Дмитрий=dmitri Максим=maxim Сергей=sergej Андрей=andrej Алексей=alexej Артём=artjom \
            Илья=ilja Кирилл=kirill Михаил=michail Никита=nikita Матвей=matvej Роман=roman Егор=egor Иван=ivan \
            Владимир=vladimir Юрий=juri Павел=pavel Олег=oleg Пётр=pjotr",
        family: "Иванов=ivanov Смирнов=smirnov Кузнецов=kuznetsov Попов=popov Васильев=vasiljev Петров=petrov \
            Соколов=sokolov Михайлов=michajlov Новиков=novikov Фёдоров=fjodorov Морозов=morozov Волков=volkov \
            Алексеев=alekseev Лебедев=lebedev Семёнов=semjonov Егоров=egorov Павлов=pavlov Козлов=kozlov \
            Степанов=stepanov Орлов=orlov",
    },
    Culture {
        weight: 20,
        order: GivenFirst,
        given: "Олександр=oleksandr Оксана=oksana Андрій=andrij Наталія=natalia Сергій=serhij Олена=olena Іван=ivan \
            Ганна=hanna Тарас=taras Людмила=ljudmyla Богдан=bohdan Ірина=iryna Микола=mykola Софія=sofija \
            Володимир=volodymyr Юлія=julija Дмитро=dmytro Соломія=solomija Євген=jevhen Злата=zlata Кіра=kira \
            Ярослав=jaroslav",
        family: "Шевченко=shevchenko Коваленко=kovalenko Бондаренко=bondarenko Ткаченко=tkachenko Кравченко=kravchenko \
            Олійник=olijnyk Шевчук=shevchuk Коваль=koval Поліщук=polishchuk Бондар=bondar Ткачук=tkachuk Мороз=moroz \
            Марченко=marchenko Лисенко=lysenko Руденко=rudenko Савченко=savchenko Петренко=petrenko Клименко=klymenko \
            Павленко=pavlenko Левченко=levchenko Їжак=jizhak",
    },
];
