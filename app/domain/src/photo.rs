//! What a picture file says of itself before anything decodes it, and which square of it is kept.

/// Pixels along each side of a kept photo.
pub const SIDE: u32 = 320;
/// Bytes a kept photo may have.
pub const MAX_BYTES: usize = 40 * 1024;
/// Pixels a picture may declare: a 50-megapixel camera's fit, what would fill a phone's memory does not.
pub const MAX_PIXELS: u64 = 64_000_000;
/// Bytes from the start of a file that are looked at. Most cameras write sizes within the first few thousand;
/// some put a map of distances or another picture of some megabytes before them.
pub const HEAD: usize = 4 << 20;
/// The longer side while the square is chosen, in pixels.
pub const WORKING: u32 = 1280;
/// How near the square may come, in hundredths of the whole.
pub const MAX_ZOOM: u32 = 400;
/// The steps from one edge to the other.
pub const STEPS: u32 = 100;

/// The name of a PNG's first chunk: no other has its size.
const IHDR: u32 = u32::from_be_bytes(*b"IHDR");

/// Kinds of files that are pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Format {
    Jpeg,
    Png,
    Gif,
    Webp,
    /// HEIC or AVIF: many browsers can't read the first, old ones not the second.
    Heif,
}

/// What a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// By its first bytes, whatever its name says.
    pub format: Format,
    /// Pixels, never 0.
    pub width: u32,
    /// Pixels, never 0.
    pub height: u32,
}

/// Why a file becomes no photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is something else.
    NotAPicture,
    /// It declares more than [`MAX_PIXELS`].
    TooLarge,
    /// It begins like a picture and is none.
    Damaged,
    /// This browser does not know the format.
    Unknown,
}

/// Reads what a file declares from its first [`HEAD`] bytes, and refuses what should not be decoded.
pub fn look(head: &[u8]) -> Result<Declared, Refusal> {
    let (format, size) = match head {
        [0xff, 0xd8, 0xff, ..] => (Format::Jpeg, jpeg(head)),
        [0x89, b'P', b'N', b'G', 13, 10, 26, 10, ..] => {
            let named = long(head, 12).filter(|name| *name == IHDR);
            (Format::Png, named.and(long(head, 16).zip(long(head, 20))))
        }
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => (Format::Gif, gif(head)),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => (Format::Webp, webp(head)),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_heif(brand) => {
            (Format::Heif, heif(head))
        }
        _ => return Err(Refusal::NotAPicture),
    };
    let (width, height) = size.ok_or(Refusal::Damaged)?;
    if width == 0 || height == 0 {
        Err(Refusal::Damaged)
    } else if u64::from(width) * u64::from(height) > MAX_PIXELS {
        Err(Refusal::TooLarge)
    } else {
        Ok(Declared {
            format,
            width,
            height,
        })
    }
}

/// The size in a JPEG's frame header, found by stepping over what stands before it.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc4 | 0xc8 | 0xcc => at += 2 + short(bytes, at + 2)? as usize,
            0xc0..=0xcf => return Some((short(bytes, at + 7)?, short(bytes, at + 5)?)),
            _ => at += 2 + short(bytes, at + 2)? as usize,
        }
    }
}

/// The screen, or its first frame where that reaches beyond it: browsers make the picture as large.
fn gif(bytes: &[u8]) -> Option<(u32, u32)> {
    let flags = *bytes.get(10)?;
    let colours = if flags < 0x80 { 0 } else { 6 << (flags & 7) };
    let mut at = 13 + colours;
    while *bytes.get(at)? == 0x21 {
        at += 2;
        while *bytes.get(at)? != 0 {
            at += 1 + bytes[at] as usize;
        }
        at += 1;
    }
    let framed = bytes[at] == 0x2c;
    let side = |at: usize, of_frame: usize| {
        let end = little(bytes, of_frame)? + little(bytes, of_frame + 4)?;
        Some(little(bytes, at)?.max(end))
    };
    side(6, at + 1).zip(side(8, at + 3)).filter(|_| framed)
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((little(bytes, 26)? & 0x3fff, little(bytes, 28)? & 0x3fff)),
        b"VP8L" => {
            let bits = little(bytes, 21)? | little(bytes, 23)? << 16;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let three = |at| Some(little(bytes, at)? | u32::from(*bytes.get(at + 2)?) << 16);
            Some((three(24)? + 1, three(27)? + 1))
        }
        _ => None,
    }
}

fn is_heif(brand: &[u8]) -> bool {
    matches!(
        brand.get(..4),
        Some(b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif" | b"avis")
    )
}

/// The largest of the sizes its boxes name: small ones are of tiles and previews.
fn heif(bytes: &[u8]) -> Option<(u32, u32)> {
    let named = bytes.windows(4).enumerate();
    let sizes = named.filter(|(_, name)| name == b"ispe");
    let read = |at: usize| long(bytes, at + 8).zip(long(bytes, at + 12));
    sizes
        .filter_map(|(at, _)| read(at))
        .max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}

fn short(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(*bytes.get(at)?) << 8 | u32::from(*bytes.get(at + 1)?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(short(bytes, at)? << 16 | short(bytes, at + 2)?)
}

fn little(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(*bytes.get(at)?) | u32::from(*bytes.get(at + 1)?) << 8)
}

/// Which square of a picture is kept, by three numbers that sliders can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// From 100, the largest square there is, to [`MAX_ZOOM`].
    pub zoom: u32,
    /// From the left edge, 0, to the right one, [`STEPS`].
    pub across: u32,
    /// From the top, 0, to the bottom, [`STEPS`].
    pub down: u32,
}

/// A square within a picture, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Square {
    pub x: u32,
    pub y: u32,
    pub side: u32,
}

/// The middle of the picture, as large as can be.
impl Default for Crop {
    fn default() -> Self {
        Self {
            zoom: 100,
            across: STEPS / 2,
            down: STEPS / 2,
        }
    }
}

impl Crop {
    /// The square within a picture of this size.
    pub fn square(self, width: u32, height: u32) -> Square {
        let zoom = self.zoom.clamp(100, MAX_ZOOM);
        let side = (width.min(height) * 100 / zoom).max(1);
        let from = |whole: u32, part: u32| (whole - side.min(whole)) * part.min(STEPS) / STEPS;
        Square {
            x: from(width, self.across),
            y: from(height, self.down),
            side,
        }
    }

    /// The crop after the picture was pulled this far, in hundredths of the square's side.
    pub fn pulled(self, width: u32, height: u32, right: i32, down: i32) -> Self {
        let side = self.square(width, height).side;
        let moved = |part: u32, whole: u32, by: i32| {
            let free = i64::from(whole - side.min(whole));
            if free == 0 {
                return part;
            }
            let steps = i64::from(by) * i64::from(side) * i64::from(STEPS) / (100 * free);
            (i64::from(part) - steps).clamp(0, i64::from(STEPS)) as u32
        };
        Self {
            across: moved(self.across, width, right),
            down: moved(self.down, height, down),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn declares(head: &[u8], format: Format, width: u32, height: u32) {
        let expected = Declared {
            format,
            width,
            height,
        };
        assert_eq!(look(head), Ok(expected));
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    /// A screen of 320 by 240 with eight colours, some blocks, and a frame: left, top, width, height.
    fn gif(blocks: &[u8], frame: (u16, u16, u16, u16)) -> Vec<u8> {
        let mut bytes = b"GIF89a\x40\x01\xf0\0\x82\0\0".to_vec();
        bytes.extend([0x2c; 24]);
        bytes.extend(blocks);
        bytes.push(0x2c);
        for side in [frame.0, frame.1, frame.2, frame.3] {
            bytes.extend(side.to_le_bytes());
        }
        bytes
    }

    fn webp(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0".to_vec();
        bytes.extend(&(width - 1).to_le_bytes()[..3]);
        bytes.extend(&(height - 1).to_le_bytes()[..3]);
        bytes
    }

    fn jpeg_after(before: &[u8]) -> Vec<u8> {
        let frame = [0xff, 0xc2, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3];
        [&[0xff, 0xd8], before, &frame].concat()
    }

    fn heic(sizes: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = b"\0\0\0\x18ftypheic\0\0\0\0".to_vec();
        for (width, height) in sizes {
            bytes.extend(b"\0\0\0\x14ispe\0\0\0\0");
            bytes.extend(width.to_be_bytes());
            bytes.extend(height.to_be_bytes());
        }
        bytes
    }

    #[test]
    fn every_format_says_its_size() {
        declares(&png(640, 480), Format::Png, 640, 480);
        let exif = [&[0xff, 0xe1, 0x10, 0x00][..], &[0; 0x0ffe]].concat();
        declares(&jpeg_after(&exif), Format::Jpeg, 4000, 3000);
        declares(&gif(b"", (0, 0, 320, 240)), Format::Gif, 320, 240);
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc1\x3b\0";
        declares(lossless, Format::Webp, 320, 240);
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\0";
        declares(lossy, Format::Webp, 320, 240);
        declares(&webp(320, 240), Format::Webp, 320, 240);
        let tiled = heic(&[(512, 512), (4032, 3024), (320, 240)]);
        declares(&tiled, Format::Heif, 4032, 3024);
    }

    #[test]
    fn what_would_fill_the_memory_is_refused_before_it_is_decoded() {
        declares(&png(8160, 6144), Format::Png, 8160, 6144);
        assert_eq!(look(&png(8160, 8160)), Err(Refusal::TooLarge));
        assert_eq!(look(&png(u32::MAX, u32::MAX)), Err(Refusal::TooLarge));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(look(b""), Err(Refusal::NotAPicture));
        assert_eq!(look(b"%PDF-1.7 and more"), Err(Refusal::NotAPicture));
        assert_eq!(look(b"<svg onload=alert(1)>"), Err(Refusal::NotAPicture));
        assert_eq!(look(b"\0\0\0\x18ftypmp42"), Err(Refusal::NotAPicture));
    }

    #[test]
    fn a_picture_that_breaks_off_is_damaged_wherever_it_breaks() {
        let whole = jpeg_after(&[0xff, 0xe0, 0, 4, 1, 2]);
        for end in 3..whole.len() - 1 {
            assert_eq!(look(&whole[..end]), Err(Refusal::Damaged), "{end}");
        }
        assert_eq!(look(&png(0, 5)), Err(Refusal::Damaged));
        assert_eq!(look(&heic(&[])), Err(Refusal::Damaged));
    }

    #[track_caller]
    fn refused(head: &[u8], why: Refusal) {
        assert_eq!(look(head), Err(why));
    }

    #[test]
    fn a_gif_is_as_large_as_its_first_frame() {
        let comment = [
            &[0x21, 0xfe, 2, 0x2c, 0x2c, 1, 0x2c, 0][..],
            &[0x21, 0xf9, 0],
        ]
        .concat();
        let within = gif(&comment, (10, 10, 300, 200));
        declares(&within, Format::Gif, 320, 240);
        let beyond = gif(&comment, (300, 0, 100, 240));
        declares(&beyond, Format::Gif, 400, 240);
        refused(&gif(&comment, (0, 0, 65_535, 65_535)), Refusal::TooLarge);
        for end in 6..within.len() {
            refused(&within[..end], Refusal::Damaged);
        }
        // It ends without a frame, and one whose comment never ends.
        refused(
            b"GIF89a\x01\0\x01\0\0\0\0;\0\0\0\0\0\0\0\0\0",
            Refusal::Damaged,
        );
        let endless = [&[0x21, 0xfe][..], &[1; HEAD]].concat();
        refused(&gif(&endless, (0, 0, 1, 1))[..HEAD], Refusal::Damaged);
    }

    #[test]
    fn a_canvas_counts_whatever_is_painted_on_it() {
        refused(&webp(1 << 24, 1 << 24), Refusal::TooLarge);
        let small = b"VP8L\0\0\0\0\x2f\0\0\0\0";
        refused(
            &[webp(16_384, 16_384), small.to_vec()].concat(),
            Refusal::TooLarge,
        );
        // Browsers draw a frame on its canvas or not at all.
        let large = b"VP8L\0\0\0\0\x2f\xff\xff\xff\x0f";
        let lying = [webp(320, 240), large.to_vec()].concat();
        declares(&lying, Format::Webp, 320, 240);
        refused(
            b"RIFF\0\0\0\0WEBPICCP\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            Refusal::Damaged,
        );
    }

    #[test]
    fn the_largest_size_of_a_heic_counts_wherever_it_stands() {
        refused(
            &heic(&[(512, 512), (u32::MAX, u32::MAX)]),
            Refusal::TooLarge,
        );
        let hidden = [
            &heic(&[(512, 512)])[..],
            b"Exif",
            &heic(&[(16_384, 16_384)]),
        ]
        .concat();
        refused(&hidden, Refusal::TooLarge);
        let cut = heic(&[(512, 512), (320, 240)]);
        declares(&cut[..cut.len() - 1], Format::Heif, 512, 512);
        refused(&heic(&[(0, 512)]), Refusal::Damaged);
    }

    #[test]
    fn the_first_frame_of_a_jpeg_counts_as_decoders_refuse_a_second() {
        let second = [0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3];
        let twice = [jpeg_after(&[]), vec![0; 9], second.to_vec()].concat();
        declares(&twice, Format::Jpeg, 4000, 3000);
        // One within what is written about the picture is that of a preview.
        let preview = [&[0xff, 0xe1, 0, 12][..], &second].concat();
        declares(&jpeg_after(&preview), Format::Jpeg, 4000, 3000);
        let first = [&second[..], &[0; 9]].concat();
        refused(&jpeg_after(&first), Refusal::TooLarge);
        // Its height is said after the picture: nobody knows it before.
        let later = [&[0xff, 0xc0, 0, 17, 8, 0, 0, 0x0f, 0xa0, 3][..], &[0; 9]].concat();
        refused(&jpeg_after(&later), Refusal::Damaged);
    }

    #[test]
    fn the_first_chunk_of_a_png_is_its_header_and_no_later_one_counts() {
        let twice = [png(640, 480), vec![0; 9], png(60_000, 60_000)[8..].to_vec()].concat();
        declares(&twice, Format::Png, 640, 480);
        let mut other = png(640, 480);
        other[12..16].copy_from_slice(b"CgBI");
        refused(
            &[other, png(60_000, 60_000)[8..].to_vec()].concat(),
            Refusal::Damaged,
        );
        // What is packed behind the header is for whoever draws it, and cannot change the size.
        for bomb in [b"zTXt", b"iCCP"] {
            let packed = [&[0, 0, 0, 9][..], bomb, &[0x78, 0xda, 0xed]].concat();
            declares(&[png(640, 480), packed].concat(), Format::Png, 640, 480);
        }
    }

    #[test]
    fn what_is_written_about_a_picture_may_not_be_endless() {
        let segment = [&[0xff, 0xe1, 0xff, 0xff][..], &[0; 0xfffd]].concat();
        let fits = jpeg_after(&segment.repeat(63));
        declares(&fits, Format::Jpeg, 4000, 3000);
        let endless = jpeg_after(&segment.repeat(64));
        refused(&endless[..HEAD], Refusal::Damaged);
        let sizes = [heic(&[]), vec![0; HEAD], heic(&[(512, 512)])].concat();
        refused(&sizes[..HEAD], Refusal::Damaged);
    }

    #[test]
    fn the_square_stays_within_the_picture() {
        let sizes = [(1280, 720), (3, 1000), (1, 1), (320, 320)];
        for (width, height) in sizes {
            for zoom in [0, 100, 250, 400, 9000] {
                for at in [0, 33, 100, 5000] {
                    let (across, down) = (at, STEPS - at.min(STEPS));
                    let crop = Crop { zoom, across, down };
                    let Square { x, y, side } = crop.square(width, height);
                    assert!(side >= 1 && x + side <= width && y + side <= height);
                }
            }
        }
    }

    #[test]
    fn a_picture_follows_the_finger() {
        let crop = Crop::default();
        let right = crop.pulled(1280, 720, 10, 10);
        assert!(
            right.across < crop.across,
            "pulled right, more of the left is seen"
        );
        assert_eq!(right.down, crop.down, "there is nothing above or below");
        assert_eq!(crop.pulled(1280, 720, 10_000, 0).across, 0);
        assert_eq!(crop.pulled(1280, 720, -10_000, 0).across, STEPS);
    }
}
