//! Names in letters that run from the right, and of the Caucasus and the Horn of Africa.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 26,
        order: GivenFirst,
        given: "محمد=mohammad فاطمة=fatima أحمد=ahmad مريم=maryam علي=ali نور=nour عمر=omar ليلى=layla يوسف=yousef سارة=sara \
            خالد=khaled هدى=huda حسن=hassan رنا=rana إبراهيم=ibrahim آية=aya سامر=samer ريم=reem طارق=tarek دانا=dana \
            زياد=ziad سلمى=salma",
        family: "الأحمد=alahmad الخطيب=alkhatib حداد=haddad النجار=alnajjar الحسن=alhassan درويش=darwish المصري=almasri \
            الشامي=alshami خوري=khoury منصور=mansour عثمان=othman سليمان=suleiman بركات=barakat قاسم=qasem عيسى=issa \
            حمدان=hamdan السيد=alsayed فارس=fares الحلبي=alhalabi ناصر=nasser زيدان=zidan شاهين=shahin",
    },
    Culture {
        weight: 12,
        order: GivenFirst,
        given: "آرش=arash پریسا=parisa رضا=reza شیرین=shirin کیان=kian نسرین=nasrin بهرام=bahram یاسمن=yasaman سهراب=sohrab \
            مینا=mina داریوش=dariush لاله=laleh امید=omid نازنین=nazanin پویا=pouya گلناز=golnaz سینا=sina مهسا=mahsa \
            فرهاد=farhad ژاله=jaleh",
        family: "حسینی=hosseini احمدی=ahmadi محمدی=mohammadi کریمی=karimi رضایی=rezaei موسوی=mousavi جعفری=jafari \
            رحیمی=rahimi صادقی=sadeghi کاظمی=kazemi نوری=nouri اکبری=akbari شریفی=sharifi تهرانی=tehrani یزدی=yazdi \
            شیرازی=shirazi پارسا=parsa عباسی=abbasi سلطانی=soltani گیلانی=gilani",
    },
    Culture {
        weight: 6,
        order: GivenFirst,
        given: "דוד=david שרה=sarah יוסף=yosef נועה=noa דניאל=daniel תמר=tamar איתן=eitan מאיה=maya אורי=uri יעל=yael \
            עומר=omer שירה=shira נועם=noam רוני=roni אריאל=ariel הילה=hila אלון=alon טליה=talia גיא=guy רחל=rachel",
        family: "כהן=cohen לוי=levi מזרחי=mizrahi פרץ=peretz ביטון=biton דהן=dahan אברהם=avraham פרידמן=friedman אגסי=agasi \
            כץ=katz יוסף=yosef עמר=amar חדד=hadad גבאי=gabai אוחיון=ohayon שפירא=shapira גולן=golan סגל=segal \
            רוזן=rosen ברק=barak",
    },
    Culture {
        weight: 5,
        order: GivenFirst,
        given: "გიორგი=giorgi ნინო=nino დავით=davit მარიამ=mariam ლევან=levan თამარ=tamar ზურაბ=zurab ქეთევან=ketevan \
            ირაკლი=irakli ანა=ana Արամ=aram Անի=ani Տիգրան=tigran Նարե=nare Հայկ=hayk Լուսինե=lusine Դավիթ=davit \
            Մարիամ=mariam ლუკა=luka სალომე=salome",
        family: "ბერიძე=beridze კაპანაძე=kapanadze გელაშვილი=gelashvili მაისურაძე=maisuradze გიორგაძე=giorgadze \
            ლომიძე=lomidze წიკლაური=tsiklauri კვარაცხელია=kvaratskhelia ბოლქვაძე=bolkvadze ხუციშვილი=khutsishvili \
            მამედოვი=mamedovi დოლიძე=dolidze აბაშიძე=abashidze ჯავახიშვილი=javakhishvili ჩხეიძე=chkheidze \
            სუხიშვილი=sukhishvili ნადირაძე=nadiradze თოდუა=todua შენგელია=shengelia ჯაფარიძე=japaridze",
    },
    Culture {
        weight: 9,
        order: GivenFirst,
        given: "አበበ=abebe ሰላም=selam ዮሐንስ=yohannes ሄለን=helen ዳዊት=dawit ማርታ=marta ሳሙኤል=samuel ትዕግስት=tigist \
            ብርሃን=birhan ራሄል=rahel ኤልያስ=elias ሚሚ=mimi ተስፋዬ=tesfaye አልማዝ=almaz ገብረ=gebre ሀና=hana ዮናስ=yonas \
            ሳራ=sara ፍቅር=fikir ሩት=rut",
        family: "ተስፋዬ=tesfaye ገብረማርያም=gebremariam ወልደ=wolde ኃይሌ=haile በቀለ=bekele ታደሰ=tadesse አለሙ=alemu መኮንን=mekonnen \
            ደስታ=desta ከበደ=kebede አስፋው=asfaw ለማ=lemma ግርማ=girma ሙሉጌታ=mulugeta ዘውዴ=zewde ንጉሴ=nigusse ይልማ=yilma \
            አየለ=ayele ሰለሞን=solomon ፍስሐ=fisseha",
    },
];
