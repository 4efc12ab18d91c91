//! The guided tour: a text in the place of the settings. The step that the reader has come to sets what the page shows; nothing is trained
//! that was not asked for, and no run that is under way is given up.

use super::dom::{all, document, find, narrow, on, part, root, set, show, watch, window};
use super::enable::enable;
use super::host;
use super::stage::Stage;
use super::state::State;
use super::strings::{fill, label, text};
use super::{Page, Stale};
use crate::chart::LN_RANGE;
use crate::experiment::{History, Moment, Offer, STEPS, Step};
use crate::web::protocol::Command;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, FocusOptions, HtmlButtonElement, HtmlElement};

/// A reader who stays at a step for less, in milliseconds, is on the way to another.
const REST_MS: i32 = 200;

impl State {
    /// The step that the reader is at, and its place. Embeds have no tour.
    fn tour_step(&self) -> Option<(usize, &'static Step)> {
        let at = self.page.tour.filter(|_| self.page.embed.is_none())?;
        STEPS.get(at).map(|step| (at, step))
    }

    /// Whether to show `step` means to give up a run that is under way.
    fn costs_a_run(&self, step: &Step) -> bool {
        self.under_way() && self.lacks(&step.of(&self.page).config)
    }

    /// Shows what `step` speaks of.
    fn show_step(&mut self, step: &Step) -> Vec<Command> {
        self.page = step.of(&self.page);
        self.choosing = false;
        self.accept();
        let fresh = self.differs();
        let commands = if fresh { vec![self.configure()] } else { Vec::new() };
        if fresh || (self.recorded.is_none() && self.epoch == 0.0 && !self.under_way()) {
            self.range = LN_RANGE;
            self.show_recording();
            if self.recorded.is_some() {
                self.remember(&self.page.config.clone());
                (self.run, self.history, self.epoch) = (None, History::default(), 0.0);
            }
        }
        match step.moment {
            Moment::Latest => self.seek(None),
            Moment::Played => self.play_from_start(),
        }
        commands
    }
}

/// Listens to the buttons and to scrolling.
pub fn listen(page: &Rc<Page>) {
    page.on("tour-open", "click", |page, _| {
        let taken = page.state.borrow().page.tour.is_some();
        if taken { page.leave_tour() } else { page.take_tour(0) }
    });
    page.on("tour-leave", "click", |page, _| page.leave_tour());
    page.on("tour-back", "click", |page, _| page.walk(|at| at.saturating_sub(1)));
    page.on("tour-next", "click", |page, _| page.walk(|at| at + 1));
    page.on("tour-return", "click", |page, _| {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        page.walk(|at| at);
        let _ = find::<HtmlElement>("steps").focus();
    });
    page.on("steps", "scroll", |page, _| page.follow_scroll());
    page.on("steps", "click", |page, event| {
        let button = event.target().and_then(|target| target.dyn_into::<HtmlButtonElement>().ok());
        if let Some(at) = button.as_ref().and_then(|button| button.get_attribute("data-step")?.parse().ok()) {
            page.take_up(at, button.is_some_and(|button| button.has_attribute("data-show")));
        }
    });
    for (event, action) in [("scroll", Page::follow_scroll as fn(&Rc<Page>)), ("resize", |page| page.walk(|at| at))] {
        let page = page.clone();
        on(&window(), event, move |_: Event| action(&page));
    }
    if let Ok(Some(screen)) = document().query_selector(".screen") {
        watch(&screen, |seen| set(&root(), "data-away", (!seen).then_some("")));
    }
}

impl Page {
    /// Opens the tour as the link has it. A page that comes `back` stands as it was left.
    pub(super) fn arrive_in_tour(self: &Rc<Self>, back: bool) {
        let step = self.state.borrow().tour_step();
        if let Some((at, _)) = step {
            self.open_tour(at);
            if !back {
                self.show_step(at, false);
            }
        }
    }

    /// Opens the tour, or another step of it.
    pub(super) fn take_tour(self: &Rc<Self>, at: usize) {
        self.open_tour(at);
        self.show_step(at, false);
        window().scroll_to_with_x_and_y(0.0, 0.0);
        aim(at);
        let _ = find::<HtmlElement>("steps").focus();
    }

    fn open_tour(self: &Rc<Self>, at: usize) {
        self.state.borrow_mut().page.tour = Some(at);
        build();
        render(&self.state.borrow());
        aim(at);
    }

    fn leave_tour(self: &Rc<Self>) {
        self.state.borrow_mut().page.tour = None;
        self.replace();
        self.refresh(Stale::Everything);
        render(&self.state.borrow());
        let _ = find::<HtmlElement>("tour-open").focus();
    }

    /// Goes to another step, and has it in sight.
    fn walk(self: &Rc<Self>, to: impl FnOnce(usize) -> usize) {
        let step = self.state.borrow().tour_step();
        if let Some((at, _)) = step {
            let to = to(at).min(STEPS.len() - 1);
            self.come_to(to);
            aim(to);
        }
    }

    fn follow_scroll(self: &Rc<Self>) {
        let taken = self.state.borrow().tour_step().is_some();
        if let Some(at) = reached().filter(|_| taken) {
            self.come_to(at);
        }
    }

    /// The reader is at another step, whose run and view come once it is clear that it is not on the way to the next.
    fn come_to(self: &Rc<Self>, at: usize) {
        if self.state.borrow().page.tour == Some(at) {
            return;
        }
        self.state.borrow_mut().page.tour = Some(at);
        self.replace();
        render(&self.state.borrow());
        let page = self.clone();
        let later = Closure::once_into_js(move || page.show_step(at, false));
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(later.unchecked_ref(), REST_MS);
    }

    /// Shows the step's run and view if the reader is still there, and `asked` for it or nothing is lost.
    fn show_step(self: &Rc<Self>, at: usize, asked: bool) {
        let step = self.state.borrow().tour_step().filter(|(place, _)| *place == at);
        let Some((_, step)) = step else { return };
        if !asked && self.state.borrow().costs_a_run(step) {
            return self.refresh(Stale::Everything);
        }
        self.obey(|state| state.show_step(step));
        self.replace();
        self.settle();
    }

    /// Does what a step offers: shows its run, plays or trains it.
    fn take_up(self: &Rc<Self>, at: usize, shows: bool) {
        let here = self.state.borrow().page.tour == Some(at);
        if !here || shows {
            self.walk(|_| at);
            self.show_step(at, shows);
        }
        if shows {
            // The button that had the focus goes.
            let still = FocusOptions::new();
            still.set_prevent_scroll(true);
            let _ = find::<HtmlElement>("steps").focus_with_options(&still);
        }
        let (training, blocked) = {
            let state = self.state.borrow();
            (state.stage == Stage::Training, state.costs_a_run(&STEPS[at]))
        };
        match STEPS[at].offer {
            _ if shows || blocked => {}
            Offer::Play if here => {
                self.state.borrow_mut().play();
                self.refresh(Stale::Everything);
            }
            Offer::Train if training => self.obey(State::pause),
            Offer::Train => self.train(),
            _ => {}
        }
    }
}

/// Writes the text, once.
fn build() {
    let Ok(Some(list)) = find::<Element>("steps").query_selector("ol") else { return };
    if list.child_element_count() > 0 {
        return;
    }
    for (at, Step { name, offer, .. }) in STEPS.iter().enumerate() {
        let item = part(&list, "li");
        for (tag, key) in [("h2", ""), ("p", ".body"), ("p", ".look")] {
            let words = part(&item, tag);
            words.set_class_name(key.trim_start_matches('.'));
            label(&words, &format!("tour.{name}{key}"));
        }
        for shows in [false, true] {
            let button = part(&item, "button");
            for (name, value) in [("type", "button"), ("class", "b"), ("data-step", &*at.to_string())] {
                set(&button, name, Some(value));
            }
            set(&button, "data-show", shows.then_some(""));
            set(&button, "hidden", (shows || *offer == Offer::Nothing).then_some(""));
        }
    }
    host::say(&list);
}

/// Shows where the reader is, and what the step offers now.
pub fn render(state: &State) {
    let step = state.tour_step();
    find::<HtmlElement>("tour").set_hidden(step.is_none());
    set(&root(), "data-tour", step.map(|(_, step)| step.subject.name()));
    set(&find("tour-open"), "aria-expanded", Some(if step.is_some() { "true" } else { "false" }));
    let Some((here, step)) = step else { return };
    let title = text(&format!("tour.{}", step.name));
    let count = [("step", &*(here + 1).to_string()), ("steps", &STEPS.len().to_string())];
    let (place, at, title) = (find::<Element>("tour-at"), fill("tour.at", &count), format!(" {title}"));
    if place.text_content() != Some(format!("{at}{title}")) {
        place.set_text_content(None);
        show(&part(&place, "span"), &at);
        let spoken = part(&place, "span");
        spoken.set_class_name("vh");
        show(&spoken, &title);
    }
    enable(&find("tour-back"), here > 0);
    enable(&find("tour-next"), here + 1 < STEPS.len());
    let blocked = state.costs_a_run(step);
    for (at, item) in all("#steps li").iter().enumerate() {
        set(item, "aria-current", (at == here).then_some("step"));
        let [Some(act), Some(instead)] =
            ["[data-step]:not([data-show])", "[data-show]"].map(|part| item.query_selector(part).ok().flatten())
        else {
            continue;
        };
        let blocked = blocked && at == here;
        show(&instead, &text("tour.show"));
        set(&instead, "hidden", (!blocked).then_some(""));
        set(&act, "hidden", (blocked || STEPS[at].offer == Offer::Nothing).then_some(""));
        let here = at == here;
        show(
            &act,
            &text(match (STEPS[at].offer, state.stage) {
                (Offer::Play, _) if here && state.playing() => "play.hold",
                (Offer::Play, _) => "play",
                (_, Stage::Training) if here => "pause",
                (_, Stage::Paused) if here => "train.continue",
                (_, Stage::Finished) if here => "train.again",
                _ => "tour.train",
            }),
        );
    }
    // Tab passes over the links of other steps: to go to one is to scroll on, past the buttons that lead to the next.
    for (which, index) in [("[aria-current]", None), (":not([aria-current])", Some("-1"))] {
        all(&format!("#steps li{which} :is(a, button)")).iter().for_each(|control| set(control, "tabindex", index));
    }
}

/// The text as it lies on the screen, in CSS px from its upper edge: the text's own upper edge and height, and the part of the screen that shows it.
struct Sight {
    top: f64,
    height: f64,
    from: f64,
    to: f64,
}

fn sight() -> Sight {
    let steps = find::<HtmlElement>("steps");
    let own = steps.get_bounding_client_rect();
    if narrow() {
        let figures = all(".fig, .means").into_iter().map(|figure| figure.get_bounding_client_rect().height()).sum();
        let bar = all(".tour .bar").first().map_or(0.0, |bar| bar.get_bounding_client_rect().top());
        Sight { top: own.top(), height: own.height(), from: figures, to: bar }
    } else {
        let top = own.top() - f64::from(steps.scroll_top());
        Sight { top, height: f64::from(steps.scroll_height()), from: own.top(), to: own.bottom() }
    }
}

/// Where the line is that a step has to cross: it goes from the upper edge to the lower one while the text is scrolled from end to end, so
/// that each step comes to it, the first and the last one, too. None if the text is out of sight, or all of it is in sight.
fn reached() -> Option<usize> {
    let Sight { top, height, from, to } = sight();
    let hidden = height - (to - from);
    if hidden <= 0.0 || top + height < from || top > to {
        return None;
    }
    let line = top + ((from - top) / hidden).clamp(0.0, 1.0) * height;
    all("#steps li").iter().rposition(|item| item.get_bounding_client_rect().top() <= line).or(Some(0))
}

/// Scrolls the text so that step `at` is where `reached` finds it, all of it in sight, or where there is no room for that its beginning.
fn aim(at: usize) {
    let Sight { top, height, from, to } = sight();
    let items = all("#steps li");
    let Some(item) = items.get(at).map(Element::get_bounding_client_rect) else { return };
    let part = at as f64 / (items.len() - 1) as f64;
    let share = (item.top() - top + part * item.height()) / height;
    let whole = item.height() <= to - from;
    let by = if whole { top - from + share * (height - (to - from)).max(0.0) } else { item.top() - from };
    if narrow() {
        window().scroll_by_with_x_and_y(0.0, by);
    } else {
        find::<Element>("steps").scroll_by_with_x_and_y(0.0, by);
    }
}
