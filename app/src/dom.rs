//! Building what is shown. Elements are made at once and are all of one type, so that each page
//! costs a phone only its own words and wiring; Leptos's signals decide when a part is made anew.
//!
//! Leptos's own `view!` gives every element a type of its own: this app took 233 KB of brotli with
//! it, more than a phone is to load before home is there.

use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, Node};

/// Something that can stand on a page.
#[derive(Clone)]
pub enum View {
    /// Nothing.
    Nothing,
    /// A node.
    One(Node),
    /// Several, in this order.
    Many(Vec<View>),
}

/// What can be turned into a view: views, texts, lists, options, and closures that follow signals.
pub trait Show {
    /// The view.
    fn show(self) -> View;
}

impl Show for View {
    fn show(self) -> View {
        self
    }
}

impl Show for El {
    fn show(self) -> View {
        View::One(self.0.into())
    }
}

impl Show for String {
    fn show(self) -> View {
        text(&self)
    }
}

impl Show for &str {
    fn show(self) -> View {
        text(self)
    }
}

impl Show for () {
    fn show(self) -> View {
        View::Nothing
    }
}

impl<T: Show> Show for Option<T> {
    fn show(self) -> View {
        self.map_or(View::Nothing, Show::show)
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(self) -> View {
        View::Many(self.into_iter().map(Show::show).collect())
    }
}

impl<F: Fn() -> T + 'static, T: Show> Show for F {
    fn show(self) -> View {
        following(Box::new(move || self().show()))
    }
}

/// Several things that stand beside one another.
macro_rules! all {
    ($($part:expr),* $(,)?) => {
        $crate::dom::View::Many(vec![$($crate::dom::Show::show($part)),*])
    };
}
pub(crate) use all;

/// An element.
#[derive(Clone)]
pub struct El(Element);

/// An element of HTML.
pub fn el(tag: &str) -> El {
    El(document()
        .create_element(tag)
        .unwrap_or_else(|_| unreachable!("tags are names")))
}

/// An element of SVG.
pub fn svg(tag: &str) -> El {
    let space = Some("http://www.w3.org/2000/svg");
    El(document()
        .create_element_ns(space, tag)
        .unwrap_or_else(|_| unreachable!("tags are names")))
}

/// A text in its own words, which may run the other way than the page.
pub fn own(text: &str) -> El {
    el("bdi").child(text)
}

/// What an attribute may be set to.
pub trait Value {
    /// The text; `None` leaves the attribute out.
    fn value(self) -> Option<String>;
}

impl Value for &str {
    fn value(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl Value for String {
    fn value(self) -> Option<String> {
        Some(self)
    }
}

impl Value for bool {
    fn value(self) -> Option<String> {
        self.then(String::new)
    }
}

impl<T: Value> Value for Option<T> {
    fn value(self) -> Option<String> {
        self.and_then(Value::value)
    }
}

impl El {
    /// Sets an attribute.
    pub fn attr(self, name: &str, value: impl Value) -> Self {
        set(&self.0, name, value.value());
        self
    }

    /// Sets an attribute, and again whenever what it depends on changes.
    pub fn attr_following<T: Value>(
        self,
        name: &'static str,
        value: impl Fn() -> T + 'static,
    ) -> Self {
        let element = self.0.clone();
        follow(Box::new(move || set(&element, name, value().value())));
        self
    }

    /// Sets the classes.
    pub fn class(self, classes: &str) -> Self {
        self.attr("class", classes)
    }

    /// Adds a class where it is wanted.
    pub fn class_if(self, class: &str, wanted: bool) -> Self {
        if wanted {
            let _ = self.0.class_list().add_1(class);
        }
        self
    }

    /// Adds or takes away a class whenever what it depends on changes.
    pub fn class_when(self, class: &'static str, wanted: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        follow(Box::new(move || {
            drop(element.class_list().toggle_with_force(class, wanted()))
        }));
        self
    }

    /// Sets a property of the element, as scripts do.
    pub fn property(self, name: &str, value: &str) -> Self {
        // Setting a property of a fresh element can't fail.
        let _ = js_sys::Reflect::set(&self.0, &JsValue::from_str(name), &JsValue::from_str(value));
        self
    }

    /// Listens for as long as the element lives.
    pub fn on(self, event: &str, heard: impl FnMut(Event) + 'static) -> Self {
        listen(&self.0, event, Box::new(heard));
        self
    }

    /// Adds a child.
    pub fn child(self, child: impl Show) -> Self {
        place(&self.0, None, child.show());
        self
    }

    /// Sets what is inside, from HTML that is already safe.
    pub fn html(self, html: &str) -> Self {
        self.0.set_inner_html(html);
        self
    }

    /// The element itself.
    pub fn element(&self) -> Element {
        self.0.clone()
    }
}

/// Shows a view inside an element.
pub fn show_in(stage: &Element, view: impl Show) {
    place(stage, None, view.show());
}

fn document() -> Document {
    web_sys::window()
        .and_then(|window| window.document())
        .unwrap_or_else(|| unreachable!("the app runs in a page"))
}

fn text(text: &str) -> View {
    View::One(document().create_text_node(text).into())
}

fn set(element: &Element, name: &str, value: Option<String>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, &value),
        None => element.remove_attribute(name),
    };
}

fn listen(element: &Element, event: &str, heard: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(heard);
    let _ = element.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    // It lives as long as the page that made it.
    on_cleanup_local(Listener {
        element: element.clone(),
        event: event.to_owned(),
        closure,
    });
}

/// Listens no longer once it is dropped: an element that goes may still tell that it lost the focus.
struct Listener {
    element: Element,
    event: String,
    closure: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let heard = self.closure.as_ref().unchecked_ref();
        let _ = self
            .element
            .remove_event_listener_with_callback(&self.event, heard);
    }
}

/// Puts a view into a parent, before a node or at the end.
fn place(parent: &Node, before: Option<&Node>, view: View) {
    match view {
        View::Nothing => {}
        View::One(node) => drop(parent.insert_before(&node, before)),
        View::Many(views) => views
            .into_iter()
            .for_each(|view| place(parent, before, view)),
    }
}

/// Makes a part anew whenever what it depends on changes; it stands between two marks.
fn following(make: Box<dyn Fn() -> View>) -> View {
    let document = document();
    let part: Node = document.create_document_fragment().into();
    let (start, end): (Node, Node) = (
        document.create_comment("").into(),
        document.create_comment("").into(),
    );
    let _ = part.append_child(&start);
    let _ = part.append_child(&end);
    follow(Box::new(move || {
        let made = make();
        let held = held(&start, &end);
        while let Some(old) = start
            .next_sibling()
            .filter(|node| !node.is_same_node(Some(&end)))
        {
            if let Some(parent) = old.parent_node() {
                let _ = parent.remove_child(&old);
            }
        }
        if let Some(parent) = end.parent_node() {
            place(&parent, Some(&end), made);
        }
        if let Some(link) = held {
            hold(&end, &link);
        }
    }));
    View::One(part)
}

/// Where the link leads that has the focus between two marks of a page's main part: it keeps the
/// focus if the part that is made anew has it, too.
fn held(start: &Node, end: &Node) -> Option<String> {
    end.parent_element()?.closest("main").ok()??;
    let focused = document().active_element()?;
    let after = start.compare_document_position(&focused) & Node::DOCUMENT_POSITION_FOLLOWING;
    let before = end.compare_document_position(&focused) & Node::DOCUMENT_POSITION_PRECEDING;
    (after != 0 && before != 0).then(|| focused.get_attribute("href"))?
}

fn hold(end: &Node, link: &str) -> Option<()> {
    let part = end.parent_element()?;
    let again = part.query_selector(&format!("[href=\"{link}\"]")).ok()??;
    again.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

/// Acts now, and again whenever what it reads changes, for as long as the part it stands in.
fn follow(act: Box<dyn Fn()>) {
    let effect = RenderEffect::new(move |_| act());
    on_cleanup_local(effect);
}

/// Keeps something until the part that made it is made anew.
fn on_cleanup_local<T: 'static>(kept: T) {
    StoredValue::new_local(kept);
}
