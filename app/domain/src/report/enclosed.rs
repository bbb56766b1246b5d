//! What a report brings with it: pictures, recordings, documents. What a file is, is told by its first
//! bytes, never by its name.

use serde::{Deserialize, Serialize};

use crate::id::Sha256;
use crate::photo::{self, Format};
use crate::wire::{self, MAX_PART, MAX_PARTS, MAX_PARTS_BYTES, Part};

/// Most bytes of one file: what fits into [`MAX_PART`] once it is padded and sealed.
pub const MAX_FILE: u64 = 25 * 1024 * 1024;
/// Bytes from the start of a file that [`look`] needs.
pub const HEAD: usize = photo::HEAD;
/// Most characters of a file's name that are kept.
const MAX_NAME: usize = 60;

/// All files of a report, and what opens them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// In a draft the age recipient they are sealed to, for no centre is chosen when the first is added;
    /// in what a centre opens the identity that belongs to it.
    pub key: String,
    /// In the order in which they were added.
    pub files: Vec<File>,
}

/// A file, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The sealed file.
    pub part: Part,
    /// As the phone called it, made harmless; empty for what was recorded here.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it came from.
    pub origin: Origin,
    /// Its bytes, before it was padded and sealed.
    pub length: u64,
    /// Of these bytes.
    pub sha256: Sha256,
}

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// As it was on the phone, with all that is hidden in it.
    Original,
    /// A picture that was drawn anew: without place, time or camera.
    Redrawn,
    /// Spoken for this report.
    Spoken,
}

/// Kinds of files that a centre can open. Written as the ending of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Jpg,
    Png,
    Gif,
    Webp,
    /// HEIC or AVIF.
    Heic,
    /// MP4, MOV or 3GP; recordings of sound in it are among them.
    Mp4,
    /// WebM or Matroska, with or without a picture.
    Webm,
    Mp3,
    Aac,
    Amr,
    Ogg,
    Wav,
    Pdf,
    /// A document of an office program, as a ZIP file: `.docx`, `.odt` and the like.
    Zip,
    Txt,
}

/// Why a file is not added. Nothing of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It has no bytes.
    Empty,
    /// It has more than [`MAX_FILE`].
    TooLarge,
    /// All files together would be more than a report may bring.
    TooMuch,
    /// There are [`MAX_PARTS`] already.
    TooMany,
    /// It is nothing that a centre can open.
    OtherKind,
    /// A picture that declares more than a phone or a centre can draw.
    TooManyPixels,
    /// It begins like a picture and is none.
    Damaged,
}

/// Whether a file of so many bytes has room beside the others: asked before a byte of it is read.
pub fn has_room(beside: &[File], bytes: u64) -> Result<(), Refusal> {
    let parts: Vec<Part> = beside.iter().map(|file| file.part.clone()).collect();
    match bytes {
        0 => Err(Refusal::Empty),
        _ if bytes > MAX_FILE => Err(Refusal::TooLarge),
        _ if parts.len() >= MAX_PARTS => Err(Refusal::TooMany),
        _ if wire::length(&parts) + sealed_at_most(bytes) > MAX_PARTS_BYTES => {
            Err(Refusal::TooMuch)
        }
        _ => Ok(()),
    }
}

/// What it may become by padding and sealing.
fn sealed_at_most(bytes: u64) -> u64 {
    (bytes + bytes / 16 + 128 * 1024).min(MAX_PART.into())
}

/// What a file is, by its first [`HEAD`] bytes; refuses what should not be opened.
pub fn look(head: &[u8]) -> Result<Kind, Refusal> {
    match photo::look(head) {
        Ok(declared) => Ok(match declared.format {
            Format::Jpeg => Kind::Jpg,
            Format::Png => Kind::Png,
            Format::Gif => Kind::Gif,
            Format::Webp => Kind::Webp,
            Format::Heif => Kind::Heic,
        }),
        Err(photo::Refusal::TooLarge) => Err(Refusal::TooManyPixels),
        Err(photo::Refusal::NotAPicture) => other(head).ok_or(Refusal::OtherKind),
        Err(_) => Err(Refusal::Damaged),
    }
}

fn other(head: &[u8]) -> Option<Kind> {
    let begins = |with: &[u8]| head.starts_with(with);
    let at_four = head.get(4..8).unwrap_or_default();
    let kind = if at_four == b"ftyp" {
        Kind::Mp4
    } else if begins(&[0x1a, 0x45, 0xdf, 0xa3]) {
        Kind::Webm
    } else if begins(b"RIFF") && head.get(8..12) == Some(b"WAVE") {
        Kind::Wav
    } else if begins(b"OggS") {
        Kind::Ogg
    } else if begins(b"#!AMR") {
        Kind::Amr
    } else if begins(b"ID3") {
        Kind::Mp3
    } else if let [0xff, second, ..] = head {
        // Frames of MPEG: layer 0 is AAC, layer 3 is what is called MP3.
        match second & 0b1111_0110 {
            0xf0 => Kind::Aac,
            0xf2 | 0xe2 => Kind::Mp3,
            _ => return None,
        }
    } else if begins(b"%PDF-") {
        Kind::Pdf
    } else if begins(b"PK\x03\x04") && is_document(head) {
        Kind::Zip
    } else if is_text(head) {
        Kind::Txt
    } else {
        return None;
    };
    Some(kind)
}

/// Documents of office programs name themselves in the first file inside.
fn is_document(head: &[u8]) -> bool {
    let first = head.get(30..).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"mimetype", b"_rels/.rels"]
        .iter()
        .any(|name| first.starts_with(name))
}

/// Letters in UTF-8, of which the last may be cut off; no signs that steer machines.
fn is_text(head: &[u8]) -> bool {
    let whole = match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()])
        }
        read => read,
    };
    let breaks = |c| matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    whole.is_ok_and(|text| !text.is_empty() && text.chars().all(|c| !c.is_control() || breaks(c)))
}

impl Kind {
    /// Whether it is a still picture, which can be drawn anew.
    pub fn is_picture(self) -> bool {
        matches!(
            self,
            Self::Jpg | Self::Png | Self::Gif | Self::Webp | Self::Heic
        )
    }

    /// What its name ends in, whatever the phone called it.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Heic => "heic",
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Amr => "amr",
            Self::Ogg => "ogg",
            Self::Wav => "wav",
            Self::Pdf => "pdf",
            Self::Zip => "zip",
            Self::Txt => "txt",
        }
    }
}

impl Enclosed {
    /// Whether something was spoken: then what happened need not be written as well.
    pub fn is_spoken(&self) -> bool {
        self.files.iter().any(|file| file.origin == Origin::Spoken)
    }

    /// The sealed files, for the label of the report.
    pub fn parts(&self) -> Vec<Part> {
        self.files.iter().map(|file| file.part.clone()).collect()
    }
}

/// A file's name without what could lead elsewhere or deceive: folders, signs that turn the letters
/// around, control characters, dots in front.
pub fn harmless_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = last.chars().filter(|c| !c.is_control() && !turns(*c));
    let plain: String = plain.take(MAX_NAME).collect();
    let in_front = |c: char| c == '.' || c.is_whitespace();
    plain.trim_start_matches(in_front).trim_end().to_owned()
}

/// Signs that are not seen and change how others are shown.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PartId;

    #[track_caller]
    fn is(head: &[u8], expected: Result<Kind, Refusal>) {
        assert_eq!(look(head), expected, "{:?}", String::from_utf8_lossy(head));
    }

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        is(b"\x00\x00\x00\x18ftypisom\x00\x00", Ok(Kind::Mp4));
        is(b"\x00\x00\x00\x18ftypM4A \x00\x00", Ok(Kind::Mp4));
        is(b"\x1a\x45\xdf\xa3\x9fB\x86", Ok(Kind::Webm));
        is(b"RIFF\x00\x00\x00\x00WAVEfmt ", Ok(Kind::Wav));
        is(b"OggS\x00\x02", Ok(Kind::Ogg));
        is(b"#!AMR\n", Ok(Kind::Amr));
        is(b"ID3\x04", Ok(Kind::Mp3));
        is(b"\xff\xfb\x90\x00", Ok(Kind::Mp3));
        is(b"\xff\xf1\x50\x80", Ok(Kind::Aac));
        is(b"%PDF-1.7", Ok(Kind::Pdf));
        is("Grüße\r\n".as_bytes(), Ok(Kind::Txt));
        let zip = |name: &str| [&b"PK\x03\x04"[..], &[0; 26], name.as_bytes()].concat();
        is(&zip("[Content_Types].xml"), Ok(Kind::Zip));
        is(&zip("mimetypeapplication/vnd.oasis"), Ok(Kind::Zip));
        is(&zip("virus.exe"), Err(Refusal::OtherKind));
    }

    #[test]
    fn what_no_centre_should_open_is_refused() {
        is(b"MZ\x90\x00", Err(Refusal::OtherKind));
        is(b"\x7fELF", Err(Refusal::OtherKind));
        is(b"", Err(Refusal::OtherKind));
        is(b"letters\x00and more", Err(Refusal::OtherKind));
        is("MZ\u{90}".as_bytes(), Err(Refusal::OtherKind));
        is(b"\xc3\x28 not UTF-8", Err(Refusal::OtherKind));
        is(b"\xff\xd8\xff\xe0 no size follows", Err(Refusal::Damaged));
        let mut png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".to_vec();
        png.extend([0, 0, 0x80, 0, 0, 0, 0x80, 0]);
        is(&png, Err(Refusal::TooManyPixels));
    }

    /// Its first bytes decide, and so does the ending of its name on the centre's machine: whatever else it
    /// may be, it is opened as that or not at all.
    #[test]
    fn a_file_that_is_two_things_is_what_it_begins_as() {
        let frame = [0xff, 0xc0, 0, 17, 8, 0, 16, 0, 32, 3];
        let jpeg = |about: &[u8]| {
            let length = (about.len() as u16 + 2).to_be_bytes();
            [&b"\xff\xd8\xff\xe1"[..], &length, about, &frame].concat()
        };
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01";
        let zip = b"PK\x03\x04 and a program";
        is(&jpeg(b"%PDF-1.7"), Ok(Kind::Jpg));
        is(&[&b"%PDF-1.7\n"[..], &jpeg(b"")].concat(), Ok(Kind::Pdf));
        is(&[&png[..], zip].concat(), Ok(Kind::Png));
        is(&[&zip[..], png].concat(), Err(Refusal::OtherKind));
        is(b"PK\x05\x06", Err(Refusal::OtherKind));
        // As the size of its screen a browser would take "/*", and no frame follows.
        let page = b"GIF89a/*\x01\0\0\0\0*/=1;alert(1)//<script>alert(1)</script>";
        is(page, Err(Refusal::Damaged));
        is(b"GIF89a<script>alert(1)</script>", Err(Refusal::Damaged));
        is(b"<!doctype html><script>alert(1)</script>", Ok(Kind::Txt));
        is(b"<svg onload=alert(1)>", Ok(Kind::Txt));
        is(b"#!/bin/sh\nrm -r ~\n", Ok(Kind::Txt));
        is(b"\xff\xfe<\0h\0t\0m\0l\0", Err(Refusal::OtherKind));
        let endings = [Kind::Jpg, Kind::Pdf, Kind::Png, Kind::Txt].map(Kind::ending);
        assert_eq!(endings, ["jpg", "pdf", "png", "txt"]);
    }

    #[test]
    fn a_text_that_is_cut_within_a_letter_is_a_text() {
        is("für".as_bytes().split_at(2).0, Ok(Kind::Txt));
    }

    fn file(length: u32) -> File {
        File {
            part: Part {
                id: PartId::from_random([1; 16]),
                length,
                sha256: Sha256([0; 32]),
            },
            name: String::new(),
            kind: Kind::Jpg,
            origin: Origin::Redrawn,
            length: length.into(),
            sha256: Sha256([0; 32]),
        }
    }

    #[test]
    fn there_is_room_for_so_much_and_no_more() {
        assert_eq!(has_room(&[], 0), Err(Refusal::Empty));
        assert_eq!(has_room(&[], MAX_FILE), Ok(()));
        assert_eq!(has_room(&[], MAX_FILE + 1), Err(Refusal::TooLarge));
        let many = vec![file(1); MAX_PARTS];
        assert_eq!(has_room(&many, 1), Err(Refusal::TooMany));
        let large = vec![file(MAX_PART); 3];
        assert_eq!(has_room(&large, 20 << 20), Ok(()));
        assert_eq!(has_room(&large, MAX_FILE), Err(Refusal::TooMuch));
    }

    #[track_caller]
    fn named(name: &str, expected: &str) {
        assert_eq!(harmless_name(name), expected);
    }

    #[test]
    fn a_name_leads_nowhere_and_deceives_nobody() {
        named("../../etc/passwd", "passwd");
        named("C:\\fakepath\\photo.jpg", "photo.jpg");
        named("photo\u{202e}gpj.exe", "photogpj.exe");
        named(".htaccess", "htaccess");
        named(". .htaccess", "htaccess");
        named("a\u{0}b\nc", "abc");
        named("..", "");
        named("../..", "");
        named("..\\..\\boot.ini", "boot.ini");
        named("a\u{61c}\u{2066}b\u{2069}\u{feff}", "ab");
        named("\u{202e}\u{0}../x\u{0}.jpg", "x.jpg");
        // What it ends in says nothing: see `Kind::ending`.
        named("photo.jpg.exe", "photo.jpg.exe");
        named(&"x".repeat(300), &"x".repeat(MAX_NAME));
    }
}
