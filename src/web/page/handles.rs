//! Handles on a curve: one for each layer that the reader may move up and down, by mouse, finger or keys.
//!
//! They are sliders to a screen reader, and one stop of the Tab key: left and right go from one to the next, up and down move it.

use super::dom::{create, find, on, set};
use crate::chart::LayerAxis;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};

/// How far an arrow key moves a layer, in ln D.
const STEP: f64 = 0.1;
/// How far Page up and Page down do.
const LEAP: f64 = 0.5;

/// What a pointer does.
#[derive(Clone, Copy, PartialEq)]
pub enum Grip {
    /// It draws: every layer that it passes comes to where it is.
    Draws,
    /// It takes one handle, and leaves the others.
    Takes,
}

/// What a pointer has in hand.
#[derive(Clone, Copy)]
struct Hold {
    layer: usize,
    /// From the pointer's place to the handle's.
    off: f64,
    /// Where it was last, for the layers between.
    last: (f64, f64),
}

/// The handles of a figure.
pub struct Handles {
    /// Lies over the canvas.
    board: HtmlElement,
    grip: Grip,
    /// Where the figure has its layers; none before it was drawn.
    axis: Cell<Option<LayerAxis>>,
    hold: Cell<Option<Hold>>,
    /// ln D of each layer that has a handle, and the first of them.
    values: RefCell<(usize, Vec<f64>)>,
}

impl Handles {
    /// Those on the board of index.html that is called so.
    pub fn new(board: &str, grip: Grip) -> Rc<Self> {
        Rc::new(Self { board: find(board), grip, axis: Cell::default(), hold: Cell::default(), values: RefCell::default() })
    }

    /// Calls `moved` with each layer that the reader moves, and its ln D.
    pub fn listen(self: &Rc<Self>, moved: impl Fn(usize, f64) + 'static) {
        let moved = Rc::new(moved);
        let (handles, tell) = (self.clone(), moved.clone());
        on(&self.board, "pointerdown", move |event: PointerEvent| handles.take(&event, &*tell));
        let (handles, tell) = (self.clone(), moved.clone());
        on(&self.board, "pointermove", move |event: PointerEvent| handles.drag(&event, &*tell));
        for sign in ["pointerup", "pointercancel"] {
            let handles = self.clone();
            on(&self.board, sign, move |_: Event| handles.hold.set(None));
        }
        let handles = self.clone();
        on(&self.board, "keydown", move |event: KeyboardEvent| handles.press(&event, &*moved));
        let handles = self.clone();
        on(&self.board, "focusin", move |event: Event| handles.visit(layer_of(&event)));
    }

    fn take(&self, event: &PointerEvent, moved: &impl Fn(usize, f64)) {
        let (x, y) = place(event);
        let held = match self.grip {
            Grip::Takes => {
                // Over the handle the place is one within it.
                let Some(layer) = layer_of(event) else { return };
                let middle = self.at(layer).map_or(0.0, |handle| f64::from(handle.client_height()) / 2.0);
                Hold { layer, off: middle - y, last: (x, y) }
            }
            Grip::Draws => {
                let Some(layer) = self.axis.get().and_then(|axis| axis.nearest(x)) else { return };
                Hold { layer, off: 0.0, last: (x, y) }
            }
        };
        // Fails for a pointer that is gone already.
        let _ = self.board.set_pointer_capture(event.pointer_id());
        self.hold.set(Some(held));
        if self.grip == Grip::Draws {
            self.drag(event, moved);
        } else {
            let _ = self.at(held.layer).map(|handle| handle.focus());
        }
        event.prevent_default();
    }

    fn drag(&self, event: &PointerEvent, moved: &impl Fn(usize, f64)) {
        let (Some(mut hold), Some(axis)) = (self.hold.get(), self.axis.get()) else { return };
        let to = place(event);
        if self.grip == Grip::Takes {
            return moved(hold.layer, axis.ln.at(to.1 + hold.off));
        }
        let from = std::mem::replace(&mut hold.last, to);
        self.hold.set(Some(hold));
        let nearest = axis.nearest(to.0);
        let (left, right) = (from.0.min(to.0), from.0.max(to.0));
        for layer in self.range() {
            let x = axis.x(layer);
            let y = if Some(layer) == nearest {
                to.1
            } else if (left..right).contains(&x) {
                // A fast hand skips layers: they come to the straight way between.
                from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0)
            } else {
                continue;
            };
            moved(layer, axis.ln.at(y));
        }
    }

    fn press(&self, event: &KeyboardEvent, moved: &impl Fn(usize, f64)) {
        let Some(layer) = layer_of(event).filter(|_| !(event.ctrl_key() || event.meta_key() || event.alt_key())) else { return };
        let range = self.range();
        let last = range.end.saturating_sub(1);
        let by = |step: f64| {
            let Some(axis) = self.axis.get() else { return };
            let mut values = self.values.borrow_mut();
            let Some(value) = values.1.get_mut(layer - range.start) else { return };
            // The next key may come before the next frame.
            *value = (*value + step).clamp(axis.ln.low, axis.ln.high);
            moved(layer, *value);
        };
        let go = |to: usize| drop(self.at(to).map(|handle| handle.focus()));
        match event.key().as_str() {
            "ArrowUp" => by(STEP),
            "ArrowDown" => by(-STEP),
            "PageUp" => by(LEAP),
            "PageDown" => by(-LEAP),
            "ArrowLeft" => go(layer.saturating_sub(1).max(range.start)),
            "ArrowRight" => go((layer + 1).min(last)),
            "Home" => go(range.start),
            "End" => go(last),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The handle that the Tab key finds next time.
    fn visit(&self, layer: Option<usize>) {
        for other in self.range() {
            if let Some(handle) = self.at(other) {
                handle.set_tab_index(if layer.unwrap_or(self.range().start) == other { 0 } else { -1 });
            }
        }
    }

    /// The layers that have a handle.
    fn range(&self) -> Range<usize> {
        let values = self.values.borrow();
        values.0..values.0 + values.1.len()
    }

    fn at(&self, layer: usize) -> Option<HtmlElement> {
        self.board.children().item((layer.checked_sub(self.values.borrow().0)?) as u32)?.dyn_into().ok()
    }

    /// Gives the keyboard's focus to the first handle.
    pub fn focus(&self) {
        let _ = self.at(self.range().start).map(|handle| handle.focus());
    }

    /// Puts a handle on each layer from `first` on: `values` are their ln D, `name` and `spoken` what a screen reader calls and says of one.
    pub fn place(
        &self,
        axis: Option<LayerAxis>,
        first: usize,
        values: Vec<f64>,
        name: impl Fn(usize) -> String,
        spoken: impl Fn(f64) -> String,
    ) {
        let same = { self.range() } == (first..first + values.len());
        self.axis.set(axis);
        self.values.replace((first, values));
        if !same || self.board.child_element_count() == 0 {
            self.board.set_text_content(None);
            for layer in self.range() {
                let handle = create("div");
                handle.set_class_name("handle");
                for (attribute, value) in [("role", "slider"), ("aria-orientation", "vertical"), ("data-layer", &layer.to_string())] {
                    set(&handle, attribute, Some(value));
                }
                let _ = self.board.append_child(&handle);
            }
            self.visit(None);
        }
        let Some(axis) = axis else { return };
        let values = self.values.borrow();
        for (at, &value) in values.1.iter().enumerate() {
            let layer = first + at;
            let Some(handle) = self.board.children().item(at as u32).and_then(|handle| handle.dyn_into::<HtmlElement>().ok()) else {
                continue;
            };
            let style = handle.style();
            for (property, length) in [("left", axis.x(layer)), ("top", axis.ln.y(value)), ("width", axis.pitch.min(44.0))] {
                let _ = style.set_property(property, &format!("{length:.1}px"));
            }
            let spoken = spoken(value);
            for (attribute, value) in [
                ("aria-label", &*name(layer)),
                ("aria-valuemin", &format!("{:.2}", axis.ln.low)),
                ("aria-valuemax", &format!("{:.2}", axis.ln.high)),
                ("aria-valuenow", &format!("{value:.4}")),
                ("aria-valuetext", &spoken),
            ] {
                if handle.get_attribute(attribute).as_deref() != Some(value) {
                    set(&handle, attribute, Some(value));
                }
            }
        }
    }
}

fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.offset_x()), f64::from(event.offset_y()))
}

/// The layer of the handle that an event is about.
fn layer_of(event: &Event) -> Option<usize> {
    event.target()?.dyn_into::<Element>().ok()?.get_attribute("data-layer")?.parse().ok()
}
