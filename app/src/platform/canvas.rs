//! A picture that is drawn and then kept as a file.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::page;

/// A rectangle in dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// To the right from there.
    pub width: f64,
    /// Downwards from there.
    pub height: f64,
}

/// A sheet to draw on.
pub struct Sheet {
    canvas: HtmlCanvasElement,
    pen: CanvasRenderingContext2d,
}

impl Sheet {
    /// An empty sheet of this many dots; `None` where the phone cannot draw one so large.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let canvas = page::document()?.create_element("canvas").ok()?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().ok()?;
        canvas.set_width(width);
        canvas.set_height(height);
        let pen = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { canvas, pen })
    }

    /// Words run from this side from now on: `ltr` or `rtl`.
    pub fn direction(&self, direction: &str) {
        let _ = Reflect::set(&self.pen, &"direction".into(), &direction.into());
    }

    /// Fills an area.
    pub fn fill(&self, colour: &str, area: Area) {
        self.pen.set_fill_style_str(colour);
        self.pen.fill_rect(area.x, area.y, area.width, area.height);
    }

    /// Letters of this height from now on.
    pub fn font(&self, dots: u32, bold: bool) {
        let weight = if bold { "700" } else { "400" };
        self.pen.set_font(&format!(
            "{weight} {dots}px system-ui, -apple-system, Roboto, sans-serif"
        ));
    }

    /// How wide a text is.
    pub fn wide(&self, text: &str) -> f64 {
        self.pen
            .measure_text(text)
            .map_or(0.0, |measured| measured.width())
    }

    /// Writes a line; `x` is where it starts, `y` its base.
    pub fn write(&self, colour: &str, text: &str, x: f64, y: f64) {
        self.pen.set_fill_style_str(colour);
        let _ = self.pen.fill_text(text, x, y);
    }

    /// Sets a picture into an area.
    pub fn picture(&self, picture: &HtmlImageElement, area: Area) {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        // A picture that could not be read draws nothing.
        let _ = self
            .pen
            .draw_image_with_html_image_element_and_dw_and_dh(picture, x, y, width, height);
    }

    /// The sheet as a PNG file.
    pub async fn png(&self) -> Option<Blob> {
        let made = Promise::new(&mut |resolve, reject| {
            let done = Closure::once_into_js(move |file: JsValue| {
                let _ = resolve.call1(&JsValue::NULL, &file);
            });
            if self.canvas.to_blob(done.unchecked_ref()).is_err() {
                let _ = reject.call0(&JsValue::NULL);
            }
        });
        JsFuture::from(made).await.ok()?.dyn_into().ok()
    }
}

/// A picture from an address, read and ready to be drawn.
pub async fn image(address: &str) -> Option<HtmlImageElement> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await.ok()?;
    Some(image)
}

/// The address of a picture that is given as SVG text.
pub fn of_svg(svg: &str) -> String {
    let text: String = js_sys::encode_uri_component(svg).into();
    ["data:image/svg+xml;charset=utf-8,", &text].concat()
}
