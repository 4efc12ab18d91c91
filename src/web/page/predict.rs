//! Predict first: the reader draws the curve that training will come to, and it stays beside the run, with its distance.

use super::dom::{document, find, set, show};
use super::enable::enable;
use super::figures::Figures;
use super::format::{amount, fixed};
use super::handles::Handles;
use super::stage::Stage;
use super::state::State;
use super::strings::{fill, text};
use super::{Page, Stale};
use crate::separation::distance;
use std::rc::Rc;
use web_sys::HtmlElement;

/// What the axis spans at least while the reader draws, in ln D: no border is to be a hint.
const FREE: (i32, i32) = (-3, 5);

/// ln D at the pixels where nothing is measured: about that of these pictures.
const PIXELS: f64 = 3.6;

/// The curve that the reader expects.
#[derive(Clone, Debug)]
pub struct Guess {
    /// D by layer.
    pub fuzziness: Vec<Option<f64>>,
    /// Whether the reader still draws it.
    pub drawing: bool,
    /// Whether D of the pixels is known.
    given: bool,
}

impl Guess {
    /// The first layer that is to be guessed.
    fn first(&self) -> usize {
        usize::from(self.given)
    }
}

impl State {
    /// Whether the reader draws the curve that he or she expects: meanwhile nothing that was measured is shown.
    pub fn drawing(&self) -> bool {
        self.guess.as_ref().is_some_and(|guess| guess.drawing)
    }

    /// The reader wants to draw: where there is a guess, that one.
    fn predict(&mut self) {
        let pixels = self.record().and_then(|record| *self.split(record).fuzziness.first()?).filter(|d| *d > 0.0);
        let flat = vec![Some(pixels.unwrap_or(PIXELS.exp())); self.layers()];
        let before = self.guess.take().map_or(flat, |guess| guess.fuzziness);
        self.guess = Some(Guess { fuzziness: before, drawing: true, given: pixels.is_some() });
        self.range = (self.range.0.min(FREE.0), self.range.1.max(FREE.1));
        self.player = None;
        self.scrubbed = None;
        self.read = None;
    }

    /// The guess stands: whatever was hidden is shown again.
    pub fn conclude_guess(&mut self) {
        if let Some(guess) = &mut self.guess {
            guess.drawing = false;
        }
    }

    /// A run of `layers` layers, the input included, has come: a guess of another depth is none of it.
    pub fn keep_guess_of(&mut self, layers: usize) {
        self.guess.take_if(|guess| guess.fuzziness.len() != layers);
    }

    /// By which factor the guess is off the curve that is shown, on average; None without either.
    pub fn guess_off(&self) -> Option<f64> {
        let guess = self.guess.as_ref().filter(|guess| !guess.drawing)?;
        let record = self.record().filter(|record| record.epoch > 0.0)?;
        Some(distance(&guess.fuzziness, &self.split(record).fuzziness)?.exp())
    }

    /// What the guess comes to, in a sentence; empty without one.
    pub fn guess_said(&self) -> String {
        match self.guess_off() {
            Some(factor) => fill("guess.off", &[("factor", &fixed(factor, if factor < 10.0 { 2 } else { 0 }))]),
            None => String::new(),
        }
    }
}

/// Listens to the buttons, and to hands on the plot.
pub fn listen(page: &Rc<Page>) {
    page.on("predict", "click", |page, _| {
        page.state.borrow_mut().predict();
        render(&page.state.borrow(), &page.figures.borrow(), &page.guessing);
        page.guessing.focus();
        page.refresh(Stale::Everything);
    });
    page.on("guess-done", "click", |page, _| {
        {
            let mut state = page.state.borrow_mut();
            state.conclude_guess();
            // The recorded run is seen from its start, as it would be by who trains it.
            if state.recorded.is_some() && !state.still {
                state.play();
            }
        }
        page.refresh(Stale::Everything);
        let _ = find::<HtmlElement>("train").focus();
    });
    page.on("guess-forget", "click", |page, _| {
        page.state.borrow_mut().guess = None;
        page.refresh(Stale::Everything);
        let _ = find::<HtmlElement>("figure").focus();
    });
    let hand = page.clone();
    page.guessing.listen(move |layer, value| {
        let mut state = hand.state.borrow_mut();
        if let Some(d) = state.guess.as_mut().and_then(|guess| guess.fuzziness.get_mut(layer)) {
            *d = Some(value.exp());
        }
        hand.refresh(Stale::Everything);
    });
}

/// Shows the buttons and the sentence, and while the reader draws the handles.
pub fn render(state: &State, figures: &Figures, handles: &Handles) {
    let drawing = state.drawing();
    let button = find::<HtmlElement>("predict");
    button.set_hidden(drawing);
    enable(&button, state.stage != Stage::Training && (state.record().is_some() || state.run.is_some()));
    find::<HtmlElement>("guess").set_hidden(state.guess.is_none());
    find::<HtmlElement>("reader").set_hidden(drawing);
    let board = find::<HtmlElement>("guess-board");
    if !drawing && !board.hidden() && board.contains(document().active_element().as_deref()) {
        let _ = find::<HtmlElement>("figure").focus(); // what had it goes
    }
    board.set_hidden(!drawing);
    let done = find::<HtmlElement>("guess-done");
    done.set_hidden(!drawing);
    let hidden_run = state.recorded.is_some() || state.epoch > 0.0;
    show(
        &done,
        &text(match (&state.recorded, hidden_run) {
            (Some(_), _) => "guess.done.recorded",
            (None, true) => "guess.done.run",
            _ => "guess.done",
        }),
    );
    let said = if drawing { text("guess.draw") } else { state.guess_said() };
    show(&find("guess-said"), &if said.is_empty() { text("guess.waits") } else { said });
    set(&find("guess-said"), "data-value", state.guess_off().map(|factor| factor.to_string()).as_deref());
    let Some(guess) = state.guess.as_ref().filter(|_| drawing) else { return };
    let first = guess.first();
    let values = guess.fuzziness[first..].iter().map(|d| d.map_or(0.0, f64::ln)).collect();
    let name = |layer: usize| match layer {
        0 => text("table.pixels"),
        _ => fill("reading.layer", &[("layer", &layer.to_string())]),
    };
    handles.place(figures.axis(), first, values, name, spoken);
}

/// What a screen reader says of a handle.
pub fn spoken(value: f64) -> String {
    let ln = fixed(value, 2).replace('\u{2212}', &text("minus"));
    fill("handle.spoken", &[("fuzziness", &amount(value.exp())), ("ln", &ln)])
}
