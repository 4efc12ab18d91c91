//! The page: events change the state, and the state is rendered at most once a frame.

mod autostop;
mod clock;
mod compare;
mod controls;
mod dom;
mod due;
mod embed;
mod enable;
mod epochs;
mod export;
mod features;
mod figures;
mod format;
mod gallery;
mod ghosts;
mod grid;
mod handles;
mod help;
mod host;
mod images;
mod language;
mod layers;
mod links;
mod looks;
mod means;
mod minority;
mod player;
mod predict;
mod reading;
mod render;
mod reported;
mod robustness;
mod run_file;
mod session;
mod share;
mod shortcuts;
mod single;
mod spelling;
mod stage;
mod state;
mod strings;
mod summary;
mod sweeps;
mod theme;
mod tour;
mod trials;
mod verdict;
mod view;
mod worker_link;

use super::protocol::{Command, Event as Happening};
use super::rest::now;
use crate::experiment::{ConfigError, PageState};
use dom::{find, on, window};
use embed::Embedded;
use features::Features;
use figures::Figures;
use gallery::Gallery;
use grid::Grid;
use handles::{Grip, Handles};
use minority::Minority;
use robustness::Robustness;
use session::Session;
use stage::Stage;
use state::State;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use strings::fill;
use summary::Summary;
use sweeps::Sweeps;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, HtmlInputElement, HtmlSelectElement, ResizeObserver};
use worker_link::WorkerLink;

/// What has changed since the last frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stale {
    Nothing,
    Progress,
    /// The picture moves.
    Motion,
    Everything,
}

/// While a run trains the moving pictures are drawn in turn, one at most this often, in milliseconds: some thirty times a second each look
/// smooth, and leave a laptop without a GPU, which paints with the processor, time to train and to answer. Otherwise every frame has both.
const MOTION_MS: f64 = 15.0;

/// What the figures' colours and letters hang on, beside the link.
const LOOKS: [&str; 4] =
    ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)", "(min-width: 100em) and (min-height: 55em)"];

/// Matches where the reader wants nothing to move.
const STILL: &str = "(prefers-reduced-motion: reduce)";

/// The page, shared by its listeners.
struct Page {
    state: RefCell<State>,
    figures: RefCell<Figures>,
    galleries: Vec<Rc<Gallery>>,
    minority: Rc<Minority>,
    sweeps: Rc<Sweeps>,
    grid: Rc<Grid>,
    robustness: Rc<Robustness>,
    features: Rc<Features>,
    /// On the curve, while the reader draws what to expect.
    guessing: Rc<Handles>,
    /// Where the reader's own images are chosen.
    images: images::Chooser,
    /// Those that the worker has.
    given: RefCell<Option<Rc<images::Own>>>,
    /// None before the first command, and after it stopped: the next command starts another.
    worker: RefCell<Option<WorkerLink>>,
    stale: Cell<Stale>,
    /// Whose run the worker keeps.
    session: String,
    embedded: Embedded,
    /// The query of the history entry pushed last.
    pushed: RefCell<String>,
    summary: Summary,
    /// When the picture was drawn last, in milliseconds.
    moved: Cell<f64>,
}

/// Starts the page, with the run that its link describes.
pub fn start() {
    controls::list_presets();
    help::install();
    let Session { name, memory, query } = session::begin();
    // What the session has kept its worker will tell.
    let (link, errors) = read_link(query, memory.is_some());
    let page = Rc::new(Page {
        state: RefCell::new(State::new(link)),
        figures: RefCell::new(Figures::new()),
        galleries: gallery::galleries(),
        minority: Minority::new(),
        sweeps: Sweeps::new(),
        grid: Grid::new(),
        robustness: Robustness::new(),
        features: Features::new(),
        guessing: Handles::new("guess-board", Grip::Draws),
        images: images::Chooser::default(),
        given: RefCell::default(),
        worker: RefCell::default(),
        session: name,
        embedded: Embedded::default(),
        stale: Cell::new(Stale::Nothing),
        pushed: RefCell::default(),
        summary: Summary::default(),
        moved: Cell::default(),
    });
    page.pushed.replace(page.query());
    page.state.borrow_mut().still = still();
    page.settle();
    page.listen();
    // Fails in sandboxed frames, where the page goes on without a history.
    let _ = window().history().and_then(|history| history.replace_state(&page.entry(), ""));
    page.obey(|state| {
        let commands = state.arrive(memory);
        state.blame(&errors, running_with);
        commands
    });
    page.arrive_in_tour(memory.is_some_and(|memory| memory.started));
    embed::listen(&page);
    page.tell_host(None);
    // A run that was started before stands as the reader left it.
    if page.state.borrow().page.autoplay && !memory.is_some_and(|memory| memory.started) {
        page.train();
    }
}

/// What the address asks for, and what of that cannot be; whether there may be images of the reader's `own`.
fn read_link(query: Option<String>, own: bool) -> (PageState, Vec<ConfigError>) {
    let query = query.or_else(|| window().location().search().ok()).unwrap_or_default();
    let (mut link, mut errors) = PageState::parse(&query);
    errors.extend(link.settle_data(own));
    errors.extend(link.settle_language(&language::languages()));
    (link, errors)
}

/// Whether the reader wants nothing to move.
fn still() -> bool {
    window().match_media(STILL).ok().flatten().is_some_and(|media| media.matches())
}

/// What the page does instead of a value that it cannot take.
fn running_with(value: &str) -> String {
    fill("alert.running-with", &[("value", value)])
}

impl Page {
    /// Starts the worker.
    fn hire(self: &Rc<Self>) {
        let (listener, mourner) = (self.clone(), self.clone());
        let hear = move |report: super::protocol::Report| {
            if let Happening::Saved { file } = &report.event {
                return run_file::give(file, &listener.state.borrow());
            }
            let settings = || (listener.query(), listener.state.borrow().pending());
            let (query, pending) = settings();
            let slight = matches!(report.event, Happening::Progress { .. } | Happening::Loading { .. });
            let stale = if slight { Stale::Progress } else { Stale::Everything };
            let news = (report.run == listener.state.borrow().number()).then(|| report.event.clone());
            let commands = listener.state.borrow_mut().hear(report, now());
            if let Some(Happening::Images { .. }) = &news {
                listener.given.replace(listener.state.borrow().own.clone());
                listener.settle();
            }
            listener.send(&commands);
            listener.tell_host(news.as_ref());
            let (query_now, pending_now) = settings();
            if query_now != query {
                listener.push(); // those of a file that was opened
            }
            if (query_now, pending_now) != (query, pending) {
                listener.settle();
            }
            listener.refresh(stale);
        };
        let mourn = move |reason: String| {
            mourner.worker.take();
            let command = mourner.state.borrow_mut().lose(reason.clone());
            match command {
                Some(command) => mourner.send(&[command]),
                None => mourner.fail("error.worker", &reason),
            }
            mourner.refresh(Stale::Everything);
        };
        self.given.take();
        match WorkerLink::start(&self.session, hear, mourn) {
            Ok(worker) => drop(self.worker.replace(Some(worker))),
            Err(error) => self.fail("error.worker", &error.as_string().unwrap_or_default()),
        }
    }

    fn fail(self: &Rc<Self>, key: &str, reason: &str) {
        let message = fill(key, &[("reason", reason)]);
        self.state.borrow_mut().fail(message.clone());
        self.tell_host(Some(&Happening::Failed { message }));
        self.refresh(Stale::Everything);
    }

    /// Changes the state, and sends the worker what follows from it.
    fn obey(self: &Rc<Self>, change: impl FnOnce(&mut State) -> Vec<Command>) {
        let commands = change(&mut self.state.borrow_mut());
        self.send(&commands);
        self.refresh(Stale::Everything);
    }

    fn send(self: &Rc<Self>, commands: &[Command]) {
        if self.worker.borrow().is_none() && !commands.is_empty() {
            self.hire();
        }
        if let Some(worker) = &*self.worker.borrow() {
            let own = self.state.borrow().own.clone();
            if let Some(new) = own.as_ref().filter(|_| !images::same(own.as_ref(), self.given.borrow().as_ref())) {
                worker.send(&Command::Images { images: Box::new(new.images.clone()) });
                self.given.replace(own);
            }
            commands.iter().for_each(|command| worker.send(command));
        }
    }

    /// Renders at the next frame. Browsers give hidden pages no frames, so these draw nothing.
    fn refresh(self: &Rc<Self>, stale: Stale) {
        if self.stale.get() == Stale::Nothing {
            let page = self.clone();
            let frame = Closure::once_into_js(move || page.render());
            if window().request_animation_frame(frame.unchecked_ref()).is_err() {
                return;
            }
        }
        self.stale.set(self.stale.get().max(stale));
    }

    fn render(self: &Rc<Self>) {
        let now = now();
        let stale = self.stale.replace(Stale::Nothing);
        let trains = self.state.borrow().stage == Stage::Training;
        if stale == Stale::Motion && trains && now - self.moved.get() < MOTION_MS {
            return self.refresh(stale);
        }
        self.moved.set(now);
        let (mut state, mut figures) = (self.state.borrow_mut(), self.figures.borrow_mut());
        let stale = if state.advance(now) { Stale::Everything } else { stale };
        let gliding = if stale == Stale::Everything {
            render::all(&state);
            tour::render(&state);
            let gliding = figures.draw(&mut state, now, still(), trains);
            reading::render(&state, &figures);
            predict::render(&state, &figures, &self.guessing);
            self.robustness.offer(&state, figures.theme());
            self.features.offer(&state, figures.theme());
            self.summarize(&state);
            gliding
        } else {
            render::progress(&state);
            figures.glide(&state, now, trains)
        };
        if gliding || state.player.is_some() {
            self.refresh(Stale::Motion);
        }
    }

    fn train(self: &Rc<Self>) {
        if self.images.postpones() || self.awaits_images() {
            return;
        }
        self.obey(State::train);
        self.push();
        self.replace(); // the entry says that the run was started
        self.settle();
    }

    fn reset(self: &Rc<Self>) {
        self.obey(|state| {
            state.started = false;
            vec![state.configure()]
        });
        self.replace();
        self.settle();
    }

    /// A history entry for the settings as they are, unless the last one is theirs.
    fn push(&self) {
        let query = self.query();
        if *self.pushed.borrow() != query {
            // Fails in sandboxed iframes, where the page goes on without a history. Sliders have replaced the entry's address: it gets its own back.
            let before = self.pushed.borrow().clone();
            let _ = window().history().and_then(|history| {
                history.replace_state_with_url(&self.entry(), "", Some(&before))?;
                history.push_state_with_url(&self.entry(), "", Some(&query))
            });
            self.pushed.replace(query);
        }
    }

    /// The settings in the address bar, without a new entry.
    fn replace(&self) {
        let _ = window().history().and_then(|history| history.replace_state_with_url(&self.entry(), "", Some(&self.query())));
    }

    /// The query, or the bare path if there is none to give.
    fn query(&self) -> String {
        let query = self.state.borrow().page.to_query();
        if query.is_empty() { window().location().pathname().unwrap_or_default() } else { format!("?{query}") }
    }

    /// Shows the settings in the form: only after they changed, so that nothing moves under the reader's hands.
    fn settle(&self) {
        let state = self.state.borrow();
        controls::render(&state);
        self.settle_images();
        looks::render(&state.page);
        view::render(&state);
        self.minority.settle(&state.page.minority);
        self.sweeps.settle(&state.page.sweep, &state.page.config, state.own.as_ref());
    }

    fn listen(self: &Rc<Self>) {
        self.on("train", "click", |page, _| page.train());
        self.on("pause", "click", |page, _| page.obey(State::pause));
        self.on("step", "click", |page, _| {
            if !page.awaits_images() {
                page.obey(State::step);
                page.settle();
            }
        });
        self.on("reset", "click", |page, _| page.reset());
        self.on("new-seed", "click", |page, _| page.new_seed());
        self.on("settings", "change", |page, event| page.change(event.target()));
        self.on("settings", "input", |_, event| {
            if let Some(Ok(slider)) = event
                .target()
                .map(EventTarget::dyn_into::<HtmlInputElement>)
                .filter(|input| input.as_ref().is_ok_and(|i| i.type_() == "range"))
            {
                controls::preview(&slider);
            }
        });
        for form in ["settings", "presets"] {
            // Enter in a field submits a form; there is nowhere to submit it to.
            self.on(form, "submit", |_, event| event.prevent_default());
        }
        self.on("preset", "change", |page, _| {
            let id = find::<HtmlSelectElement>("preset").value();
            page.obey(|state| state.choose(&id));
            page.push();
            page.settle();
        });
        self.on("play", "click", |page, _| {
            page.state.borrow_mut().play();
            page.refresh(Stale::Everything);
        });
        self.on("ghosts", "click", |page, event| {
            if let Some(at) = ghosts::clicked(event.target(), "data-ghost") {
                let mut state = page.state.borrow_mut();
                state.past.remove(at);
                ghosts::render(&state);
                ghosts::focus();
                page.refresh(Stale::Everything);
            }
        });
        self.on("scrub", "input", |page, _| {
            page.state.borrow_mut().scrub(find::<HtmlInputElement>("scrub").value_as_number());
            page.refresh(Stale::Everything);
        });
        for twin in ["fuzziness", "records", "cosines"] {
            if let Some(details) = find::<Element>(twin).closest("details").ok().flatten() {
                let page = self.clone();
                on(&details, "toggle", move |_: Event| page.refresh(Stale::Everything));
            }
        }
        for sign in ["pointermove", "pointerdown", "keydown"] {
            let page = self.clone();
            on(&window(), sign, move |_: Event| {
                let commands = page.state.borrow_mut().prepare();
                page.send(&commands);
            });
        }
        let page = self.clone();
        on(&window(), "popstate", move |_: Event| page.revisit());
        enable::listen();
        language::listen(self);
        epochs::listen(self);
        export::listen(self);
        images::listen(self);
        looks::listen(self);
        means::listen(self);
        predict::listen(self);
        compare::listen(self);
        links::listen(self);
        reading::listen(self);
        reported::listen(self);
        run_file::listen(self);
        session::listen(self);
        share::listen(self);
        shortcuts::listen(self);
        tour::listen(self);
        view::listen(self);
        self.listen_to_minority();
        self.listen_to_sweeps();
        self.watch_size_and_theme();
    }

    fn on(self: &Rc<Self>, id: &str, event: &str, action: impl Fn(&Rc<Self>, Event) + 'static) {
        let page = self.clone();
        on(&find::<Element>(id), event, move |event| action(&page, event));
    }

    fn watch_size_and_theme(self: &Rc<Self>) {
        let page = self.clone();
        let resized = Closure::<dyn Fn()>::new(move || {
            page.redraw_sections();
            page.refresh(Stale::Everything);
        });
        if let Ok(observer) = ResizeObserver::new(resized.into_js_value().unchecked_ref()) {
            observer.observe(&find::<Element>("curve"));
            observer.observe(&find::<Element>("history"));
            observer.observe(&find::<Element>("simplex"));
            observer.observe(&find::<Element>("sweep-measures"));
            observer.observe(&find::<Element>("epochs-head"));
            observer.observe(&compare::element());
        }
        let page = self.clone();
        on(&window(), "resize", move |_: Event| page.refresh(Stale::Everything)); // another devicePixelRatio
        for query in LOOKS {
            let Ok(Some(media)) = window().match_media(query) else { continue };
            let page = self.clone();
            on(&media, "change", move |_: Event| {
                page.recolor();
                page.refresh(Stale::Everything);
            });
        }
        if let Ok(Some(media)) = window().match_media(STILL) {
            let page = self.clone();
            on(&media, "change", move |_: Event| {
                page.state.borrow_mut().rest(still());
                page.settle();
                page.refresh(Stale::Everything);
            });
        }
    }

    /// A control of the settings changed.
    fn change(self: &Rc<Self>, target: Option<EventTarget>) {
        let wish = controls::read(target, &self.state.borrow().page.config);
        let lacking = self.state.borrow().own.is_none();
        if let Some(wish) = wish {
            if lacking && (wish.key, &wish.text[..]) == ("dataset", "own") {
                return self.offer_images();
            }
            self.obey(|state| state.change(&wish.control, wish.key, &wish.text));
            self.replace();
            self.settle();
        }
    }

    fn new_seed(self: &Rc<Self>) {
        // Fails on no known browser; then the old seed stays.
        if let Ok(seed) = getrandom::u32() {
            self.obey(|state| state.change("seed", "seed", &seed.to_string()));
            self.replace();
            self.settle();
        }
    }

    /// The reader went back or forward.
    fn revisit(self: &Rc<Self>) {
        let own = self.state.borrow().own.is_some();
        let (link, errors) = read_link(None, own);
        self.recolor(); // the link may name another theme
        let (before, now) = (self.state.borrow().page.tour, link.tour);
        self.obey(|state| {
            let commands = state.revisit(link);
            state.blame(&errors, running_with);
            commands
        });
        self.pushed.replace(self.query());
        self.settle();
        if before != now {
            self.arrive_in_tour(true);
        }
        self.speak();
    }
}
