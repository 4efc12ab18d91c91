//! Hands on the picture of the class means: dragging and arrow keys turn it, wheel, pinch and + and - zoom.

use crate::chart::{Camera, Scene};
use crate::experiment::MeansView;
use crate::web::page::Page;
use crate::web::page::dom::{find, on, set};
use crate::web::page::state::State;
use crate::web::page::strings::fill;
use crate::web::rest::now;
use std::cell::RefCell;
use std::f64::consts::{PI, TAU};
use std::rc::Rc;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent, WheelEvent};

/// Radians that an arrow key turns.
const STEP: f64 = PI / 36.0;

/// How much closer a press of + or a notch of the wheel comes.
const CLOSER: f64 = 1.2;

/// A finger or the mouse on the picture: its number, and where it is.
type Finger = (i32, (f64, f64));

/// Listens to them.
pub fn listen(page: &Rc<Page>) {
    let fingers: Rc<RefCell<Vec<Finger>>> = Rc::default();
    let turner = find::<HtmlElement>("turner");
    let place = |event: &PointerEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));

    let (down, element) = (fingers.clone(), turner.clone());
    on(&turner, "pointerdown", move |event: PointerEvent| {
        // Fails for a pointer that is gone already.
        let _ = element.set_pointer_capture(event.pointer_id());
        down.borrow_mut().push((event.pointer_id(), place(&event)));
    });
    for sign in ["pointerup", "pointercancel"] {
        let up = fingers.clone();
        on(&turner, sign, move |event: PointerEvent| up.borrow_mut().retain(|finger| finger.0 != event.pointer_id()));
    }
    let mover = page.clone();
    on(&turner, "pointermove", move |event: PointerEvent| {
        let mut fingers = fingers.borrow_mut();
        let other = fingers.iter().find(|finger| finger.0 != event.pointer_id()).map(|finger| finger.1);
        let Some(finger) = fingers.iter_mut().find(|finger| finger.0 == event.pointer_id()) else { return };
        let (from, to) = (std::mem::replace(&mut finger.1, place(&event)), place(&event));
        let apart = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1).max(1.0);
        mover.look_at(|scene, camera, inward| match other {
            Some(other) => camera.zoomed(apart(to, other) / apart(from, other), inward(((to.0 + other.0) / 2.0, (to.1 + other.1) / 2.0))),
            None => camera.dragged(scene, (inward(from), inward(to))),
        });
    });
    let zoomer = page.clone();
    on(&turner, "wheel", move |event: WheelEvent| {
        // A wheel over a picture that nobody chose scrolls the page; a pinch on a touchpad comes with Ctrl.
        if !event.ctrl_key() && !find::<Element>("turner").matches(":focus").unwrap_or_default() {
            return;
        }
        event.prevent_default();
        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        zoomer.look_at(|_, camera, inward| camera.zoomed(CLOSER.powf(-event.delta_y().clamp(-100.0, 100.0) / 100.0), inward(at)));
    });
    let presser = page.clone();
    on(&turner, "keydown", move |event: KeyboardEvent| {
        let key = event.key();
        let known = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "+", "=", "-", "Home", "Escape"].contains(&key.as_str());
        if !known || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        presser.look_at(|scene, camera, _| match key.as_str() {
            "ArrowLeft" => Camera { turn: camera.turn - STEP, ..camera },
            "ArrowRight" => Camera { turn: camera.turn + STEP, ..camera },
            "ArrowUp" if scene.dim == 3 => Camera { tilt: camera.tilt - STEP, ..camera },
            "ArrowDown" if scene.dim == 3 => Camera { tilt: camera.tilt + STEP, ..camera },
            "+" | "=" => camera.zoomed(CLOSER, (0.0, 0.0)),
            "-" => camera.zoomed(1.0 / CLOSER, (0.0, 0.0)),
            "Home" | "Escape" => Camera::of(scene),
            _ => camera,
        });
    });
    let resetter = page.clone();
    on(&turner, "dblclick", move |_: PointerEvent| resetter.look_at(|scene, _, _| Camera::of(scene)));
}

impl Page {
    /// Moves the camera, and shows at once what it sees. `change` also gets what takes CSS px from the top left to radii off the middle.
    fn look_at(&self, change: impl FnOnce(&Scene, Camera, &dyn Fn((f64, f64)) -> (f64, f64)) -> Camera) {
        let (mut state, mut figures) = (self.state.borrow_mut(), self.figures.borrow_mut());
        if let Some(camera) = figures.means().seen(&state, change) {
            state.camera = Some(camera);
            figures.turn(&state, now());
            render(&state);
        }
    }
}

/// Says how far the picture is turned.
pub fn render(state: &State) {
    let turner = find::<HtmlElement>("turner");
    turner.set_hidden(state.means_view() == MeansView::Cosines);
    let camera = state.camera.unwrap_or(Camera { turn: 0.0, tilt: 0.0, zoom: 1.0, center: (0.0, 0.0) });
    let degrees = format!("{:.0}", camera.turn.rem_euclid(TAU).to_degrees());
    set(&turner, "aria-valuenow", Some(&degrees));
    let zoom = format!("{:.0}", 100.0 * camera.zoom);
    set(&turner, "aria-valuetext", Some(&fill("means.turned", &[("degrees", &degrees), ("zoom", &zoom)])));
}
