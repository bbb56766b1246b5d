use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a test's own day")
}

fn spans(spans: &[(u16, u16)]) -> Vec<Span> {
    let span = |(opens, closes): &(u16, u16)| Span::new(*opens, *closes).expect("a span");
    spans.iter().map(span).collect()
}

/// Every day the same hours, known to the end of 2027.
fn daily(open: &[(u16, u16)]) -> Hours {
    let of = OfDay {
        open: spans(open),
        ask: vec![],
    };
    Hours {
        week: std::array::from_fn(|_| of.clone()),
        dated: vec![],
        through: day("2027-12-31"),
    }
}

/// An instant in UTC.
fn utc(date: &str, hour: i64, minute: i64) -> Timestamp {
    day(date).start().plus((hour * 60 + minute) * MINUTE)
}

fn local(date: &str, hour: u16, minute: u16) -> Local {
    Local::new(day(date), hour * 60 + minute)
}

#[track_caller]
fn is(hours: &Hours, now: Timestamp, expected: State) {
    assert_eq!(hours.state(now), expected, "{:?}", now.in_london());
}

fn open(date: &str, hour: u16, minute: u16) -> State {
    State::Open {
        until: Some(local(date, hour, minute)),
    }
}

fn soon(date: &str, hour: u16, minute: u16) -> State {
    State::ClosingSoon {
        until: local(date, hour, minute),
    }
}

fn closed(date: &str, hour: u16, minute: u16) -> State {
    State::Closed {
        opens: Some(local(date, hour, minute)),
    }
}

#[test]
fn a_door_is_open_from_its_first_minute_to_the_one_before_its_last() {
    let hours = daily(&[(540, 1_020)]);
    is(&hours, utc("2026-11-23", 8, 59), closed("2026-11-23", 9, 0));
    is(&hours, utc("2026-11-23", 9, 0), open("2026-11-23", 17, 0));
    is(&hours, utc("2026-11-23", 16, 0), open("2026-11-23", 17, 0));
    is(&hours, utc("2026-11-23", 16, 1), soon("2026-11-23", 17, 0));
    is(&hours, utc("2026-11-23", 17, 0), closed("2026-11-24", 9, 0));
}

#[test]
fn hours_are_those_of_clocks_in_london() {
    let hours = daily(&[(540, 1_020)]);
    is(&hours, utc("2026-07-01", 8, 0), open("2026-07-01", 17, 0));
    is(&hours, utc("2026-07-01", 16, 0), closed("2026-07-02", 9, 0));
}

#[test]
fn a_door_may_stay_open_across_midnight() {
    let hours = daily(&[(1_200, 1_560)]);
    is(&hours, utc("2026-11-23", 23, 59), open("2026-11-24", 2, 0));
    is(&hours, utc("2026-11-24", 1, 30), soon("2026-11-24", 2, 0));
    is(&hours, utc("2026-11-24", 2, 0), closed("2026-11-24", 20, 0));
}

#[test]
fn the_night_the_clocks_go_forward_is_an_hour_shorter() {
    // 2027-03-28: after 00:59 UTC clocks show 02:00.
    let hours = daily(&[(1_200, 1_560)]);
    is(&hours, utc("2027-03-28", 0, 0), open("2027-03-28", 2, 0));
    is(&hours, utc("2027-03-28", 0, 59), soon("2027-03-28", 2, 0));
    is(&hours, utc("2027-03-28", 1, 0), closed("2027-03-28", 20, 0));
    // A time that no clock shows is the moment of the jump.
    let early = daily(&[(90, 300)]);
    is(
        &early,
        utc("2027-03-28", 0, 59),
        closed("2027-03-28", 1, 30),
    );
    is(&early, utc("2027-03-28", 1, 0), open("2027-03-28", 5, 0));
}

#[test]
fn the_night_the_clocks_go_back_never_sends_anybody_to_a_shut_door() {
    // 2027-10-31: clocks show 01:00 to 01:59 twice, from 00:00 UTC and from 01:00 UTC.
    let closes = daily(&[(1_200, 1_530)]);
    is(&closes, utc("2027-10-31", 0, 29), soon("2027-10-31", 1, 30));
    is(
        &closes,
        utc("2027-10-31", 0, 30),
        closed("2027-10-31", 20, 0),
    );
    is(
        &closes,
        utc("2027-10-31", 1, 15),
        closed("2027-10-31", 20, 0),
    );
    let opens = daily(&[(90, 300)]);
    is(
        &opens,
        utc("2027-10-31", 0, 45),
        closed("2027-10-31", 1, 30),
    );
    is(&opens, utc("2027-10-31", 1, 30), open("2027-10-31", 5, 0));
    // A whole night open lasts an hour longer; soon is told by real minutes.
    let night = daily(&[(1_200, 1_620)]);
    is(&night, utc("2027-10-31", 0, 30), open("2027-10-31", 3, 0));
    is(&night, utc("2027-10-31", 1, 30), open("2027-10-31", 3, 0));
    is(&night, utc("2027-10-31", 2, 30), soon("2027-10-31", 3, 0));
}

#[test]
fn a_door_that_never_shuts_is_open_without_end() {
    let hours = daily(&[(0, 1_440)]);
    for at in [
        utc("2026-11-23", 0, 0),
        utc("2027-03-28", 1, 0),
        utc("2027-10-31", 1, 30),
    ] {
        is(&hours, at, State::Open { until: None });
    }
}

#[test]
fn a_date_of_its_own_stands_for_the_week() {
    let mut hours = daily(&[(540, 1_020)]);
    hours.dated = vec![
        (day("2026-12-25"), OfDay::default()),
        (
            day("2026-12-28"),
            OfDay {
                open: spans(&[(600, 720)]),
                ask: vec![],
            },
        ),
    ];
    is(&hours, utc("2026-12-25", 12, 0), closed("2026-12-26", 9, 0));
    is(
        &hours,
        utc("2026-12-28", 9, 30),
        closed("2026-12-28", 10, 0),
    );
    is(&hours, utc("2026-12-28", 11, 30), soon("2026-12-28", 12, 0));
}

#[test]
fn by_appointment_is_not_known_and_the_next_sure_opening_is_told() {
    let mut hours = daily(&[(540, 720)]);
    hours.week[1].ask = spans(&[(840, 960)]);
    // 2026-11-24 is a Tuesday.
    is(&hours, utc("2026-11-24", 10, 0), open("2026-11-24", 12, 0));
    is(&hours, utc("2026-11-24", 13, 0), closed("2026-11-25", 9, 0));
    is(&hours, utc("2026-11-24", 14, 0), State::NotKnown);
    is(&hours, utc("2026-11-24", 16, 0), closed("2026-11-25", 9, 0));
}

#[test]
fn beyond_the_last_day_nothing_is_known() {
    let mut hours = daily(&[(540, 1_020)]);
    hours.through = day("2026-11-23");
    is(&hours, utc("2026-11-23", 10, 0), open("2026-11-23", 17, 0));
    is(
        &hours,
        utc("2026-11-23", 18, 0),
        State::Closed { opens: None },
    );
    is(&hours, utc("2026-11-24", 0, 0), State::NotKnown);
}

#[test]
fn a_model_is_small_and_reads_back() {
    let mut hours = daily(&[]);
    hours.week[0].open = spans(&[(540, 1_020)]);
    hours.week[1].ask = vec![Span::DAY];
    hours.dated = vec![(day("2026-12-25"), OfDay::default())];
    let json = serde_json::to_string(&hours).expect("plain data");
    assert_eq!(
        json,
        "{\"week\":[{\"open\":[[540,1020]]},{\"ask\":[[0,1440]]},{},{},{},{},{}],\
         \"dated\":[[\"2026-12-25\",{}]],\"through\":\"2027-12-31\"}"
    );
    assert_eq!(serde_json::from_str::<Hours>(&json).ok(), Some(hours));
    for wrong in ["[540,540]", "[1440,1500]", "[0,1441]", "[600,540]"] {
        assert!(serde_json::from_str::<Span>(wrong).is_err(), "{wrong}");
    }
}
