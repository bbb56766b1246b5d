//! Recording a voice with the phone's microphone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::events::EventListener;
use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, BlobPropertyBag, MediaRecorder, MediaRecorderOptions, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

/// Enough for every word, and an hour and a half in the room a file has.
const BITS_A_SECOND: u32 = 32_000;
/// How often what was recorded is handed over, in milliseconds.
const PIECE: i32 = 1_000;

/// Why nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    /// The person, or the phone's settings, said no.
    Denied,
    /// There is no microphone, or no way to record.
    Unable,
}

/// A recording that goes on, or waits. Dropped, it lets go of the microphone.
pub struct Recorder {
    recorder: MediaRecorder,
    stream: MediaStream,
    pieces: Rc<RefCell<Array>>,
    recorded: Rc<Cell<f64>>,
    _listening: EventListener,
}

impl Recorder {
    /// Asks for the microphone and begins.
    pub async fn start() -> Result<Self, Silent> {
        let devices = web_sys::window().and_then(|window| window.navigator().media_devices().ok());
        let wanted = MediaStreamConstraints::new();
        wanted.set_audio(&JsValue::TRUE);
        let asked = devices.filter(|devices| !devices.is_undefined());
        let asked = asked.and_then(|devices| devices.get_user_media_with_constraints(&wanted).ok());
        let given = JsFuture::from(asked.ok_or(Silent::Unable)?).await;
        let stream: MediaStream = given.map_err(|why| silent(&why))?.unchecked_into();
        Self::of(stream).ok_or(Silent::Unable)
    }

    fn of(stream: MediaStream) -> Option<Self> {
        let options = MediaRecorderOptions::new();
        options.set_audio_bits_per_second(BITS_A_SECOND);
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options);
        let Ok(recorder) = recorder else {
            end(&stream);
            return None;
        };
        let pieces = Rc::new(RefCell::new(Array::new()));
        let recorded = Rc::new(Cell::new(0.0));
        let (kept, counted) = (pieces.clone(), recorded.clone());
        let listening = EventListener::new(&recorder, "dataavailable", move |event| {
            if let Some(piece) = event.dyn_ref::<BlobEvent>().and_then(BlobEvent::data) {
                counted.set(counted.get() + piece.size());
                kept.borrow().push(&piece);
            }
        });
        let recording = Self {
            recorder,
            stream,
            pieces,
            recorded,
            _listening: listening,
        };
        recording.recorder.start_with_time_slice(PIECE).ok()?;
        Some(recording)
    }

    /// Bytes so far.
    pub fn bytes(&self) -> f64 {
        self.recorded.get()
    }

    /// Waits, or goes on.
    pub fn pause(&self, waits: bool) {
        let _ = match waits {
            true => self.recorder.pause(),
            false => self.recorder.resume(),
        };
    }

    /// Ends it; the recording as a file.
    pub async fn stop(self) -> Option<Blob> {
        let ended = Promise::new(&mut |resolve, _| {
            EventListener::once(&self.recorder, "stop", move |_| {
                drop(resolve.call0(&JsValue::NULL));
            })
            .forget();
        });
        self.recorder.stop().ok()?;
        JsFuture::from(ended).await.ok()?;
        let kind = BlobPropertyBag::new();
        kind.set_type(&self.recorder.mime_type());
        Blob::new_with_blob_sequence_and_options(&self.pieces.borrow(), &kind).ok()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        end(&self.stream);
    }
}

fn end(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

fn silent(why: &JsValue) -> Silent {
    let name = js_sys::Reflect::get(why, &"name".into()).ok();
    match name.and_then(|name| name.as_string()).as_deref() {
        Some("NotAllowedError" | "SecurityError") => Silent::Denied,
        _ => Silent::Unable,
    }
}
