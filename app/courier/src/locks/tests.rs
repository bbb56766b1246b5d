use domain::lock::FREE_TRIES;

use super::*;
use crate::memory::Memory;
use crate::samples::{NOW, at_once};
use crate::storage::Error;

/// A phone: its answers are its own.
struct Phone(u8);

impl Device for Phone {
    async fn answer(&self, _: Name, question: &[u8]) -> Result<Answer, Error> {
        let mixed = std::array::from_fn(|at| question[at] ^ question[at + 16] ^ self.0);
        Ok(Zeroizing::new(mixed))
    }
}

/// One tab of a phone.
type Tab<'a> = Locks<&'a Memory, Phone>;

fn tab(storage: &Memory) -> Tab<'_> {
    Locks::new(storage, Phone(1))
}

const CARD: Name = Name::Card;
const PIN: &str = "294617";
const OTHER: &str = "805162";

impl Tab<'_> {
    fn stands(&self) -> Lock {
        at_once(self.stand(CARD, NOW)).expect("readable")
    }

    fn sets(&self, pin: &str) -> Result<(), Failed> {
        at_once(self.set_pin(CARD, pin, Cost::LEAST))
    }

    fn keeps(&self, content: &str) -> Result<(), Failed> {
        at_once(self.keep(CARD, content.as_bytes()))
    }

    fn reads(&self) -> Result<Option<String>, Failed> {
        at_once(self.read(CARD)).map(text)
    }

    fn tries(&self, pin: &str, now: Timestamp) -> Result<Option<String>, Failed> {
        at_once(self.unlock(CARD, pin, now)).map(text)
    }
}

fn text(content: Option<Content>) -> Option<String> {
    content.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

const WRONG: Failed = Failed::Lock(LockError::Wrong);
const LOCKED: Lock = Lock::Locked {
    wait_until: None,
    passkey: false,
};

fn locked_phone() -> Memory {
    let storage = Memory::default();
    let tab = tab(&storage);
    tab.keeps("allergic").expect("kept");
    tab.sets(PIN).expect("set");
    drop(tab);
    storage
}

#[test]
fn without_a_pin_the_phone_opens_it_by_itself() {
    let storage = Memory::default();
    let first = tab(&storage);
    assert_eq!((first.stands(), first.reads()), (Lock::None, Ok(None)));
    first.keeps("allergic").expect("kept");
    let later = tab(&storage);
    assert_eq!(
        (later.stands(), later.reads()),
        (Lock::None, Ok(Some("allergic".into())))
    );
    let copied: Tab<'_> = Locks::new(&storage, Phone(2));
    assert_eq!(copied.reads(), Err(WRONG));
}

#[test]
fn a_pin_stands_before_what_was_there() {
    let storage = locked_phone();
    let tab = tab(&storage);
    assert_eq!(
        (tab.stands(), tab.reads(), tab.keeps("x")),
        (LOCKED, Err(Failed::Closed), Err(Failed::Closed))
    );
    assert_eq!(tab.tries(OTHER, NOW), Err(WRONG));
    assert_eq!(tab.tries(PIN, NOW), Ok(Some("allergic".into())));
    assert_eq!(tab.stands(), Lock::Open);
    tab.keeps("nuts").expect("kept");
    assert_eq!(tab.reads(), Ok(Some("nuts".into())));
    tab.close(CARD);
    assert_eq!((tab.stands(), tab.reads()), (LOCKED, Err(Failed::Closed)));
}

#[test]
fn a_pin_can_come_before_anything_is_kept() {
    let storage = Memory::default();
    tab(&storage).sets(PIN).expect("set");
    let tab = tab(&storage);
    assert_eq!(tab.tries(PIN, NOW), Ok(None));
    tab.keeps("allergic").expect("kept");
    assert_eq!(tab.reads(), Ok(Some("allergic".into())));
}

#[test]
fn a_weak_or_second_pin_is_not_set() {
    let storage = locked_phone();
    let tab = tab(&storage);
    assert_eq!(tab.sets("123456"), Err(Failed::Pin(BadPin::Simple)));
    assert_eq!(tab.sets(OTHER), Err(Failed::HasPin));
}

#[test]
fn the_pin_of_one_lock_opens_no_other() {
    let storage = locked_phone();
    let tab = tab(&storage);
    at_once(tab.set_pin(Name::Reports, OTHER, Cost::LEAST)).expect("set");
    tab.close(Name::Reports);
    assert_eq!(
        at_once(tab.unlock(Name::Reports, PIN, NOW)).err(),
        Some(WRONG)
    );
    assert_eq!(tab.tries(PIN, NOW), Ok(Some("allergic".into())));
    assert_eq!(at_once(tab.read(Name::Reports)).err(), Some(Failed::Closed));
}

#[test]
fn wrong_tries_slow_down_even_when_the_app_is_ended_each_time() {
    let storage = locked_phone();
    for _ in 0..=FREE_TRIES {
        assert_eq!(tab(&storage).tries(OTHER, NOW), Err(WRONG));
    }
    let tab = tab(&storage);
    assert_eq!(tab.tries(PIN, NOW), Err(Failed::Wait));
    let until = NOW.plus(30_000);
    assert_eq!(
        tab.stands(),
        Lock::Locked {
            wait_until: Some(until),
            passkey: false
        }
    );
    assert_eq!(tab.tries(PIN, until), Ok(Some("allergic".into())));
    assert_eq!(at_once(storage.tries(CARD)), Ok(None));
}

#[test]
fn a_clock_set_back_keeps_nobody_out_for_long() {
    let storage = locked_phone();
    let tab = tab(&storage);
    for _ in 0..=FREE_TRIES {
        assert_eq!(tab.tries(OTHER, NOW.plus(1_000_000_000)), Err(WRONG));
    }
    assert_eq!(tab.tries(PIN, NOW), Err(Failed::Wait));
    assert_eq!(
        tab.tries(PIN, NOW.plus(30_000)),
        Ok(Some("allergic".into()))
    );
}

#[test]
fn a_pin_is_changed_and_taken_away_only_with_the_old_one() {
    let storage = locked_phone();
    let tab = tab(&storage);
    let change = |old, new| at_once(tab.change_pin(CARD, old, new, Cost::LEAST, NOW));
    assert_eq!(change(OTHER, OTHER), Err(WRONG));
    assert_eq!(change(PIN, "111111"), Err(Failed::Pin(BadPin::Simple)));
    assert_eq!(change(PIN, OTHER), Ok(()));
    assert_eq!(tab.tries(PIN, NOW), Err(WRONG));
    assert_eq!(tab.tries(OTHER, NOW), Ok(Some("allergic".into())));
    assert_eq!(at_once(tab.remove_pin(CARD, PIN, NOW)), Err(WRONG));
    assert_eq!(at_once(tab.remove_pin(CARD, OTHER, NOW)), Ok(()));
    tab.close(CARD);
    assert_eq!(
        (tab.stands(), tab.reads()),
        (Lock::None, Ok(Some("allergic".into())))
    );
}

#[test]
fn a_passkey_opens_beside_the_pin() {
    let storage = locked_phone();
    let tab = tab(&storage);
    assert_eq!(
        at_once(tab.set_passkey(CARD, &[5; 32])),
        Err(Failed::Closed)
    );
    tab.tries(PIN, NOW).expect("right");
    at_once(tab.set_passkey(CARD, &[5; 32])).expect("set");
    tab.close(CARD);
    assert_eq!(
        tab.stands(),
        Lock::Locked {
            wait_until: None,
            passkey: true
        }
    );
    assert_eq!(
        at_once(tab.unlock_by_passkey(CARD, &[6; 32])).err(),
        Some(WRONG)
    );
    assert_eq!(
        at_once(tab.unlock_by_passkey(CARD, &[5; 32])).map(text),
        Ok(Some("allergic".into()))
    );
    at_once(tab.remove_passkey(CARD)).expect("removed");
    assert!(at_once(tab.unlock_by_passkey(CARD, &[5; 32])).is_err());
}

#[test]
fn starting_again_deletes_what_nobody_can_open() {
    let storage = locked_phone();
    let tab = tab(&storage);
    assert_eq!(tab.tries(OTHER, NOW), Err(WRONG));
    at_once(tab.start_again(CARD)).expect("deleted");
    assert_eq!((tab.stands(), tab.reads()), (Lock::None, Ok(None)));
    assert_eq!(at_once(storage.tries(CARD)), Ok(None));
    tab.keeps("new").expect("kept");
    assert_eq!(tab.reads(), Ok(Some("new".into())));
}

#[test]
fn one_tab_does_not_overwrite_what_another_wrote() {
    let storage = locked_phone();
    let (one, two) = (tab(&storage), tab(&storage));
    one.tries(PIN, NOW).expect("right");
    two.tries(PIN, NOW).expect("right");
    one.keeps("from one").expect("kept");
    assert_eq!(two.keeps("from two"), Err(Failed::Overtaken));
    assert_eq!(two.reads(), Ok(Some("from one".into())));
    two.keeps("both").expect("kept");
    assert_eq!(one.reads(), Ok(Some("both".into())));
}

#[test]
fn another_tab_that_started_again_ends_this_ones_key() {
    let storage = locked_phone();
    let (one, two) = (tab(&storage), tab(&storage));
    one.tries(PIN, NOW).expect("right");
    at_once(two.start_again(CARD)).expect("deleted");
    two.sets(OTHER).expect("set");
    assert_eq!(
        (one.reads(), one.keeps("x")),
        (Err(Failed::Closed), Err(Failed::Closed))
    );
}

#[test]
fn a_full_phone_changes_no_lock() {
    let storage = locked_phone();
    let tab = tab(&storage);
    tab.tries(PIN, NOW).expect("right");
    storage.fill_up();
    assert_eq!(tab.keeps("more"), Err(Failed::Storage(Error::Full)));
    assert_eq!(tab.reads(), Ok(Some("allergic".into())));
}

impl Tab<'_> {
    fn opens_files_with(&self) -> Result<String, Failed> {
        let report = ReportId::from_random([1; 16]);
        let identity = self.identity_of_files(CARD, &report);
        identity.map(|identity| identity.to_string())
    }
}

#[test]
fn what_opens_files_stays_the_same_behind_a_pin_and_in_every_tab() {
    let storage = Memory::default();
    let first = tab(&storage);
    assert_eq!(first.opens_files_with(), Err(Failed::Closed));
    first.keeps("a draft").expect("kept");
    let identity = first.opens_files_with().expect("drawn");
    first.keeps("a longer draft").expect("kept");
    first.sets(PIN).expect("set");
    assert_eq!(first.opens_files_with().as_ref(), Ok(&identity));
    let later = tab(&storage);
    assert_eq!(later.opens_files_with(), Err(Failed::Closed));
    assert_eq!(later.tries(PIN, NOW), Ok(Some("a longer draft".into())));
    assert_eq!(later.opens_files_with(), Ok(identity.clone()));
    at_once(later.start_again(CARD)).expect("deleted");
    later.keeps("another").expect("kept");
    assert_ne!(later.opens_files_with(), Ok(identity));
}

#[test]
fn what_was_kept_before_files_had_keys_is_read_and_gets_them() {
    let storage = Memory::default();
    let key = Key::draw(CARD).expect("random numbers");
    let question = Question::of_device().expect("random numbers");
    let answer = at_once(Phone(1).answer(CARD, &*question.bytes())).expect("answered");
    let record = Record::open_on_this_device(&key, &question, &answer);
    let sealed = key.seal(1, b"{}").expect("random numbers");
    let kept = at_once(storage.keep_lock(CARD, None, &record, Some(&sealed)));
    assert_eq!(kept, Ok(Swap::Done));
    let first = tab(&storage);
    assert_eq!(first.reads(), Ok(Some("{}".into())));
    first.keeps("{}").expect("kept");
    let later = tab(&storage);
    assert_eq!(later.reads(), Ok(Some("{}".into())));
    assert_eq!(later.opens_files_with(), first.opens_files_with());
}
