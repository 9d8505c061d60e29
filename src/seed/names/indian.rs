//! Names of South Asia.

use super::{Culture, Order::GivenFirst};

pub const CULTURES: &[Culture] = &[
    Culture {
        weight: 14,
        order: GivenFirst,
        given: "Aarav Ananya Arjun Diya Ishaan Kavya Rohan Meera Vikram Priya Rahul Neha Sanjay Pooja Karthik Lakshmi \
            Harpreet Gurpreet Nikhil Shreya Imran Ayesha Bilal Sana Tharshini Vaishnavi Suresh Deepa",
        family: "Sharma Patel Singh Kumar Gupta Reddy Iyer Nair Das Mehta Khan Ahmed Hussain Malik Chopra Kapoor Joshi \
            Desai Rao Pillai Menon Banerjee Chatterjee Kaur Perera Fernando Rajapaksa Sivakumar",
    },
    Culture {
        weight: 6,
        order: GivenFirst,
        given: "आरव=aarav अनन्या=ananya विवान=vivaan दीया=diya आदित्य=aditya कव्या=kavya अर्जुन=arjun मीरा=meera रोहन=rohan \
            प्रिया=priya राहुल=rahul नेहा=neha संजय=sanjay पूजा=pooja विकास=vikas सुनीता=sunita अमित=amit गीता=geeta \
            राजेश=rajesh ललिता=lalita",
        family: "शर्मा=sharma वर्मा=verma गुप्ता=gupta सिंह=singh कुमार=kumar यादव=yadav मिश्रा=mishra पाण्डेय=pandey \
            तिवारी=tiwari जोशी=joshi चौहान=chauhan अग्रवाल=agrawal मेहता=mehta देशपांडे=deshpande कुलकर्णी=kulkarni \
            राठौर=rathore सक्सेना=saxena त्रिपाठी=tripathi भट्ट=bhatt नायर=nair",
    },
    Culture {
        weight: 4,
        order: GivenFirst,
        given: "রহিম=rahim ফারহানা=farhana করিম=karim নুসরাত=nusrat আরিফ=arif তানিয়া=tania হাসান=hasan মিতু=mitu \
            সোহেল=sohel রিয়া=riya அருண்=arun கவிதா=kavitha முருகன்=murugan மீனா=meena செல்வி=selvi குமரன்=kumaran \
            தமிழ்=tamil யாழினி=yazhini இளங்கோ=ilango வள்ளி=valli",
        family: "আহমেদ=ahmed হোসেন=hossain ইসলাম=islam রহমান=rahman চৌধুরী=chowdhury খাতুন=khatun দাস=das সরকার=sarkar \
            মিয়া=mia বেগম=begum সুলতানা=sultana আলম=alam হক=haque শেখ=sheikh মণ্ডল=mondal পাল=pal সাহা=saha \
            বিশ্বাস=biswas কবির=kabir জামান=zaman",
    },
];
