//! Which letters the bytes of a file stand for: told by its first bytes, and field by field after that.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// As much of a file as is looked at to tell UTF-16 without a mark from one byte a letter.
const LOOKED_AT: usize = 512;
/// Bytes decoded at a time.
const CHUNK: usize = 16 * 1024;

/// What the beginning of a file says about its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or one byte a letter; which of them is seen field by field.
    Bytes,
    /// UTF-8 that says so.
    MarkedUtf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
}

/// How a field of one byte a letter, or of UTF-8, was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letters {
    /// Nothing beyond ASCII: the same in both.
    Plain,
    /// As UTF-8.
    Utf8,
    /// As Windows-1252, because it is no UTF-8.
    Windows1252,
}

/// Looks at the beginning of a file; what is read from the answer is UTF-8 where the file was UTF-16.
pub fn begin<'a>(mut file: impl BufRead + 'a) -> io::Result<(Encoding, Box<dyn Read + 'a>)> {
    let mut head = vec![0; LOOKED_AT];
    let length = fill(&mut file, &mut head)?;
    head.truncate(length);
    let (encoding, mark) = encoding_of(&head);
    let rest = io::Cursor::new(head.split_off(mark)).chain(file);
    let decoder = match encoding {
        Encoding::Bytes | Encoding::MarkedUtf8 => return Ok((encoding, Box::new(rest))),
        Encoding::Utf16Le => UTF_16LE.new_decoder_without_bom_handling(),
        Encoding::Utf16Be => UTF_16BE.new_decoder_without_bom_handling(),
    };
    Ok((encoding, Box::new(Decoded::new(rest, decoder))))
}

/// The text of one field, and how it was read.
pub fn text(bytes: &[u8]) -> (Cow<'_, str>, Letters) {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => (Cow::Borrowed(text), Letters::Plain),
        Ok(text) => (Cow::Borrowed(text), Letters::Utf8),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            (text, Letters::Windows1252)
        }
    }
}

/// Reads until the buffer is full or the file ends.
pub(super) fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// The encoding, and how many bytes its mark has.
fn encoding_of(head: &[u8]) -> (Encoding, usize) {
    match head {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::MarkedUtf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        _ => (unmarked(head), 0),
    }
}

/// Text in European letters has a zero in every other byte when it is UTF-16, and none otherwise.
fn unmarked(head: &[u8]) -> Encoding {
    let zeros = |at: usize| {
        let bytes = head.iter().skip(at).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let many = head.len() / 4;
    match (zeros(0), zeros(1)) {
        (even, odd) if many > 0 && odd > many && even < many => Encoding::Utf16Le,
        (even, odd) if many > 0 && even > many && odd < many => Encoding::Utf16Be,
        _ => Encoding::Bytes,
    }
}

/// UTF-16 on its way to UTF-8, a chunk at a time.
struct Decoded<R> {
    file: R,
    decoder: Decoder,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    fn new(file: R, decoder: Decoder) -> Self {
        Self {
            file,
            decoder,
            ready: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let mut chunk = vec![0; CHUNK];
        let length = fill(&mut self.file, &mut chunk)?;
        self.ended = length < CHUNK;
        let room = self
            .decoder
            .max_utf8_buffer_length(length)
            .unwrap_or(4 * CHUNK);
        self.ready.resize(room, 0);
        let (_, _, written, _) =
            self.decoder
                .decode_to_utf8(&chunk[..length], &mut self.ready, self.ended);
        self.ready.truncate(written);
        self.at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            self.decode_more()?;
        }
        let length = buffer.len().min(self.ready.len() - self.at);
        buffer[..length].copy_from_slice(&self.ready[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(bytes: &[u8], encoding: Encoding, expected: &str) {
        let (found, mut reader) = begin(bytes).expect("memory");
        let mut out = Vec::new();
        reader.read_to_end(&mut out).expect("memory");
        assert_eq!((found, text(&out).0.as_ref()), (encoding, expected));
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_letters() {
        let said = "name,address\nCafé 🙂,1 High Street\n";
        read(said.as_bytes(), Encoding::Bytes, said);
        read(
            &[b"\xEF\xBB\xBF", said.as_bytes()].concat(),
            Encoding::MarkedUtf8,
            said,
        );
        for marked in [said.to_owned(), format!("\u{feff}{said}")] {
            read(&utf16(&marked, u16::to_le_bytes), Encoding::Utf16Le, said);
            read(&utf16(&marked, u16::to_be_bytes), Encoding::Utf16Be, said);
        }
        read(b"Caf\xE9", Encoding::Bytes, "Café");
    }

    #[test]
    fn a_long_file_of_utf16_is_read_to_its_end() {
        let said = "é🙂,".repeat(50_000);
        read(
            &utf16(&format!("\u{feff}{said}"), u16::to_le_bytes),
            Encoding::Utf16Le,
            &said,
        );
    }

    #[test]
    fn a_field_says_how_it_was_read() {
        assert_eq!(text(b"Cafe").1, Letters::Plain);
        assert_eq!(text("Café".as_bytes()).1, Letters::Utf8);
        assert_eq!(
            text(b"Caf\xE9 \x93so\x94"),
            ("Café “so”".into(), Letters::Windows1252)
        );
    }
}
