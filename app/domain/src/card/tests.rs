//! What a card promises.

use super::*;

fn contact(name: &str, telephone: &str) -> Contact {
    Contact {
        name: name.into(),
        telephone: telephone.into(),
        ..Contact::default()
    }
}

fn own(text: &str) -> Line {
    Line::Own(text.into())
}

#[test]
fn a_name_or_a_contact_makes_a_front() {
    assert_eq!(Card::default().front(), None);
    let named = Card {
        name: " Ali ".into(),
        ..Card::default()
    };
    assert_eq!(named.front().map(|f| f.name), Some("Ali".into()));
    let reachable = Card {
        contacts: vec![contact("", "101 101")],
        ..Card::default()
    };
    assert_eq!(
        reachable.front().map(|f| f.ring[0].name.clone()),
        Some("101 101".into())
    );
}

#[test]
fn a_front_leaves_gaps_and_unusable_numbers_out() {
    let card = Card {
        name: "Ali".into(),
        may: vec![own(""), own(" be scared by noise ")],
        contacts: vec![contact("Sam", "later"), contact("Jo", "07700 900 456")],
        ..Card::default()
    };
    let front = card.front().expect("it has a name");
    assert_eq!(front.side.may, [own("be scared by noise")]);
    assert_eq!(front.ring.len(), 1);
    assert_eq!(front.ring[0].name, "Jo");
}

#[test]
fn little_is_on_the_front_until_its_holder_moves_it() {
    let mut card = Card {
        name: "Ali".into(),
        needs: "a quiet room".into(),
        allergies: "nuts".into(),
        dont: vec![own("touch me")],
        ..Card::default()
    };
    assert!(card.side(Layer::Front).is_empty());
    assert_eq!(card.side(Layer::Help).dont, [own("touch me")]);
    card.move_to(Part::Allergies, Layer::Front);
    assert_eq!(
        card.side(Layer::Front).texts,
        [(Part::Allergies, "nuts".into())]
    );
    assert_eq!(
        card.side(Layer::Help).texts,
        [(Part::Needs, "a quiet room".into())]
    );
    card.move_to(Part::Allergies, Layer::Help);
    assert_eq!(card.moved, []);
}

#[test]
fn only_what_was_chosen_of_a_side_is_left() {
    let mut card = Card {
        name: "Ali".into(),
        photo: Some(PhotoId::from_random([7; 16])),
        pronouns: "she, her".into(),
        may: vec![own("get lost")],
        please: vec![own("give me time")],
        dont: vec![own("touch me")],
        symbols: vec!["time".into()],
        issuer: "Sandwell".into(),
        ..Card::default()
    };
    for part in Part::TEXTS {
        *card.text_mut(part).expect("it is a text") = "words".into();
    }
    for layer in [Layer::Front, Layer::Help] {
        let side = card.side(layer);
        let parts = side.parts();
        assert_eq!(side.clone().only(&parts), side);
        assert!(side.clone().only(&[]).is_empty());
        for part in parts {
            assert_eq!(side.clone().only(&[part]).parts(), [part]);
        }
    }
    let everything: usize = [Layer::Front, Layer::Help]
        .map(|layer| card.side(layer).parts().len())
        .iter()
        .sum();
    assert_eq!(everything, 15);
}

#[test]
fn every_problem_is_named_at_once() {
    let card = Card {
        may: vec![own(&"x".repeat(61))],
        contacts: vec![contact("Sam", "")],
        ..Card::default()
    };
    assert_eq!(
        card.problems(),
        [
            Problem::NameMissing,
            Problem::TooLong(Field::Line(Kind::May, 0)),
            Problem::TelephoneUnusable(0)
        ]
    );
    assert_eq!(
        Card::default().problems(),
        [Problem::NameMissing, Problem::ContactMissing]
    );
    let away = Contact {
        not_now: true,
        ..contact("Sam", "07700 900 123")
    };
    let alone = Card {
        name: "Ali".into(),
        contacts: vec![away],
        ..Card::default()
    };
    assert_eq!(alone.problems(), [Problem::NobodyNow]);
}

#[test]
fn a_card_is_checked_once_a_year() {
    let mut card = Card::default();
    assert!(!card.wants_checking(Timestamp(i64::MAX)));
    card.checked = Some(Timestamp(0));
    assert!(!card.wants_checking(Timestamp(CHECKED_FOR)));
    assert!(card.wants_checking(Timestamp(CHECKED_FOR + 1)));
}

#[test]
fn a_card_of_an_older_shape_still_opens() {
    let card: Card = serde_json::from_str(
        r#"{"name":"Ali","may":["get lost"],"contacts":[{"name":"Sam","telephone":"999"}],"needs":"time"}"#,
    )
    .expect("absent parts are empty");
    assert_eq!(
        card,
        Card {
            name: "Ali".into(),
            may: vec![own("get lost")],
            contacts: vec![contact("Sam", "999")],
            needs: "time".into(),
            ..Card::default()
        }
    );
}

#[test]
fn the_kept_shape_of_a_card_is_a_decision() {
    let card = Card {
        name: "Ali".into(),
        may: Line::ready("need-time").into_iter().collect(),
        moved: vec![(Part::NobodyAnswers, Layer::Front)],
        ..Card::default()
    };
    let kept = serde_json::to_value(&card).expect("a card is JSON");
    assert_eq!(kept["may"], serde_json::json!(["ready:need-time"]));
    assert_eq!(
        kept["moved"],
        serde_json::json!([["nobody-answers", "front"]])
    );
    let opened: Card = serde_json::from_value(kept).expect("what was kept opens");
    assert_eq!(opened, card);
}
