//! Pictures of doors: taken in within bounds, drawn anew without anything a camera wrote beside them,
//! and kept under a name made from their content.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};

use crate::durable;

/// Largest file that is taken, in bytes.
pub const MOST: usize = 10 * 1024 * 1024;
/// Longest side of what is kept, in pixels.
const SIDE: u32 = 1_280;
/// Longest side of what is decoded.
const DECODED: u32 = 12_000;
/// Memory that decoding may take, in bytes.
const MEMORY: u64 = 256 * 1024 * 1024;
const QUALITY: u8 = 78;
/// Characters of a name, before its ending.
const NAME: usize = 32;

/// Not a picture that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPicture;

/// Draws a picture anew, the right way up, as a JPEG without metadata.
pub fn redraw(bytes: &[u8]) -> Result<Vec<u8>, NoPicture> {
    if bytes.len() > MOST {
        return Err(NoPicture);
    }
    let format = image::guess_format(bytes).map_err(|_| NoPicture)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
    ) {
        return Err(NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(DECODED);
    limits.max_image_height = Some(DECODED);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| NoPicture)?;
    let upright = decoder.orientation().map_err(|_| NoPicture)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| NoPicture)?;
    picture.apply_orientation(upright);
    if picture.width().max(picture.height()) > SIDE {
        picture = picture.thumbnail(SIDE, SIDE);
    }
    let mut drawn = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut drawn, QUALITY);
    picture
        .to_rgb8()
        .write_with_encoder(encoder)
        .map_err(|_| NoPicture)?;
    Ok(drawn)
}

/// The name that goes with a picture's content.
pub fn name(drawn: &[u8]) -> String {
    let mut name = HEXLOWER.encode(&Sha256::digest(drawn));
    name.truncate(NAME);
    name + ".jpg"
}

/// Keeps a picture in the data folder; the same one again changes nothing. It is on the disk when
/// this returns.
pub fn keep(data: &Path, drawn: &[u8]) -> std::io::Result<String> {
    let name = name(drawn);
    let folder = folder(data);
    durable::make_folder(&folder)?;
    let path = folder.join(&name);
    if path.exists() {
        return Ok(name);
    }
    let part = folder.join(format!("{name}.part"));
    let mut file = File::create(&part)?;
    file.write_all(drawn)?;
    file.sync_all()?;
    fs::rename(&part, &path)?;
    durable::sync_folder(&folder)?;
    Ok(name)
}

/// A picture by its name; `None` where there is none, or the name is none of ours.
pub fn find(data: &Path, name: &str) -> Option<Vec<u8>> {
    let stem = name.strip_suffix(".jpg")?;
    let ours = stem.len() == NAME && stem.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    ours.then(|| fs::read(folder(data).join(name)).ok())?
}

fn folder(data: &Path) -> PathBuf {
    data.join("photos")
}

#[cfg(test)]
mod tests {
    use image::{ImageEncoder, Rgb, RgbImage};

    use super::*;

    fn drawing(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_pixel(width, height, Rgb([200, 30, 30]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("drawn");
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_made_smaller_and_keeps_its_shape() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let drawn = redraw(&drawing(2_560, 1_920, format)).expect("a picture");
            let kept = image::load_from_memory_with_format(&drawn, ImageFormat::Jpeg);
            let kept = kept.expect("a JPEG");
            assert_eq!((kept.width(), kept.height()), (1_280, 960), "{format:?}");
        }
    }

    #[test]
    fn what_a_camera_wrote_beside_a_picture_is_gone_and_it_stands_upright() {
        // TIFF, big-endian, one entry: orientation 6, to be turned by a quarter.
        let exif =
            b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRET PLACE";
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new(&mut bytes);
        encoder
            .set_exif_metadata(exif.to_vec())
            .expect("it takes it");
        let picture = RgbImage::from_pixel(40, 20, Rgb([1, 2, 3]));
        picture.write_with_encoder(encoder).expect("drawn");
        let has = |bytes: &[u8]| bytes.windows(6).any(|part| part == b"SECRET");
        assert!(has(&bytes), "the camera wrote it");
        let drawn = redraw(&bytes).expect("a picture");
        assert!(!has(&drawn));
        let kept = image::load_from_memory(&drawn).expect("a JPEG");
        assert_eq!((kept.width(), kept.height()), (20, 40));
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_is_refused() {
        let mut cut = drawing(200, 200, ImageFormat::Png);
        cut.truncate(60);
        for bytes in [
            b"".to_vec(),
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
            b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(),
            cut,
            drawing(12_001, 1, ImageFormat::Png),
            vec![0xff; MOST + 1],
        ] {
            assert_eq!(redraw(&bytes), Err(NoPicture));
        }
    }

    #[test]
    fn only_names_of_ours_lead_to_a_file() {
        let data = tempfile::tempdir().expect("a folder");
        fs::write(data.path().join("secret.jpg"), "x").expect("written");
        let drawn = redraw(&drawing(9, 9, ImageFormat::Png)).expect("a picture");
        let name = keep(data.path(), &drawn).expect("kept");
        assert_eq!(keep(data.path(), &drawn).expect("again"), name);
        assert_eq!(find(data.path(), &name), Some(drawn));
        for other in [
            "../secret.jpg",
            "secret.jpg",
            "",
            ".jpg",
            &name.to_uppercase(),
        ] {
            assert_eq!(find(data.path(), other), None, "{other}");
        }
    }
}
