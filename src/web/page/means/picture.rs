//! The canvas of the panel: the simplex picture, or the matrix of cosines.

use crate::chart::{Camera, ClassSign, Cosines, PaperSheet, Scene, SimplexFigure, Theme, Thumbnail, Tween, canvas};
use crate::collapse::simplex;
use crate::experiment::MeansView;
use crate::images::SMALL;
use crate::web::page::dom::find;
use crate::web::page::figures::report;
use crate::web::page::state::State;
use web_sys::HtmlCanvasElement;

/// The mean image of each class of the bundled 10 x 10 set, as `cargo xtask recording` wrote them: a byte a pixel.
const GARMENTS: &[u8] = include_bytes!("../../../../www/garments.bin");

/// The panel's picture.
pub struct Picture {
    element: HtmlCanvasElement,
    /// The scene on its way from record to record and from layer to layer.
    scene: Option<Tween<Scene>>,
}

impl Picture {
    /// The canvas of index.html.
    pub fn new() -> Self {
        Self { element: find("simplex"), scene: None }
    }

    /// Turns to what the state shows; at once if the picture is to be `still`.
    pub fn turn(&mut self, state: &State, now: f64, still: bool) {
        let scene = scene(state);
        match &mut self.scene {
            Some(shown) if !still => shown.turn(&scene, now),
            shown => *shown = Some(Tween::at(scene)),
        }
    }

    /// Whether it is on its way.
    pub fn moves(&self, now: f64) -> bool {
        self.scene.as_ref().is_some_and(|scene| scene.moves(now))
    }

    /// Where the camera is after `change`; see `hands.rs`.
    pub fn seen(&self, state: &State, change: impl FnOnce(&Scene, Camera, &dyn Fn((f64, f64)) -> (f64, f64)) -> Camera) -> Option<Camera> {
        let scene = self.scene.as_ref()?.now(f64::INFINITY);
        let size = (f64::from(self.element.client_width()), f64::from(self.element.client_height()));
        let disk = SimplexFigure::disk(size, &crate::web::page::theme::current());
        let radius = disk.radius.max(1.0);
        let inward = |(x, y): (f64, f64)| ((x - disk.center.0) / radius, (y - disk.center.1) / radius);
        Some(change(&scene, state.camera.unwrap_or(Camera::of(&scene)), &inward))
    }

    /// Draws the canvas, if it is displayed.
    pub fn draw(&self, state: &State, theme: &Theme, now: f64) {
        if let Some((sheet, scale)) = canvas(&self.element) {
            self.draw_on(&sheet, scale, state, theme, now, state.means_view() == MeansView::Cosines);
        }
    }

    /// Draws the matrix of cosines, or else the scene.
    pub fn draw_on(&self, sheet: &PaperSheet, scale: f64, state: &State, theme: &Theme, now: f64, cosines: bool) {
        let names = state.class_names();
        let sign = |(&label, name): (&u16, &String)| {
            let image = state.class_picture(label, GARMENTS).map(|ink| Thumbnail { side: SMALL, ink });
            (usize::from(label), name.clone(), image)
        };
        let signs = state.classes().iter().zip(&names).map(sign).collect::<Vec<_>>();
        let signs = signs.iter().map(|(color, name, image)| ClassSign { color: *color, name, image: *image }).collect::<Vec<_>>();
        if cosines {
            let values = state.cosines().unwrap_or_default();
            report(Cosines { values: &values, signs: &signs }.draw(sheet, theme, scale).is_err());
        } else if let Some(scene) = self.scene.as_ref().map(|scene| scene.now(now)) {
            let camera = state.camera.unwrap_or(Camera::of(&scene));
            report(SimplexFigure { scene: &scene, camera, signs: &signs }.draw(sheet, theme, scale).is_err());
        }
    }
}

impl State {
    /// The cosines between the class means of the layer shown.
    pub fn cosines(&self) -> Option<Vec<f64>> {
        self.simplex()?.cosines(self.layer())
    }

    /// Whether the record has a picture of the layer shown.
    pub fn pictured(&self) -> bool {
        self.simplex().is_some_and(|picture| picture.means(self.layer()).is_some())
    }
}

/// What the state shows; the bare simplex where there is nothing measured.
fn scene(state: &State) -> Scene {
    let (corners, layer) = (state.corners(), state.layer());
    let measured = state
        .simplex()
        .and_then(|picture| if corners.is_empty() { Scene::of(picture, layer) } else { Scene::of_chosen(picture, layer, &corners) });
    measured.unwrap_or_else(|| {
        if corners.is_empty() {
            return Scene::bare(&simplex(&state.ring()));
        }
        let bare = Scene::bare(&simplex(&Vec::from_iter(0..corners.len() as u16)));
        Scene { classes: corners.iter().map(|&class| class.into()).collect(), ..bare }
    })
}
