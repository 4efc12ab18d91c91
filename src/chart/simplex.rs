//! The simplex picture: class means, classifier and points, and the ideal simplex that stands still as a mesh with a ring at each vertex.

use super::backend::{Drawn, Sheet, Typesetting};
use super::pen::{Label, Pen, Point, clipped};
use super::scene::{Place, Scene};
use super::theme::Theme;
use libm::{cos, sin};
use plotters::style::RGBColor;
use plotters_backend::DrawingBackend;

/// How far off the centre means are drawn at most, in radii, and up to where points are.
const FARTHEST_MEAN: f64 = 1.28;
const FARTHEST_POINT: f64 = 1.42;

/// How far off the centre names stand, in radii.
const NAMES: f64 = 1.5;

/// How large a class's picture is, in radii, and in CSS px at least 30.
const PICTURE: f64 = 0.28;

/// Marks, rings and points, CSS px.
const MARK: f64 = 7.5;
const RING: f64 = 11.0;
const POINT: f64 = 1.7;

/// How much larger a mark is at depth -1, in front, than at 0.
const DEPTH: f64 = 0.3;

/// How far the reader may zoom.
const ZOOM: (f64, f64) = (0.5, 8.0);

/// From where the scene is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Radians: in space round the upright axis, in a plane round its centre.
    pub turn: f64,
    /// Radians: in space round the level axis.
    pub tilt: f64,
    /// 1 shows the whole.
    pub zoom: f64,
    /// What the picture's middle shows, in radii off the scene's.
    pub center: Point,
}

impl Camera {
    /// The whole, in space a little from above.
    pub fn of(scene: &Scene) -> Self {
        let (turn, tilt) = if scene.dim == 3 { (0.22, 0.18) } else { (0.0, 0.0) };
        Self { turn, tilt, zoom: 1.0, center: (0.0, 0.0) }
    }

    /// Turned by a drag over a part of the picture's radius: as far as what is in front follows the pointer.
    pub fn dragged(self, scene: &Scene, (from, to): (Point, Point)) -> Self {
        if scene.dim == 3 {
            Self { turn: self.turn + to.0 - from.0, tilt: self.tilt + (to.1 - from.1), ..self }
        } else {
            let angle = |(x, y): Point| libm::atan2(y, x);
            Self { turn: self.turn + angle(to) - angle(from), ..self }
        }
    }

    /// Zoomed by `factor` around what is at `at`, in radii off the picture's middle.
    pub fn zoomed(self, factor: f64, at: Point) -> Self {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        let shift = |center: f64, at: f64| if zoom <= 1.0 { 0.0 } else { center + at / self.zoom - at / zoom };
        Self { zoom, center: (shift(self.center.0, at.0), shift(self.center.1, at.1)), ..self }
    }

    /// Where a place is seen: to the right, down, away.
    fn sees(self, scene: &Scene, [x, y, z]: Place) -> Place {
        let (sin_turn, cos_turn) = (sin(self.turn), cos(self.turn));
        if scene.dim < 3 {
            return [cos_turn * x - sin_turn * y, sin_turn * x + cos_turn * y, 0.0];
        }
        let (x, z) = (cos_turn * x - sin_turn * z, sin_turn * x + cos_turn * z);
        let (sin_tilt, cos_tilt) = (sin(self.tilt), cos(self.tilt));
        [x, cos_tilt * y - sin_tilt * z, sin_tilt * y + cos_tilt * z]
    }
}

/// A class's picture: side x side shares of ink, row by row from the top left.
#[derive(Clone, Copy, Debug)]
pub struct Thumbnail<'a> {
    /// Pixels of a row.
    pub side: usize,
    /// 0 is paper, 255 ink.
    pub ink: &'a [u8],
}

/// What a class looks like.
#[derive(Clone, Copy, Debug)]
pub struct ClassSign<'a> {
    /// Its mark, and an index into [`Theme::classes`], from whose end it starts again.
    pub color: usize,
    /// "T-shirt".
    pub name: &'a str,
    /// What stands beside the name.
    pub image: Option<Thumbnail<'a>>,
}

/// The picture.
#[derive(Clone, Copy, Debug)]
pub struct SimplexFigure<'a> {
    /// What there is.
    pub scene: &'a Scene,
    /// From where it is seen.
    pub camera: Camera,
    /// What each of the run's classes looks like: the scene's `classes` are indices.
    pub signs: &'a [ClassSign<'a>],
}

/// The circle of radius 1 on the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    /// CSS px from the top left.
    pub center: Point,
    /// CSS px.
    pub radius: f64,
}

impl SimplexFigure<'_> {
    /// Where the circle of radius 1 is on a picture of that size, CSS px, for the camera that shows the whole.
    pub fn disk((width, height): Point, theme: &Theme) -> Disk {
        let Theme { present, small, .. } = *theme;
        let across = (width / 2.0 + small - 2.0 * small * present) / (NAMES - 0.07);
        // Up and down there is room for half a picture and a name.
        let room = height / 2.0 - 3.0 - small * present;
        let high = ((room - 15.0) / NAMES).min(room / (NAMES + PICTURE / 2.0));
        let radius = across.min(high).max(0.0);
        Disk { center: (width / 2.0, height / 2.0), radius }
    }

    /// Draws the figure over the whole sheet; `scale` px of the sheet are a CSS px.
    ///
    /// # Errors
    /// Those of the backend.
    pub fn draw<B: DrawingBackend, T: Typesetting>(&self, sheet: &Sheet<B, T>, theme: &Theme, scale: f64) -> Drawn<B> {
        sheet.fill(&theme.paper)?;
        let pen = Pen { sheet, theme, scale };
        let disk = Self::disk(pen.size(), theme);
        if disk.radius < RING {
            return Ok(());
        }
        let ideal: Vec<_> = self.scene.ideal.iter().map(|&place| self.camera.sees(self.scene, place)).collect();
        for (at, &from) in ideal.iter().enumerate() {
            for &to in &ideal[..at] {
                self.line(&pen, disk, (from, to), theme.mesh, 0.8)?;
            }
        }
        self.points(&pen, disk)?;
        for &place in &ideal {
            if let Some(center) = self.spot(&pen, disk, place) {
                pen.outline(center, RING * near(place), theme.ghost, 1.5)?;
            }
        }
        for (at, &row) in self.scene.classifier.iter().enumerate() {
            let to = held(self.camera.sees(self.scene, row));
            self.line(&pen, disk, ([0.0; 3], to), self.color(theme, at), 2.0)?;
        }
        self.names(&pen, disk, &ideal)?;
        self.means(&pen, disk)
    }

    /// Where a place that the camera sees is, CSS px; None off the sheet.
    fn spot<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, disk: Disk, place: Place) -> Option<Point> {
        let ((x, y), (width, height)) = (self.at(disk, place), pen.size());
        ((0.0..width).contains(&x) && (0.0..height).contains(&y)).then_some((x, y))
    }

    fn at(&self, disk: Disk, [x, y, _]: Place) -> Point {
        let Camera { zoom, center, .. } = self.camera;
        let length = disk.radius * zoom;
        (disk.center.0 + length * (x - center.0), disk.center.1 + length * (y - center.1))
    }

    fn line<B: DrawingBackend, T: Typesetting>(
        &self,
        pen: &Pen<B, T>,
        disk: Disk,
        (from, to): (Place, Place),
        color: RGBColor,
        width: f64,
    ) -> Drawn<B> {
        match clipped((self.at(disk, from), self.at(disk, to)), pen.size()) {
            Some((from, to)) => pen.line(&[from, to], color, width),
            None => Ok(()),
        }
    }

    /// The color of a class of the scene.
    fn color(&self, theme: &Theme, at: usize) -> RGBColor {
        theme.classes[self.mark(at) % theme.classes.len()]
    }

    fn mark(&self, at: usize) -> usize {
        let class = self.scene.classes.get(at).copied().unwrap_or(at);
        self.signs.get(class).map_or(class, |sign| sign.color)
    }

    fn points<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, disk: Disk) -> Drawn<B> {
        let radius = POINT * pen.theme.present;
        let mut points: Vec<_> = self.scene.points.iter().map(|&(at, place)| (at, self.camera.sees(self.scene, place))).collect();
        if self.scene.dim == 3 {
            points.sort_by(|a, b| b.1[2].total_cmp(&a.1[2]));
        }
        for (at, place) in points {
            if place[0].hypot(place[1]) > FARTHEST_POINT {
                continue;
            }
            if let Some(spot) = self.spot(pen, disk, place) {
                pen.disc(spot, radius * near(place), self.color(pen.theme, at))?;
            }
        }
        Ok(())
    }

    /// The marks, the nearest last, each with a border of paper.
    fn means<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, disk: Disk) -> Drawn<B> {
        let radius = MARK * pen.theme.present.sqrt();
        let mut means: Vec<_> = self.scene.means.iter().map(|&place| held(self.camera.sees(self.scene, place))).enumerate().collect();
        means.sort_by(|a, b| b.1[2].total_cmp(&a.1[2]));
        for (at, place) in means {
            if let Some(spot) = self.spot(pen, disk, place) {
                pen.mark(self.mark(at), spot, radius * near(place) + 1.5, pen.theme.paper)?;
                pen.mark(self.mark(at), spot, radius * near(place), self.color(pen.theme, at))?;
            }
        }
        Ok(())
    }

    /// Names and pictures outside the vertices.
    fn names<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, disk: Disk, ideal: &[Place]) -> Drawn<B> {
        let Theme { ink, small, present, .. } = *pen.theme;
        let (width, height) = pen.size();
        let size = small * present;
        for (at, &place) in ideal.iter().enumerate() {
            let Some(sign) = self.scene.classes.get(at).and_then(|&class| self.signs.get(class)) else { continue };
            // Outwards; a vertex that points at the reader has its name above.
            let length = place[0].hypot(place[1]);
            let (x, y) = if length > 0.1 { (place[0] / length, place[1] / length) } else { (0.0, -1.0) };
            let vertex = self.at(disk, place);
            let away = (NAMES - 1.0) * disk.radius;
            let (x, y) = (vertex.0 + away * x, vertex.1 + away * y);
            if !(0.0..width).contains(&x) || !(0.0..height).contains(&y) {
                continue;
            }
            let above = y < disk.center.1 - 1.0;
            let side = sign.image.map_or(0.0, |_| (PICTURE * disk.radius).max(if disk.radius < 60.0 { 18.0 } else { 30.0 }));
            if let Some(image) = &sign.image {
                let top = y - side / 2.0 + if above { 2.0 } else { -2.0 };
                let left = (x - side / 2.0).min(width - side - 1.0).max(1.0);
                self.thumbnail(pen, image, (left, top), side)?;
            }
            let baseline = if above { y - side / 2.0 } else { y + side / 2.0 - 1.0 + 0.85 * size };
            pen.text((x, baseline), &Label::new(sign.name, size, ink).centered().halo())?;
        }
        Ok(())
    }

    fn thumbnail<B: DrawingBackend, T: Typesetting>(&self, pen: &Pen<B, T>, image: &Thumbnail, (x, y): Point, side: f64) -> Drawn<B> {
        let pixel = side / image.side as f64;
        for (row, pixels) in image.ink.chunks_exact(image.side).enumerate() {
            for (column, &share) in pixels.iter().enumerate() {
                if share > 12 {
                    let (left, top) = (x + column as f64 * pixel, y + row as f64 * pixel);
                    let color = mixed(pen.theme.paper, pen.theme.ink, f64::from(share) / 255.0);
                    pen.bar((left, top), (left + pixel, top + pixel), color)?;
                }
            }
        }
        Ok(())
    }
}

/// How much larger than in the middle a mark is at its depth.
fn near(place: Place) -> f64 {
    (1.0 - DEPTH * place[2]).clamp(0.5, 1.5)
}

/// A place no farther off the centre than means are drawn.
fn held([x, y, z]: Place) -> Place {
    let far = (x.hypot(y) / FARTHEST_MEAN).max(1.0);
    [x / far, y / far, z]
}

/// `share` of the way from one color to another.
pub(super) fn mixed(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collapse::simplex;

    fn scene(classes: u16) -> Scene {
        Scene::bare(&simplex(&Vec::from_iter(0..classes)))
    }

    #[test]
    fn turning_keeps_lengths_and_a_plane_flat() {
        for classes in [2, 3, 4, 10] {
            let scene = scene(classes);
            let camera = Camera { turn: 1.1, tilt: 0.7, ..Camera::of(&scene) };
            for &place in &scene.ideal {
                let seen = camera.sees(&scene, place);
                assert!((seen.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-12, "{classes} classes: {seen:?}");
                assert!(scene.dim == 3 || seen[2] == 0.0);
            }
        }
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_when_it_zooms() {
        let camera = Camera::of(&scene(3)).zoomed(2.0, (0.5, -0.25));
        // What was seen at (0.5, -0.25) is seen at zoom * (place - center).
        assert_eq!((camera.zoom * (0.5 - camera.center.0), camera.zoom * (-0.25 - camera.center.1)), (0.5, -0.25));
        assert_eq!(camera.zoomed(0.25, (1.0, 1.0)).center, (0.0, 0.0), "the whole is in the middle");
        assert_eq!(camera.zoomed(1e9, (0.0, 0.0)).zoom, ZOOM.1);
    }

    #[test]
    fn a_drag_takes_what_is_in_front_along() {
        let solid = scene(4);
        let camera = Camera { turn: 0.0, tilt: 0.0, ..Camera::of(&solid) }.dragged(&solid, ((0.0, 0.0), (0.1, 0.05)));
        let front = camera.sees(&solid, [0.0, 0.0, -1.0]);
        assert!((front[0] - 0.1).abs() < 1e-2 && (front[1] - 0.05).abs() < 1e-2, "{front:?}");
        let plane = scene(3);
        let turned = Camera::of(&plane).dragged(&plane, ((0.0, -1.0), (1.0, 0.0)));
        let top = turned.sees(&plane, [0.0, -1.0, 0.0]);
        assert!((top[0] - 1.0).abs() < 1e-12 && top[1].abs() < 1e-12, "{top:?}");
    }
}
