//! Names of East and South-East Asia.

use super::{Culture, Order};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 16,
        order: Order::FamilyFirst,
        given: "Minh Anh Hương Tuấn Lan Dũng Mai Hùng Thảo Nam Linh Phương Quân Trang Long Ngọc Hải Vy Khoa Yến Đức Thu_Hà \
            Bảo_Ngọc Văn_An",
        family: "Nguyễn=nguyen Trần=tran Lê=le Phạm=pham Hoàng=hoang Huỳnh=huynh Phan=phan Vũ=vu Võ=vo Đặng=dang Bùi=bui \
            Đỗ=do Hồ=ho Ngô=ngo Dương=duong Lý=ly Đào=dao Đinh=dinh Trịnh=trinh Mai=mai",
    },
    Culture {
        weight: 13,
        order: Order::Joined,
        given: "伟=wei 芳=fang 娜=na 敏=min 静=jing 丽=li 强=qiang 磊=lei 洋=yang 艳=yan 勇=yong 军=jun 杰=jie 娟=juan 涛=tao \
            小明=xiaoming 雨桐=yutong 子涵=zihan 浩然=haoran 欣怡=xinyi 梓轩=zixuan 诗涵=shihan 思远=siyuan 佳琪=jiaqi",
        family: "王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu 徐=xu 孙=sun 胡=hu 朱=zhu \
            高=gao 林=lin 何=he 郭=guo 马=ma 罗=luo 梁=liang 宋=song 欧阳=ouyang 司马=sima",
    },
    Culture {
        weight: 7,
        order: Order::FamilyFirst,
        given: "陽翔=haruto 陽葵=himari 蓮=ren 凛=rin 湊=minato 結菜=yuina 樹=itsuki 咲良=sakura 悠真=yuma 葵=aoi 大翔=hiroto \
            美咲=misaki 健太=kenta さくら=sakura 翔太=shota あかり=akari 拓海=takumi ひなた=hinata 直樹=naoki 恵子=keiko",
        family: "佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 伊藤=ito 渡辺=watanabe 山本=yamamoto 中村=nakamura \
            小林=kobayashi 加藤=kato 吉田=yoshida 山田=yamada 佐々木=sasaki 山口=yamaguchi 松本=matsumoto 井上=inoue \
            木村=kimura 林=hayashi 斎藤=saito 清水=shimizu",
    },
    Culture {
        weight: 6,
        order: Order::Joined,
        given: "민준=minjun 서연=seoyeon 서준=seojun 서윤=seoyun 도윤=doyun 지우=jiwoo 예준=yejun 하은=haeun 시우=siwoo \
            하윤=hayun 주원=juwon 민서=minseo 지호=jiho 지유=jiyu 준서=junseo 윤서=yunseo 영호=youngho 은지=eunji 성민=sungmin \
            수진=sujin",
        family: "김=kim 이=lee 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang 임=lim 한=han 오=oh 서=seo 신=shin \
            권=kwon 황=hwang 안=ahn 송=song 류=ryu 홍=hong",
    },
    Culture {
        weight: 4,
        order: Order::GivenFirst,
        given: "สมชาย=somchai สุดา=suda ณัฐ=nat มาลี=malee ธนา=thana พิมพ์=pim กิตติ=kitti อรุณ=arun วิชัย=wichai นภา=napa \
            ชัย=chai ดาว=dao ปรีชา=preecha แก้ว=kaew อนันต์=anan รัตนา=ratana สุริยา=suriya บุญ=boon ฟ้า=fah เมฆ=mek",
        family: "ศรีสุข=srisuk ใจดี=jaidee ทองดี=thongdee แสงทอง=saengthong บุญมี=boonmee สุขใจ=sukjai วงศ์ไทย=wongthai \
            รักไทย=rakthai พูลสวัสดิ์=poonsawat จันทร์เพ็ญ=chanpen ศิริ=siri มั่นคง=mankong เจริญ=charoen สว่าง=sawang \
            ชัยวัฒน์=chaiwat ดวงแก้ว=duangkaew อินทร์=in เพชร=phet มณี=manee ธรรม=tham",
    },
    Culture {
        weight: 8,
        order: Order::GivenFirst,
        given: "Budi Siti Agus Dewi Joko Putri Rizky Ayu Bayu Wulan Jose Maria_Cristina Juan Angelica Mark Jasmine Paolo \
            Bea Andres Ligaya",
        family: "Santoso Wijaya Susanto Lestari Hidayat Pratama Kusuma Utami Setiawan Rahayu dela_Cruz Reyes Bautista \
            Santos Garcia Villanueva Mendoza Aquino Salonga Macaraeg",
    },
];
