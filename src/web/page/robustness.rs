//! The talk's argument for equal shares: a curve that the reader bends, and what an error in every layer's ratio then costs.

use super::controls;
use super::dom::{create, find, on, set, show, show_number, watch};
use super::due::Due;
use super::figures::report;
use super::format::{amount, fixed, rho};
use super::handles::{Grip, Handles};
use super::predict::spoken;
use super::render::{body, cell, heading, share};
use super::state::State;
use super::strings::{fill, text};
use crate::chart::{LN_RANGE, LayerAxis, RobustnessFigure, RobustnessLabels, Theme, canvas, ln_range_of};
use crate::separation::Robustness as Cost;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::{Element, Event, HtmlButtonElement, HtmlDetailsElement, HtmlInputElement};

/// The first curve's ends and layers: those of the default network, as PyTorch trained it.
const ENDS: (f64, f64) = (36.4, 0.383);
const LAYERS: usize = 8;

/// From which part above the line's cost a curve counts as bent.
const BENT: f64 = 5e-3;

/// The section, shared by its listeners.
pub struct Robustness {
    handles: Rc<Handles>,
    /// D by layer.
    curve: RefCell<Vec<f64>>,
    /// What the y axis spans: no hand moves it.
    range: Cell<(i32, i32)>,
    /// That of the run on show, where it can be taken.
    run: RefCell<Option<Vec<f64>>>,
    theme: RefCell<Option<Theme>>,
    /// Whether the reader has the section in sight.
    seen: Cell<bool>,
    /// Whether a rendering is due.
    due: Due,
}

/// The straight line of `layers` layers between two D.
fn straight((first, last): (f64, f64), layers: usize) -> Vec<f64> {
    let step = (last / first).powf(1.0 / (layers.max(2) - 1) as f64);
    (0..layers).map(|layer| first * step.powi(layer as i32)).collect()
}

impl Robustness {
    /// The section with a straight line.
    pub fn new() -> Rc<Self> {
        let section = Rc::new(Self {
            handles: Handles::new("robust-board", Grip::Takes),
            curve: RefCell::new(straight(ENDS, LAYERS)),
            range: Cell::new(LN_RANGE),
            run: RefCell::default(),
            theme: RefCell::default(),
            seen: Cell::default(),
            due: Due::default(),
        });
        let dragged = section.clone();
        section.handles.listen(move |layer, value| {
            if let Some(d) = dragged.curve.borrow_mut().get_mut(layer) {
                *d = value.exp();
            }
            dragged.refresh();
        });
        let does = |id: &str, sign: &str, action: fn(&Self)| {
            let section = section.clone();
            on(&find::<Element>(id), sign, move |_: Event| {
                action(&section);
                section.refresh();
            });
        };
        does("robust-epsilon", "input", |_| {});
        does("robust-twin", "toggle", |_| {});
        does("robust-reset", "click", |section| {
            let mut curve = section.curve.borrow_mut();
            *curve = straight((curve[0], curve[curve.len() - 1]), curve.len());
        });
        does("robust-take", "click", |section| {
            if let Some(run) = &*section.run.borrow() {
                section.curve.replace(run.clone());
                section.range.set(ln_range_of(LN_RANGE, run.iter().copied().map(Some)));
            }
        });
        let looked = section.clone();
        watch(&find("robustness"), move |seen| {
            looked.seen.set(seen);
            looked.refresh();
        });
        section
    }

    /// Offers the curve on show, and draws with the colours and words that the page has now.
    pub fn offer(self: &Rc<Self>, state: &State, theme: &Theme) {
        let measured = state.record().and_then(|record| state.split(record).fuzziness.iter().copied().collect::<Option<Vec<f64>>>());
        let run = measured.filter(|curve| curve.len() > 2 && Cost::new(curve, 0.0).is_ok());
        find::<HtmlButtonElement>("robust-take").set_disabled(run.is_none());
        self.run.replace(run);
        if self.theme.borrow().as_ref() != Some(theme) {
            self.theme.replace(Some(theme.clone()));
        }
        self.refresh();
    }

    /// Shows at the next frame what has changed, if somebody looks.
    pub fn refresh(self: &Rc<Self>) {
        if self.seen.get() {
            self.due.frame(self, Self::render);
        }
    }

    fn render(self: &Rc<Self>) {
        self.due.met();
        let slider = find::<HtmlInputElement>("robust-epsilon");
        let epsilon = format!("{:.1e}", 10_f64.powf(slider.value_as_number())).parse::<f64>().unwrap_or(0.0);
        controls::color(&slider);
        set(&slider, "aria-valuetext", Some(&epsilon.to_string()));
        show_number(&find("robust-epsilon-shown"), Some(epsilon), |epsilon| epsilon.to_string());
        let curve = self.curve.borrow();
        // Hands and runs give no other curves.
        let Ok(bent) = Cost::new(&curve, epsilon) else { return };
        let line = bent.straight();
        let axis = self.draw(&curve, &bent, &line);
        let inner = curve[1..curve.len() - 1].iter().map(|d| d.ln()).collect();
        self.handles.place(axis, 1, inner, |layer| fill("reading.layer", &[("layer", &layer.to_string())]), spoken);
        numbers(&bent, &line, epsilon);
        if find::<HtmlDetailsElement>("robust-twin").open()
            && let Some(table) = body("robust-layers")
        {
            rows(&table, &curve, &bent);
        }
    }

    fn draw(&self, curve: &[f64], bent: &Cost, line: &Cost) -> Option<LayerAxis> {
        let theme = self.theme.borrow();
        let (theme, (sheet, scale)) = theme.as_ref().zip(canvas(&find("robust-curve")))?;
        let words = ["curve.axis", "curve.pixels", "curve.layer", "robust.line", "robust.shares", "percent"].map(text);
        let [axis, input, layer, name, shares, percent] = &words;
        let figure = RobustnessFigure {
            fuzziness: curve,
            shares: &bent.shares(),
            equal: line.shares()[0],
            range: self.range.get(),
            labels: RobustnessLabels { axis, input, layer, line: name, shares, percent },
        };
        let axis = figure.draw(&sheet, theme, scale);
        report(axis.is_err());
        axis.ok()
    }
}

/// What the curve costs, in numbers and a sentence.
fn numbers(bent: &Cost, line: &Cost, epsilon: f64) {
    for (row, of) in [("exact", Cost::exact as fn(&Cost) -> f64), ("first", Cost::first_order)] {
        for (column, value) in [("bent", of(bent)), ("line", of(line))] {
            show_number(&find(&format!("robust-{row}-{column}")), Some(value), |share| format!("{}\u{202f}%", tenths(share)));
        }
        show_number(&find(&format!("robust-{row}-factor")), Some(of(bent) / of(line)), factor);
    }
    show_number(&find("robust-rho"), line.ratios().first().copied(), rho);
    let times = bent.exact() / line.exact();
    let key = if times < 1.0 + BENT { "robust.said.line" } else { "robust.said" };
    let values = [
        ("epsilon", &*epsilon.to_string()),
        ("change", &*tenths(bent.exact())),
        ("line", &*tenths(line.exact())),
        ("factor", &*factor(times)),
    ];
    show(&find("robust-said"), &fill(key, &values));
}

/// A share in percent, with as many decimals wherever it stands beside another.
fn tenths(share: f64) -> String {
    fixed(100.0 * share, usize::from(share < 10.0))
}

/// A factor with two decimals, where they say anything.
fn factor(value: f64) -> String {
    if value < 100.0 { fixed(value, 2) } else { amount(value) }
}

fn rows(table: &Element, curve: &[f64], bent: &Cost) {
    let shares = bent.shares();
    for (layer, &d) in curve.iter().enumerate() {
        let row = create("tr");
        heading(&row, &if layer == 0 { text("table.pixels") } else { layer.to_string() });
        cell(&row, None, Some(d), amount);
        let before = layer.checked_sub(1);
        cell(&row, None, before.map(|at| bent.ratios()[at]), rho);
        cell(&row, None, before.map(|at| shares[at]), share);
        let _ = table.append_child(&row);
    }
}
