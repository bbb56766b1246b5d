//! Everything that reads bytes from elsewhere, and what each is meant to read. Whatever the bytes, it never
//! panics, never hangs, and what it takes comes back the same when it is written and read again.

mod phone;
mod requests;
mod sealed;
mod server;

/// Something that reads bytes.
pub struct Decoder {
    /// Its name, as a file may be called.
    pub name: &'static str,
    /// What it is meant to read.
    pub seeds: Vec<Vec<u8>>,
    read: Box<Read>,
}

type Read = dyn Fn(&[u8]) -> bool + Send + Sync;

impl Decoder {
    fn new(
        name: &'static str,
        seeds: Vec<Vec<u8>>,
        read: impl Fn(&[u8]) -> bool + Send + Sync + 'static,
    ) -> Self {
        let read = Box::new(read);
        Self { name, seeds, read }
    }

    /// One that reads text; bytes that are none are passed over.
    fn of_text(
        name: &'static str,
        seeds: &[&str],
        read: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Self {
        let seeds = seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect();
        let of = move |bytes: &[u8]| std::str::from_utf8(bytes).is_ok_and(&read);
        Self::new(name, seeds, of)
    }

    /// Whether it took them. Panics where what it took does not come back the same.
    pub fn takes(&self, bytes: &[u8]) -> bool {
        (self.read)(bytes)
    }

    /// Panics where it refuses one of its seeds.
    pub fn takes_its_seeds(&self) {
        for (nth, seed) in self.seeds.iter().enumerate() {
            assert!(
                self.takes(seed),
                "{} refused what is meant for it, seed {nth}",
                self.name
            );
        }
    }
}

/// All of them.
pub fn decoders() -> Vec<Decoder> {
    let mut all = phone::decoders();
    all.extend(sealed::decoders());
    all.extend(server::decoders());
    all.push(requests::decoder());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_decoder_takes_what_is_meant_for_it() {
        for decoder in decoders() {
            assert!(!decoder.seeds.is_empty(), "{}", decoder.name);
            decoder.takes_its_seeds();
        }
    }
}
