//! Bytes that are nearly what was meant.

use crate::chance::Chance;

/// What readers of numbers, texts and shapes stumble over.
const STONES: [&[u8]; 34] = [
    b"0",
    b"-1",
    b"1e309",
    b"-0.0",
    b"255",
    b"65536",
    b"2147483648",
    b"4294967295",
    b"4294967296",
    b"18446744073709551615",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"\"\"",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\n",
    b"\r\n",
    b"\t",
    b"\0",
    b"\xFF",
    b"\xEF\xBB\xBF",
    b"\xE2\x80\xAE",
    b"\xF0\x9F\x91\xBB",
    b"=",
    b",",
    b";",
    b"[[",
    b"0000-00-00",
];
/// Bytes of noise at most.
const NOISE: u64 = 400;
/// Bytes that a change may let something grow to.
const LARGEST: usize = 400_000;

/// One of these, changed in a few places; now and then nothing but noise.
pub fn changed(chance: &Chance, seeds: &[Vec<u8>]) -> Vec<u8> {
    if chance.below(20) == 0 {
        return noise(chance);
    }
    let mut bytes = any(chance, seeds).clone();
    // Mostly one change: what is hurt in many places is refused at the first.
    for _ in 0..=(chance.below(8).saturating_sub(4)) {
        change(chance, &mut bytes, seeds);
    }
    bytes.truncate(LARGEST);
    bytes
}

fn change(chance: &Chance, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let (from, to) = span(chance, bytes.len());
    match chance.below(8) {
        // A bit flips, or a byte is another.
        0 if !bytes.is_empty() => {
            let at = from.min(bytes.len() - 1);
            bytes[at] ^= 1 << chance.below(8);
        }
        1 if !bytes.is_empty() => {
            let at = from.min(bytes.len() - 1);
            bytes[at] = chance.next() as u8;
        }
        // The end, or something in the middle, is missing.
        2 => bytes.truncate(from),
        3 => drop(bytes.drain(from..to)),
        // Something comes twice, or from elsewhere.
        4 => {
            let again = bytes[from..to].to_vec();
            bytes.splice(to..to, again);
        }
        5 => {
            let other = any(chance, seeds);
            let (start, end) = span(chance, other.len());
            bytes.splice(from..to, other[start..end].iter().copied());
        }
        // A number or a sign stands where it was not meant.
        6 => {
            let stone = STONES[chance.below(STONES.len() as u64) as usize];
            bytes.splice(from..from, stone.iter().copied());
        }
        _ => {
            let stone = STONES[chance.below(STONES.len() as u64) as usize];
            let (from, to) = word(bytes, from);
            bytes.splice(from..to, stone.iter().copied());
        }
    }
}

/// The run of letters and digits around a place.
fn word(bytes: &[u8], at: usize) -> (usize, usize) {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let before = bytes[..at]
        .iter()
        .rev()
        .take_while(|byte| part(byte))
        .count();
    let after = bytes[at..].iter().take_while(|byte| part(byte)).count();
    (at - before, at + after)
}

/// Two places, the first not after the second; mostly near each other.
fn span(chance: &Chance, length: usize) -> (usize, usize) {
    let from = chance.below(length as u64 + 1) as usize;
    let most = match chance.below(4) {
        0 => length as u64,
        _ => 16,
    };
    let to = (from + chance.below(most + 1) as usize).min(length);
    (from, to)
}

fn any<'a>(chance: &Chance, seeds: &'a [Vec<u8>]) -> &'a Vec<u8> {
    &seeds[chance.below(seeds.len() as u64) as usize]
}

fn noise(chance: &Chance) -> Vec<u8> {
    let length = chance.below(NOISE);
    (0..length).map(|_| chance.next() as u8).collect()
}
