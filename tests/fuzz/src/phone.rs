//! What phones read: the API's shapes, what lies on the phone, the lists that come with the app.

use std::fmt::Debug;
use std::str::FromStr;

use domain::card::{Card, Layer, dial, vcard};
use domain::delta::Delta;
use domain::form::{self, Answers, Form};
use domain::geo::Point;
use domain::handover::{HandOver, Tap};
use domain::id::{PlaceId, ReportId, Sha256};
use domain::lock::{Pin, Tries};
use domain::note::{LATEST, Waiting};
use domain::outbox::{Answer, Entry};
use domain::passphrase::strength;
use domain::postcode::{Level, Pack, Postcode};
use domain::private::Private;
use domain::report::enclosed::{harmless_name, look};
use domain::report::{Body, Draft, Folder, Phone};
use domain::search;
use domain::time::{Day, Timestamp};
use domain::town;
use domain::usual_place::UsualPlace;
use domain::wire::{Envelope, MailboxState, Problem, Stored, open_envelope, open_note};
use seal::keyset::{RootKey, RootSeed};
use seal::lock::Record;
use seal::receipt::Receipt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use words::{FormWords, Words};

use crate::Decoder;

const NOTE: &str = r#"{"version":1,"kind":{"help-given":{"how":"rang-contact"}},"place":"hawthorns-house","day":"2026-11-22"}"#;
const NOTE_ON_A_PLACE: &str =
    r#"{"version":1,"kind":"was-closed","place":"cape-hall","day":"2026-11-22"}"#;
pub const ID: &str = "mfrggzdfmztwq2lknnwg23tpoa";
pub const BODY: &str = r#"{"version":1,"id":"mfrggzdfmztwq2lknnwg23tpoa","form":1,"language":"en","answers":{"account":{"text":"They shouted at us."},"when":{"choice":"day","date":"2026-11-22"}},"written":1795428548000}"#;
const STORED: &str = r#"{"epoch":"mfrggzdfmztwq2lknnwg23tpoa","mark":7,"complete":false,"missing":[{"id":"mfrggzdfmztwq2lknnwg23tpoa","offset":12}]}"#;
const MAILBOX: &str = r#"{"report":"received","centre":"hawthorns","stages":{"received":1795428000000,"complete":true,"read":1795431600000},"messages":[{"id":"mfrggzdfmztwq2lknnwg23tpoa","from":"centre","hour":1795428000000,"sealed":"YWdl"}]}"#;
const PROBLEM: &str = r#"{"type":"/problems/malformed","title":"No","status":400,"detail":"Why","expected-offset":5,"provided-offset":7}"#;
const PLACES: &str = r#"{"places":[{"id":"cape-hall","revision":2,"name":"Cape Hall","address":"1 Example Lane","postcode":null,"point":{"lat":52.5037,"lon":-1.9679},"telephone":"0121 496 0101","opening":{"week":[{"open":[[540,1020]]},{},{},{},{},{"ask":[[600,840]]},{}],"dated":[["2026-12-25",{}]],"through":"2027-12-27"},"what":null,"directions":null,"door":null,"welcome":null,"photo":null,"offers":["step-free"],"languages":["en"],"checked":null,"review_by":null,"ring_first":false,"sample":true}],"gone":["old-hall"],"cursor":"x-7","more":false,"whole":"0202020202020202020202020202020202020202020202020202020202020202"}"#;
const LOCK: &str = r#"{"version":1,"id":"mfrggzdfmztwq2lknnwg23tpoa","by":"device","device":{"salt":"AAECAwQFBgcICQoLDA0ODw==","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v"}}"#;

/// JSON that is read into a shape and written from it.
fn json<T>(name: &'static str, seeds: &[&str]) -> Decoder
where
    T: Serialize + DeserializeOwned + PartialEq + Debug + 'static,
{
    Decoder::of_text(name, seeds, comes_back::<T>)
}

pub fn comes_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &str) -> bool {
    comes_back_as(text, |read: T| read)
}

/// The reader that is used here may miss a number by its sixteenth digit; the one of browsers does not.
fn without_last_digits(mut read: Delta) -> Delta {
    let round = |degrees: f64| f64::from(degrees as f32);
    for place in &mut read.places {
        place.point.lat = round(place.point.lat);
        place.point.lon = round(place.point.lon);
    }
    read
}

fn comes_back_as<T>(text: &str, compared: impl Fn(T) -> T) -> bool
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let Ok(read) = serde_json::from_str::<T>(text) else {
        return false;
    };
    let written = serde_json::to_string(&read).expect("what was read can be written");
    let again: T = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(compared(read), compared(again));
    true
}

/// A text that is parsed and shown.
fn shown<T: FromStr + ToString + PartialEq + Debug>(text: &str) -> bool {
    let Ok(read) = text.parse::<T>() else {
        return false;
    };
    let again = read.to_string().parse::<T>();
    assert!(again.is_ok_and(|again| again == read), "{read:?}");
    true
}

pub fn decoders() -> Vec<Decoder> {
    vec![
        envelope(),
        Decoder::of_text("note", &[NOTE, NOTE_ON_A_PLACE], |text| {
            let Ok(note) = open_note(text.as_bytes()) else {
                return false;
            };
            assert_eq!(open_note(&note.to_bytes().expect("plain data")), Ok(note));
            true
        }),
        json::<Stored>("answer-to-a-report", &[STORED]),
        json::<MailboxState>("mailbox", &[MAILBOX, r#"{"report":null}"#]),
        json::<Problem>("problem", &[PROBLEM]),
        Decoder::of_text("places", &[PLACES], |text| {
            comes_back_as(text, without_last_digits)
        }),
        json::<Body>("body", &[BODY]),
        json::<Record>("lock-record", &[LOCK]),
        folder(),
        Decoder::of_text("form", &[standard(), FORM], form),
        private(),
        Decoder::of_text(
            "receipt",
            &["1234 5678", &receipt(), &receipt().replace(' ', "-")],
            |text| {
                let Ok(receipt) = Receipt::parse(text) else {
                    // Too few digits are an answer as well.
                    return text == "1234 5678";
                };
                let shown = receipt.to_string();
                assert_eq!(
                    Receipt::parse(&shown).map(|again| again.to_string()),
                    Ok(shown)
                );
                true
            },
        ),
        Decoder::of_text("postcode", &["B70 8AA", "b70", "SW1A1AA"], |text| {
            let Some(read) = Postcode::parse(text) else {
                return false;
            };
            assert_eq!(Postcode::parse(&read.to_string()), Some(read));
            true
        }),
        Decoder::of_text(
            "ids",
            &[ID, "hawthorns-house", "2026-11-22", &"02".repeat(32)],
            |text| {
                let hash = comes_back::<Sha256>(&serde_json::Value::from(text).to_string());
                let ids = [
                    shown::<ReportId>(text),
                    shown::<PlaceId>(text),
                    shown::<Day>(text),
                    hash,
                ];
                ids.contains(&true)
            },
        ),
        postcodes(),
        towns(),
        card(),
        entry(),
        hand_over(),
        typed(),
        small(),
        enclosed(),
    ]
}

fn card() -> Decoder {
    let card = r#"{"name":"Sam","pronouns":"they, them","may":["ready:need-time","rock"],"symbols":["p-help"],"contacts":[{"name":"Ali","telephone":"0121 496 0101"}],"needs":"Time","moved":[["needs","front"]],"scan":true,"checked":1795428548000}"#;
    Decoder::of_text("card", &[card, "{}"], |text| {
        let Ok(card) = serde_json::from_str::<Card>(text) else {
            return false;
        };
        card.problems();
        card.front();
        for ring in card.ring() {
            vcard(&card.name, Some(&ring.dial), &card.needs);
        }
        for layer in [Layer::Front, Layer::Help, Layer::Private] {
            let side = card.side(layer);
            let parts = side.parts();
            side.only(&parts);
        }
        card.wants_checking(Timestamp(9));
        comes_back::<Card>(text)
    })
}

fn entry() -> Decoder {
    let id: ReportId = ID.parse().expect("an id");
    let entry = Entry::new(id, Phone::Mine, Timestamp(5));
    let waits = serde_json::to_string(&entry).expect("plain data");
    let sends = waits.replacen(
        '{',
        &format!(
            r#"{{"arrived":12,"parts":[{{"id":"{ID}","length":300,"sha256":"{}"}}],"#,
            "02".repeat(32)
        ),
        1,
    );
    Decoder::of_text("outbox", &[&waits, &sends], |text| {
        let Ok(entry) = serde_json::from_str::<Entry>(text) else {
            return false;
        };
        entry.progress();
        entry.is_due(Timestamp(9));
        for answer in [Answer::Unknown, Answer::Later(5), Answer::Silence] {
            entry.settle(answer, Timestamp(9));
        }
        comes_back::<Entry>(text)
    })
}

fn hand_over() -> Decoder {
    let begun = HandOver::begin(2, Timestamp(5)).after(Tap::Rings(1), 2, Timestamp(6));
    let seed = serde_json::to_string(&begun).expect("plain data");
    Decoder::of_text("hand-over", &[&seed], |text| {
        let Ok(read) = serde_json::from_str::<HandOver>(text) else {
            return false;
        };
        for contacts in [0, 2] {
            let resumed = read.clone().resumed(contacts);
            resumed.contact();
            resumed.tried_last();
            for tap in [Tap::Rings(contacts), Tap::NoAnswer, Tap::Answered] {
                resumed.clone().after(tap, contacts, Timestamp(9)).contact();
            }
        }
        comes_back::<HandOver>(text)
    })
}

/// What people type in fields of their own.
fn typed() -> Decoder {
    let seeds = [
        "0121 496 0101",
        "294617",
        "correct horse battery",
        "west brom",
    ];
    Decoder::of_text("typed", &seeds, |text| {
        drop(Pin::chosen(text));
        strength(text);
        search::has("West Bromwich", text);
        search::nearly("West Bromwich", text);
        search::nearly(text, "west brom");
        let name = harmless_name(text);
        assert_eq!(harmless_name(&name), name);
        let dialled = dial(text);
        assert!(
            dialled
                .as_deref()
                .is_none_or(|number| dial(number).as_deref() == Some(number))
        );
        true
    })
}

/// What is small has one decoder for all of it: the first sign says which it is.
fn small() -> Decoder {
    let root = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let seeds = [
        format!(r#"n{{"id":"{ID}","note":{{"kind":{{"help-given":{{"how":"rang-contact"}}}},"place":"cape-hall","day":"2026-11-22"}},"not_before":9}}"#),
        r#"u{"kind":"bus-stop","name":"Home","address":"1 High Street","directions":"left","point":{"lat":52.5,"lon":-1.9}}"#.to_owned(),
        r#"t{"wrong":7,"last":9}"#.to_owned(),
        format!(r#"p{{"root":"{root}","demo":false,"version":2}}"#),
        format!("r{root}"),
        "iAGE-SECRET-KEY-1D853XTXLWAYNL8E339AQ570DUA2TVP4CG77ZHWSHFXZ732NT799SUQUR7E".to_owned(),
        "frole.label=Who was it?\nrole.me = I was\n= en role.me=Me".to_owned(),
        format!("w{}", words::file_of_phones("en").expect("English")),
    ];
    let seeds: Vec<_> = seeds.iter().map(|seed| &**seed).collect();
    Decoder::of_text("small", &seeds, |text| {
        let Some((which, text)) = text.split_at_checked(1) else {
            return false;
        };
        match which {
            "n" => waiting(text),
            "u" => usual_place(text),
            "t" => tries(text),
            "p" => comes_back::<seal::keyset::Pin>(text),
            "r" => root_keys(text),
            "i" => seal::identity::recipient(text).is_ok(),
            "f" => words_of_a_form(text),
            "w" => Words::parse(text).is_some(),
            _ => false,
        }
    })
}

fn waiting(text: &str) -> bool {
    let Ok(read) = serde_json::from_str::<Waiting>(text) else {
        return false;
    };
    for now in [i64::MIN, 9, i64::MAX].map(Timestamp) {
        read.is_due(now);
        assert!((0..=LATEST).contains(&read.wait(now)));
        read.clone().put_off(7, now);
        read.note.counted_on(now.day());
    }
    comes_back::<Waiting>(text)
}

fn usual_place(text: &str) -> bool {
    let Ok(read) = serde_json::from_str::<UsualPlace>(text) else {
        return false;
    };
    let _ = (read.is_useful(), read.has_something(), read.is_too_long());
    // The reader that is used here may miss a number by its sixteenth digit.
    comes_back_as(text, |read: UsualPlace| UsualPlace {
        point: None,
        ..read
    })
}

fn tries(text: &str) -> bool {
    let Ok(read) = serde_json::from_str::<Tries>(text) else {
        return false;
    };
    for now in [i64::MIN, 9, i64::MAX].map(Timestamp) {
        read.wait_until(now);
        Tries::one_more(Some(read), now).wait_until(now);
    }
    comes_back::<Tries>(text)
}

/// Both halves of a root, as its files have them.
fn root_keys(text: &str) -> bool {
    let public = RootKey::from_base64(text);
    if let Ok(key) = &public {
        assert_eq!(RootKey::from_base64(&key.to_base64()).as_ref(), Ok(key));
    }
    let Ok(secret) = RootSeed::from_base64(text) else {
        return false;
    };
    let again = RootSeed::from_base64(&secret.to_base64());
    assert_eq!(again.map(|again| again.public()), Ok(secret.public()));
    true
}

fn words_of_a_form(text: &str) -> bool {
    let all = FormWords::parse(text).with_own(text, "cy");
    all.get("role.label").is_some() | all.of("role", "me").is_some()
}

fn enclosed() -> Decoder {
    let seeds: [&[u8]; 12] = [
        b"\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x11\x08\0\x10\0\x20\x03",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01",
        b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\0\0\0\x21\xf9\x01\0\0\x2c\0\0\0\0\x01\0\x01\0",
        b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x01\0\0\x01\0\0",
        b"\0\0\0\x18ftypheic\0\0\0\0heicmif1\0\0\0\x14ispe\0\0\0\0\0\0\0\x10\0\0\0\x10",
        b"\0\0\0\x18ftypisom\0\0",
        b"\x1a\x45\xdf\xa3\x9fB\x86",
        b"RIFF\0\0\0\0WAVE",
        b"ID3\x04",
        b"%PDF-1.7",
        b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0mimetype",
        b"A letter.\n",
    ];
    let seeds = seeds.map(<[u8]>::to_vec).to_vec();
    Decoder::new("enclosed", seeds, |head| look(head).is_ok())
}

fn envelope() -> Decoder {
    let first = include_bytes!("../../../app/domain/tests/data/envelope-v1.bin");
    let second = format!(
        r#"{{"version":2,"centre":"hawthorns","keyset":1,"mailbox":{{"id":"{ID}","token_hash":"{hash}"}},"length":25,"reply":"age1{reply}","parts":[{{"id":"{ID}","length":300,"sha256":"{hash}"}}]}}"#,
        hash = "02".repeat(32),
        reply = "q".repeat(58),
    );
    let second = [second.as_bytes(), b"\nage-encryption.org/v1\nx\n\xFF"].concat();
    Decoder::new("envelope", vec![first.to_vec(), second], |bytes| {
        let Ok((label, at)) = open_envelope(bytes) else {
            return false;
        };
        let sealed = bytes[at..].to_vec();
        let read = Envelope { label, sealed };
        let again = read.to_bytes().expect("plain data");
        let (label, at) = open_envelope(&again).expect("what was written can be read");
        assert_eq!((&label, &again[at..]), (&read.label, &read.sealed[..]));
        true
    })
}

fn folder() -> Decoder {
    let id: ReportId = ID.parse().expect("an id");
    let mut draft = Draft::new(id, Phone::Mine, Timestamp(5));
    let body: Body = serde_json::from_str(BODY).expect("a body");
    draft.answers = body.answers;
    draft.receipt = Some("1234 5678".to_owned());
    let mut folder = Folder::default();
    folder.drafts.push(draft);
    let empty = serde_json::to_string(&Folder::default()).expect("plain data");
    let folder = serde_json::to_string(&folder).expect("plain data");
    Decoder::of_text("folder-of-drafts", &[&empty, &folder], |text| {
        let read = serde_json::from_str::<Folder>(text).map(Folder::known);
        let known = matches!(read, Ok(Ok(_)));
        if let Ok(Ok(folder)) = read {
            let form = Form::standard();
            for draft in &folder.drafts {
                draft.next(&form);
                // Whether it is complete is not asked here, only whether it can be asked.
                drop(Body::parse(draft, &form, "en", Timestamp(9)));
            }
        }
        comes_back::<Folder>(text) && known
    })
}

/// The standard form, as it lies in the source.
fn standard() -> &'static str {
    include_str!("../../../app/domain/src/form/standard.form")
}

/// What a scheme may write: taken as changes to the standard form.
const FORM: &str = "hide where\n";

fn form(text: &str) -> bool {
    let changed = Form::standard().adapted(text);
    let Ok(read) = Form::parse(text).or(changed) else {
        return false;
    };
    let answer = form::Answer {
        text: "x".repeat(5000),
        ..form::Answer::default()
    };
    let questions = read.questions.iter();
    let answers: Answers = questions
        .map(|one| (one.id.clone(), answer.clone()))
        .collect();
    for answers in [&answers, &Answers::new()] {
        for question in read.asked(answers) {
            question.check(&answers.get(&question.id).cloned().unwrap_or_default());
        }
        read.further_sections(answers);
    }
    true
}

fn private() -> Decoder {
    let mut private = Private::default();
    for fact in domain::private::Fact::ALL {
        private.set(fact, "One\nTwo = \\ three".to_owned());
    }
    let seeds = vec![private.to_bytes(), Private::default().to_bytes()];
    Decoder::new("private-facts", seeds, |bytes| {
        let Ok(read) = Private::from_bytes(bytes) else {
            return false;
        };
        let written = read.to_bytes();
        let again = Private::from_bytes(&written).expect("what was written can be read");
        assert_eq!(again.to_bytes(), written);
        assert!(again == read);
        true
    })
}

fn receipt() -> String {
    Receipt::draw().expect("random numbers").to_string()
}

const WEST_BROMWICH: (f64, f64) = (52.5178, -1.9952);

fn postcodes() -> Decoder {
    let shipped = include_bytes!("../../../public/postcodes.bin");
    Decoder::new("postcode-pack", vec![shipped.to_vec()], |bytes| {
        let Some(pack) = Pack::read(bytes) else {
            return false;
        };
        let (lat, lon) = WEST_BROMWICH;
        pack.nearest(Point::new(lat, lon).expect("a place"));
        for typed in ["B70 8AA", "B71 4LA", "DY1 1HF", "WS10 8UZ"] {
            let postcode = Postcode::parse(typed).expect("a postcode");
            domain::postcode::find(postcode, Some(&pack), "");
            postcode.at(Level::Sector);
        }
        true
    })
}

fn towns() -> Decoder {
    let shipped = include_bytes!("../../../public/towns.bin");
    Decoder::new("towns", vec![shipped.to_vec()], |bytes| {
        let Some(towns) = town::read(bytes) else {
            return false;
        };
        for typed in ["dudley", "west brom", "wlvrhmpton"] {
            town::named(&towns, typed, |_| 0.0);
        }
        true
    })
}
