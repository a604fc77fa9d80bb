//! Invented records: messages in eight languages, calls, places, and a text export of one chat once more.
//!
//! Every record is made from its number alone, so the same number always gives the same record. Words follow
//! Zipf's law: a few dozen ordinary words of each language, then 20,000 made of syllables.

use index::{Builder, FileLine, HintLine, IndexKey, InsightBuilder, Spot};
use model::record::{
    Attachment, Call, ChatKind, ChatRef, Direction, FileNumber, LocationFix, MediaKind, Message, Party,
    Place, Point, Precision, Record, TimeReading, What,
};
use model::{Digest, EntryNumber};

/// First moment of the records: 2019-01-01.
pub(crate) const FIRST_MS: i64 = 1_546_300_800_000;
const FIVE_YEARS_MS: u64 = 157_680_000_000;
const CHATS: u64 = 60;
/// The chat that stands in the text export too.
const TWICE: u64 = 0;

/// Numbers of chance (splitmix64, Steele, Lea, Flood 2014).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A rank by Zipf's law: half of all words come from the first hundred.
    fn rank(&mut self) -> u64 {
        let part = (self.below(1 << 30) as f64 + 1.0) / f64::from(1 << 30);
        (20_000_f64.powf(part)) as u64
    }
}

pub(crate) struct Language {
    pub(crate) common: &'static str,
    syllables: &'static str,
    between: &'static str,
}

pub(crate) const LANGUAGES: [Language; 8] = [
    Language {
        common: "ich du wir nicht und der die das ist am um zu mit heute morgen Bahnhof Geld warte komm \
                 schreib \
                 wann wo Wohnung Arbeit Pass Straße müde später Termin Übergabe",
        syllables: "ge ver ar beit wohn schul den tag nacht brief haus weg stell ung lich kauf fahr zeug \
                 mann frau",
        between: " ",
    },
    Language {
        common: "i you we not and the is at to with today tomorrow station money wait come write when \
                 where flat \
                 work passport street tired later please sorry tonight",
        syllables: "con ter ing pro able ment count room light door stair ware house man der ford town \
                 ness ly ed",
        between: " ",
    },
    Language {
        common: "eu tu noi nu și la este cu azi mâine gara bani aștept vino scrie când unde apartament muncă \
                 pașaport stradă obosită târziu te rog",
        syllables: "re ta mun ca ba ni stra da pri e te na por lu cru țel tor ghi mas vec",
        between: " ",
    },
    Language {
        common: "аз ти ние не и на е с днес утре гара пари чакам ела пиши кога къде апартамент работа \
                 паспорт \
                 улица уморена късно моля",
        syllables: "ра бо та па ри ула мо ля дне ка та зи го во ри пре да ва не ще",
        between: " ",
    },
    Language {
        common: "я ты мы не и на с сегодня завтра вокзал деньги жду приходи пиши когда где квартира работа \
                 паспорт \
                 улица ещё поздно пожалуйста",
        syllables: "по до ста ро ви на ка за пе ре во да ми ло кра сно го рка ты ше",
        between: " ",
    },
    Language {
        common: "ฉัน คุณ เรา ไม่ และ ที่ วันนี้ พรุ่งนี้ สถานี เงิน รอ มา เขียน เมื่อไหร่ ที่ไหน ห้อง งาน \
                 หนังสือเดินทาง ถนน เหนื่อย",
        syllables: "กา มา นา รา ดี ไป บาน ตา ทอง ลม น้ำ ใจ ข้าว ปลา วัด เมือง ดิน ฟ้า ไม้ ลูก",
        between: "",
    },
    Language {
        common: "我 你 我们 不 和 的 是 今天 明天 车站 钱 等 来 写 什么时候 哪里 公寓 工作 护照 街 累 晚 请",
        syllables: "山 水 火 木 金 土 日 月 人 口 手 心 门 马 鱼 鸟 花 草 风 雨 电 书 车 路 城 国 家 天 地 海",
        between: "",
    },
    Language {
        common: "أنا أنت نحن لا و في هو مع اليوم غدا المحطة المال أنتظر تعال اكتب متى أين الشقة العمل \
                 الجواز الشارع متعبة",
        syllables: "كا تب مد رس سة بي ت با ب طر يق لي ل نه ار قل م عي ن شم",
        between: " ",
    },
];

impl Language {
    /// The word of a rank, from 1.
    pub(crate) fn word(&self, rank: u64) -> String {
        let common: Vec<&str> = self.common.split_whitespace().collect();
        if let Some(word) = common.get(rank as usize - 1) {
            return (*word).to_owned();
        }
        let syllables: Vec<&str> = self.syllables.split_whitespace().collect();
        let mut chance = Chance(rank);
        let many = 2 + chance.below(3);
        (0..many).map(|_| syllables[chance.below(syllables.len() as u64) as usize]).collect()
    }
}

/// The language of a record and the words of its text.
pub(crate) fn words(number: u64) -> (&'static Language, Vec<String>) {
    let mut chance = Chance(number ^ 0x5eed);
    // German and English are half of it.
    let language = &LANGUAGES[[0, 0, 1, 1, 2, 3, 4, 5, 6, 7][chance.below(10) as usize]];
    let many = 2 + chance.below(8) + chance.below(8);
    (language, (0..many).map(|_| language.word(chance.rank())).collect())
}

fn text(number: u64) -> String {
    let (language, words) = words(number);
    let text = words.join(language.between);
    match number % 50 {
        0 => format!("{text} {}", telephone(number / 50 % 3000)),
        1 => format!("{text} 🙏🏽"),
        _ => text,
    }
}

/// A telephone number of somebody invented, in one of three spellings.
pub(crate) fn telephone(who: u64) -> String {
    let line = 3_920_000 + who % 3000;
    match who % 3 {
        0 => format!("+49 171 {line}"),
        1 => format!("0171/{line}"),
        _ => format!("0171 {} {}", line / 1000, line % 1000),
    }
}

fn moment(number: u64, of: u64) -> i64 {
    let even = u128::from(number) * u128::from(FIVE_YEARS_MS) / u128::from(of.max(1));
    FIRST_MS + even as i64 + Chance(number).below(60_000) as i64
}

fn party(who: u64) -> Party {
    Party { id: Some(format!("4917139{who:05}@s.whatsapp.net")), name: Some(format!("Erfunden {who}")) }
}

fn message(number: u64, of: u64, app: &str) -> Message {
    let mut chance = Chance(number ^ 0xcaa7);
    let chat = chance.below(CHATS).min(chance.below(CHATS));
    let incoming = chance.below(2) == 0;
    let kind = if chat.is_multiple_of(3) { ChatKind::Group } else { ChatKind::Direct };
    let who = if kind == ChatKind::Group { 100 + chance.below(30) } else { chat };
    let mut message = Message {
        app: app.to_owned(),
        chat: ChatRef { id: format!("chat-{chat}"), name: Some(format!("Chat {chat}")), kind },
        direction: if incoming { Direction::Incoming } else { Direction::Outgoing },
        sender: incoming.then(|| party(who)),
        sent: Some(TimeReading::unix_ms(moment(number, of))),
        text: Some(text(number)),
        ..Message::default()
    };
    if chance.below(50) == 0 {
        let name = Some(format!("IMG-{number}.jpg"));
        message.attachments.push(Attachment { kind: MediaKind::Picture, name, ..Attachment::default() });
    }
    message
}

fn record(number: u64, what: What) -> Record {
    Record { file: FileNumber(0), place: Place::row("message", number as i64), part: 0, what }
}

/// A record of a telephone: of a hundred three are places and five calls.
fn ordinary(number: u64, of: u64, app: &str) -> Record {
    let at = Some(TimeReading::unix_ms(moment(number, of)));
    let what = match number % 100 {
        0..3 => {
            let mut chance = Chance(number);
            let near = |chance: &mut Chance, middle: f64| middle + chance.below(100_000) as f64 / 2e5 - 0.25;
            let (latitude, longitude) = (near(&mut chance, 52.5), near(&mut chance, 13.4));
            let point = Point::new(latitude, longitude);
            What::Location(Box::new(LocationFix {
                app: "maps".to_owned(),
                at,
                point,
                ..LocationFix::default()
            }))
        }
        3..8 => {
            let others = vec![party(number / 100 % 60)];
            What::Call(Box::new(Call { app: app.to_owned(), others, began: at, ..Call::default() }))
        }
        _ => What::Message(Box::new(message(number, of, app))),
    };
    record(number, what)
}

/// Fills a builder; gives the number of records.
pub(crate) fn fill(builder: &mut Builder, records: u64) -> u64 {
    let mut put = 0;
    builder.capsule(EntryNumber(1), Digest([1; 32])).unwrap();
    for (file, (app, hundredths)) in (0..).zip([("whatsapp", 63), ("sms", 20), ("telegram", 15)]) {
        let of = records * hundredths / 100;
        open(builder, file, app);
        for number in 0..of {
            let record = ordinary(u64::from(file) * 1_000_000_000 + number, of, app);
            let number = Record { file: FileNumber(file), ..moved(record, number, of) };
            builder.record(&number).unwrap();
            put += 1;
        }
    }
    builder.capsule(EntryNumber(2), Digest([2; 32])).unwrap();
    open(builder, 0, "export");
    let of = records * 63 / 100;
    for number in (0..of).filter(|number| number % 100 >= 8) {
        if put >= records {
            break;
        }
        let mut message = message(number, of, "whatsapp");
        if message.chat.id != format!("chat-{TWICE}") {
            continue;
        }
        // A wall clock one hour behind, to the minute, and names only.
        let wall = (moment(number, of) + 3_600_000).div_euclid(60_000) * 60_000;
        message.sent = Some(TimeReading::wall(wall.to_string(), Some(wall), Precision::Minute));
        message.chat.id.clear();
        message.direction = Direction::Unknown;
        message.sender = message.sender.and_then(|sender| sender.name).map(Party::named);
        builder.record(&record(number, What::Message(Box::new(message)))).unwrap();
        put += 1;
    }
    put
}

/// The time of a record of another file: by its place in that file.
fn moved(mut record: Record, number: u64, of: u64) -> Record {
    let at = Some(TimeReading::unix_ms(moment(number, of)));
    match &mut record.what {
        What::Message(message) => message.sent = at,
        What::Call(call) => call.began = at,
        What::Location(fix) => fix.at = at,
        _ => {}
    }
    record
}

fn open(builder: &mut Builder, file: u32, name: &str) {
    let (number, steps) = (FileNumber(file), vec![format!("{name}.db")]);
    let reader = Some((name.to_owned(), 1));
    builder.file(&FileLine { number, steps, leaf: u64::from(file), size_bytes: 1, reader }).unwrap();
}

/// Hints in one record of a hundred, identifiers in one of thirty.
pub(crate) fn fill_insights(index: &index::Index, path: &std::path::Path, key: &IndexKey) {
    let mut builder = InsightBuilder::create(path, key).unwrap();
    let filter = index::Filter { doubles: index::Doubles::All, ..index::Filter::default() };
    let mut after = None;
    loop {
        let page = index.page(&filter, after, 5000).unwrap();
        for line in &page.lines {
            let spot = Spot { cursor: line.cursor(), part: 0, from: 0, until: 4 };
            let number = line.number.0;
            if number % 100 == 0 {
                let code =
                    ["debt.owed", "docs.taken", "monitor.where", "threaten"][number as usize / 100 % 4];
                builder.hint(&HintLine { spot, code, language: "de", rule: "de.1", facts: "{}" }).unwrap();
            }
            if number % 30 == 0 {
                let who = telephone(number as u64 / 30 % 3000);
                let identifier = builder.identifier("phone", &who, &who).unwrap();
                builder.occurrence(identifier, spot).unwrap();
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    builder.finish("bench").unwrap();
}
