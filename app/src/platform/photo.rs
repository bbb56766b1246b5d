//! Photos: a file the person chose, looked at before it is decoded, and drawn anew on a canvas, which
//! leaves behind where and when it was taken.

use domain::photo::{self, Crop, Declared, Format, Refusal, SIDE, WORKING};
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Element, Event, File, HtmlCanvasElement,
    HtmlInputElement, ImageBitmap, ImageBitmapOptions, Url,
};

use super::page;

/// The form in which photos are kept.
const JPEG: &str = "image/jpeg";
/// How much is left out to make it small enough, tried in this order.
const QUALITIES: [f64; 4] = [0.85, 0.7, 0.5, 0.3];

/// The longer side of a picture that goes with a report, in pixels: letters on a screenshot stay readable.
const LARGEST: u32 = 2560;

/// A decoded picture of which a square is still to be chosen; let go of when dropped.
pub struct Picture(ImageBitmap);

/// The file chosen in a file input; the same one can be chosen again afterwards.
pub fn chosen(event: &Event) -> Option<File> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Opens a file as a picture of at most [`WORKING`] pixels a side.
pub async fn open(file: &File) -> Result<Picture, Refusal> {
    let declared = photo::look(&head(file).await.ok_or(Refusal::Damaged)?)?;
    decode(file, declared, WORKING)
        .await
        .ok_or(match declared.format {
            Format::Heif => Refusal::Unknown,
            _ => Refusal::Damaged,
        })
}

/// A picture drawn anew, as a JPEG file: nothing that the camera wrote is left in it. `None` where this
/// browser can't read it.
pub async fn redrawn(file: &Blob) -> Option<Blob> {
    let declared = photo::look(&head(file).await?).ok()?;
    let with = [
        ("file", file.into()),
        ("options", at_most(declared, LARGEST).into()),
        ("quality", QUALITIES[0].into()),
    ];
    match super::courier::ask("redraw", &with).await {
        Ok(drawn) => drawn.dyn_into().ok(),
        // Some browsers draw in pages only.
        Err(_) => redrawn_here(file, declared).await,
    }
}

async fn redrawn_here(file: &Blob, declared: Declared) -> Option<Blob> {
    let picture = decode(file, declared, LARGEST).await?;
    let (width, height) = picture.size();
    let canvas = page::document()?.create_element("canvas").ok()?;
    let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // What is see-through becomes white: a JPEG would make it black.
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width.into(), height.into());
    let drawn = context.draw_image_with_image_bitmap_and_dw_and_dh(
        &picture.0,
        0.0,
        0.0,
        width.into(),
        height.into(),
    );
    drawn.ok()?;
    encoded(&canvas, QUALITIES[0]).await
}

/// The bytes that tell what a file is.
pub async fn head(file: &Blob) -> Option<Vec<u8>> {
    let head = file.slice_with_f64_and_f64(0.0, photo::HEAD as f64);
    bytes(&head.ok()?).await
}

/// Decoded so that neither side is longer than this.
fn at_most(declared: Declared, largest: u32) -> ImageBitmapOptions {
    let options = ImageBitmapOptions::new();
    if declared.width.max(declared.height) > largest {
        // One side is enough: the other follows, also where the camera was held upright.
        if declared.width > declared.height {
            options.set_resize_width(largest);
        } else {
            options.set_resize_height(largest);
        }
    }
    options
}

async fn decode(file: &Blob, declared: Declared, largest: u32) -> Option<Picture> {
    let options = at_most(declared, largest);
    let decoding = web_sys::window()?
        .create_image_bitmap_with_blob_and_image_bitmap_options(file, &options)
        .ok()?;
    let bitmap = JsFuture::from(decoding).await.ok()?;
    bitmap.dyn_into().ok().map(Picture)
}

impl Picture {
    /// Width and height in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.0.width(), self.0.height())
    }

    /// Shows a square of it on a canvas.
    pub fn draw(&self, canvas: &Element, crop: Crop) -> Option<()> {
        let canvas: &HtmlCanvasElement = canvas.dyn_ref()?;
        canvas.set_width(SIDE);
        canvas.set_height(SIDE);
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let (width, height) = self.size();
        let square = crop.square(width, height);
        let side = f64::from(square.side);
        // What is see-through becomes white: a JPEG would make it black.
        context.set_fill_style_str("#fff");
        context.fill_rect(0.0, 0.0, SIDE.into(), SIDE.into());
        context
            .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &self.0,
                square.x.into(),
                square.y.into(),
                side,
                side,
                0.0,
                0.0,
                SIDE.into(),
                SIDE.into(),
            )
            .ok()
    }

    /// A square of it as a JPEG file of at most [`photo::MAX_BYTES`].
    pub async fn jpeg(&self, crop: Crop) -> Option<Vec<u8>> {
        let canvas = page::document()?.create_element("canvas").ok()?;
        self.draw(&canvas, crop)?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        for quality in QUALITIES {
            let file = bytes(&encoded(&canvas, quality).await?).await?;
            if file.len() <= photo::MAX_BYTES {
                return Some(file);
            }
        }
        None
    }
}

impl Drop for Picture {
    fn drop(&mut self) {
        self.0.close();
    }
}

async fn encoded(canvas: &HtmlCanvasElement, quality: f64) -> Option<Blob> {
    let encoding = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            drop(resolve.call1(&JsValue::NULL, &blob));
        });
        let _ = canvas.to_blob_with_type_and_encoder_options(
            done.unchecked_ref(),
            JPEG,
            &quality.into(),
        );
    });
    JsFuture::from(encoding).await.ok()?.dyn_into().ok()
}

async fn bytes(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    let buffer: ArrayBuffer = buffer.dyn_into().ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// An address of a kept photo for an `<img>`, for as long as it is held.
pub struct Address(String);

impl Address {
    /// The address of these bytes.
    pub fn of(jpeg: &[u8]) -> Option<Self> {
        let kind = BlobPropertyBag::new();
        kind.set_type(JPEG);
        let parts = Array::of1(&Uint8Array::from(jpeg));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    /// As an attribute's value.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}
