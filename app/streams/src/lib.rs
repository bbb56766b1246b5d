//! Streams between Rust and JavaScript, as far as Leptos's server functions name them. This app has no
//! server functions, but wasm-bindgen keeps every class that the crate of this name exports: four
//! kilobytes on every phone before home is there. Here a stream is given on, and nothing flows in it.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::JsValue;

/// A stream of the browser's.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

/// A stream of Rust's that fails once, and ends.
#[derive(Debug)]
pub struct IntoStream {
    over: bool,
}

impl ReadableStream {
    /// The browser's stream.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// A stream of the browser's in which nothing ever comes.
    ///
    /// # Panics
    ///
    /// Where the browser has no streams.
    pub fn from_stream<S>(_: S) -> Self
    where
        S: Stream<Item = Result<JsValue, JsValue>> + 'static,
    {
        Self(web_sys::ReadableStream::new().expect("every browser that runs this has streams"))
    }

    /// The browser's stream.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// What comes in it: that nothing can.
    pub fn into_stream(self) -> IntoStream {
        IntoStream { over: false }
    }
}

impl Stream for IntoStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let told = (!self.over).then(|| Err("no streams here".into()));
        self.over = true;
        Poll::Ready(told)
    }
}
