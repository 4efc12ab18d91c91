//! Writes the state into the document: numbers, words, buttons, tables. The figures have their own file.

use super::dom::{create, document, find, root, set, show, show_number};
use super::enable::enable;
use super::format::{amount, epoch, pearson, percent, rho, time};
use super::layers;
use super::stage::Stage;
use super::state::State;
use super::strings::{fill, sentences, text};
use super::verdict;
use crate::experiment::{Record, Split};
use crate::web::protocol::{Fallback, Processor};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlDetailsElement, HtmlElement, HtmlInputElement};

/// Shows how far the run is: cheap, so that it can follow every progress event.
pub fn progress(state: &State) {
    let (run, done) = (state.run.as_ref().map(|run| run.epochs), state.shown_epoch());
    let run = run.or_else(|| state.recorded.as_ref().map(|_| state.page.config.total_epochs()));
    // Whole epochs while they run: hundredths that change ten times a second tell nothing.
    let running = state.stage == Stage::Training && state.scrubbed.is_none() && state.player.is_none();
    show_number(&find("epoch"), run.map(|_| done), |done| epoch(if running { done.floor() } else { done }));
    let epochs = run.map_or(0.0, f64::from);
    let bar = find::<Element>("progress");
    set(&bar, "max", Some(&epochs.max(1.0).to_string()));
    let trained = if state.recorded.is_some() { done } else { state.epoch };
    set(&bar, "value", Some(&trained.min(epochs).to_string()));
    show(&find("left"), &left(state));
    show(&find("badge"), &badge(state));
    let slow = state.run.as_ref().is_some_and(|run| run.processor.software);
    set(&find("badge"), "data-pace", slow.then_some("slow"));
}

fn left(state: &State) -> String {
    if let Some(recorded) = &state.recorded {
        let epochs = recorded.last().map_or(0.0, |record| record.epoch);
        return fill("recorded.left", &[("epochs", &epoch(epochs)), ("seed", &state.page.config.seed.to_string())]);
    }
    if let (Stage::Loading, Some(bytes)) = (state.stage, state.loaded) {
        return fill("left.images", &[("kilobytes", &amount((bytes / 1000.0).ceil()))]);
    }
    let Some(run) = &state.run else { return text(if state.stage == Stage::Failed { "left.nothing" } else { "left.loading" }) };
    let (done, epochs, seed) = (epoch(state.epoch.floor()), run.epochs.to_string(), run.config.seed.to_string());
    let (key, time) = match (state.stage, state.seconds_left()) {
        (Stage::Loading, _) => ("left.loading", None),
        (Stage::Ready, _) => ("left.ready", None),
        (Stage::Training, None) => ("left.starting", None),
        (Stage::Training, Some(seconds)) => (if state.player.is_some() { "left.slow" } else { "left.training" }, Some(time(seconds))),
        (Stage::Paused, _) => ("left.paused", None),
        (Stage::Finished, _) => ("left.finished", None),
        (Stage::Failed, _) => ("left.failed", None),
    };
    fill(key, &[("time", &time.unwrap_or_default()), ("epoch", &done), ("epochs", &epochs), ("seed", &seed)])
}

fn badge(state: &State) -> String {
    let Some(run) = &state.run else { return String::new() };
    let Processor { adapter, software, .. } = &run.processor;
    let mut badge = engine(&run.processor);
    if let Some(steps) = state.speed {
        let points = steps * run.points_in_epoch as f64 / run.steps_in_epoch as f64;
        badge = fill("badge.speed", &[("engine", &badge), ("speed", &amount(points / 1000.0))]);
    }
    if *software && run.processor.engine == "cpu" { fill("badge.unused", &[("badge", &badge), ("adapter", adapter)]) } else { badge }
}

/// What the page calls an engine.
pub fn engine(processor: &Processor) -> String {
    let key = match (&*processor.engine, &*processor.adapter) {
        ("webgpu", "") => "badge.webgpu",
        ("webgpu", _) => "badge.adapter",
        _ => "badge.cpu",
    };
    fill(key, &[("adapter", &processor.adapter)])
}

/// What went wrong under the run without stopping it, in a sentence each: a worker was lost, the GPU does not compute as it was asked to, or
/// nothing is stored.
fn mishaps(state: &State) -> String {
    let Some(run) = &state.run else { return String::new() };
    let fell = |key, Fallback { reason, lost, back }: &Fallback| {
        fill(key, &[("reason", reason), ("lost", &epoch(lost.floor())), ("back", &epoch(back.floor()))])
    };
    let said = |key, reason: &str| if reason.is_empty() { String::new() } else { fill(key, &[("reason", reason)]) };
    let worker = match &run.lost {
        Some(worker) if worker.lost > 0.0 => fell(if worker.back > 0.0 { "worker.lost" } else { "worker.lost.again" }, worker),
        _ => String::new(),
    };
    let engine = match &run.fallback {
        Some(gpu) => fell("engine.lost", gpu),
        None => said("engine.refused", &run.processor.refused),
    };
    [worker, engine, said("run.unstored", &run.unstored)].iter().fold(String::new(), |all, one| sentences(&all, one))
}

/// Shows everything else but the figures.
pub fn all(state: &State) {
    let data = root().dataset();
    let engine = state.run.as_ref().map_or("", |run| run.processor.engine.as_str());
    let mode = state.page.config.text("measure").unwrap_or_default();
    let (source, stage) = match (&state.recorded, state.stage) {
        (Some(_), Stage::Loading) => ("recorded", Stage::Ready),
        (Some(_), stage) => ("recorded", stage),
        (None, stage) => ("live", stage),
    };
    set(&find("whole"), "href", Some(&format!("?{}", state.whole().to_query())));
    for (name, value) in [("source", source), ("mode", &mode), ("engine", engine), ("state", stage.name())] {
        // Fails for names with a hyphen before a letter only.
        let _ = data.set(name, value);
    }
    find::<HtmlElement>("recorded").set_hidden(state.recorded.is_none() || state.drawing());
    buttons(state);
    super::ghosts::render(state);
    super::autostop::render(state);
    super::view::unrecorded(state);
    imbalance(state);
    show(&find("alert"), &state.alert);
    show(&find("engine-notice"), &mishaps(state));
    numbers(state);
    scrubber(state);
    playback(state);
    super::means::render(state);
    verdict::render(state);
    fuzziness_table(state);
    super::compare::render(state);
    records_table(state);
    super::epochs::render(state);
    progress(state);
}

fn buttons(state: &State) {
    let (train, pause) = (find::<HtmlButtonElement>("train"), find::<HtmlButtonElement>("pause"));
    let training = state.stage == Stage::Training;
    if train.hidden() != training {
        // The one button takes the other's place, and the keyboard's focus with it.
        let (shown, gone) = if training { (&pause, &train) } else { (&train, &pause) };
        let focused = document().active_element().is_some_and(|element| element == *gone.unchecked_ref::<Element>());
        shown.set_hidden(false);
        gone.set_hidden(true);
        if focused {
            let _ = shown.focus();
        }
    }
    let nothing = state.run.is_none();
    // Over the recording a click may come before its run: the worker takes them in order.
    let early = nothing && state.recorded.is_none();
    enable(&train, !(early && state.stage == Stage::Loading));
    enable(&find("step"), !early && !training);
    enable(&find("reset"), !nothing && (state.epoch > 0.0 || training));
    enable(&find("save-run"), !nothing && state.recorded.is_none());
    let verb = match state.stage {
        _ if state.recorded.is_some() => "train.live",
        _ if state.pending() => "train.new",
        Stage::Paused => "train.continue",
        Stage::Finished => "train.again",
        _ => "train",
    };
    show(&find("train-text"), &text(verb));
}

/// What has come of the imbalance: whole points, and not more than there are.
fn imbalance(state: &State) {
    let counts = state.run.as_ref().map_or(&[][..], |run| &run.class_counts);
    let (most, least) = (counts.iter().max(), counts.iter().min().filter(|&&least| least > 0));
    let uneven = most.zip(least).filter(|(most, least)| most > least).map(|(&most, &least)| {
        let ratio = amount(most as f64 / least as f64);
        fill("imbalance.effective", &[("most", &most.to_string()), ("least", &least.to_string()), ("ratio", &ratio)])
    });
    show(&find("effective"), &uneven.unwrap_or_default());
}

/// The button that plays the records.
fn playback(state: &State) {
    let playing = state.playing();
    for button in ["play", "epochs-play"] {
        enable(&find(button), state.seen().records().len() >= 2);
    }
    for part in ["playback", "epochs-playback"] {
        set(&find(part), "data-playing", playing.then_some(""));
    }
    for text_of in ["play-text", "epochs-play-text"] {
        show(&find(text_of), &text(if playing { "play.hold" } else { "play" }));
    }
}

fn numbers(state: &State) {
    let record = state.record();
    let split = record.map(|record| state.split(record));
    let law = split.and_then(|split| split.law.as_ref());
    show_number(&find("rho"), law.map(|law| law.rho), rho);
    show_number(&find("pearson"), law.map(|law| law.pearson), pearson);
    show_number(&find("half-life"), law.and_then(|law| law.half_life), amount);
    show_number(&find("fuzziness-first"), split.and_then(|split| *split.fuzziness.first()?), amount);
    show_number(&find("fuzziness-last"), split.and_then(|split| *split.fuzziness.last()?), amount);
    show_number(&find("loss"), record.map(|record| record.loss), amount);
    show_number(&find("train-accuracy"), record.map(|record| record.train_accuracy), share);
    show_number(&find("test-accuracy"), record.and_then(|record| record.test_accuracy), share);
}

/// A share in percent, with its sign.
pub fn share(value: f64) -> String {
    format!("{}\u{202f}%", percent(value))
}

/// The slider is the timeline's axis: epochs.
fn scrubber(state: &State) {
    let slider = find::<HtmlInputElement>("scrub");
    let shown = state.record().map_or(0.0, |record| record.epoch);
    enable(&slider, state.seen().records().len() >= 2);
    slider.set_max(&state.last_epoch().to_string());
    slider.set_value_as_number(shown);
    super::controls::color(&slider);
    set(&slider, "aria-valuetext", Some(&epoch(shown)));
}

/// A table cell, `name` its data-split or nothing.
pub fn cell(row: &Element, split: Option<&str>, value: Option<f64>, text: impl FnOnce(f64) -> String) {
    let cell = create("td");
    show_number(&cell, value, text);
    if let Some(split) = split {
        set(&cell, "data-split", Some(split));
    }
    let _ = row.append_child(&cell);
}

/// The first cell of a row, which names it.
pub fn heading(row: &Element, text: &str) {
    let heading = create("th");
    set(&heading, "scope", Some("row"));
    show(&heading, text);
    let _ = row.append_child(&heading);
}

/// The empty body of a table.
pub fn body(table: &str) -> Option<Element> {
    let body = document().query_selector(&format!("#{table} tbody")).ok()??;
    body.set_text_content(None);
    Some(body)
}

fn fuzziness_table(state: &State) {
    let Some(body) = body("fuzziness") else { return };
    let Some(record) = state.record() else { return };
    let at = |split: Option<&Split>, layer: usize| split.and_then(|split| *split.fuzziness.get(layer)?);
    let train = state.split(record);
    find::<HtmlElement>("guess-column").set_hidden(state.guess.is_none());
    for layer in 0..train.fuzziness.len() {
        let row = create("tr");
        set(&row, "data-layer", Some(&layer.to_string()));
        heading(&row, &layers::name(state.shown(), layer));
        cell(&row, Some("train"), at(Some(train), layer), amount);
        cell(&row, Some("test"), at(record.test.as_ref(), layer), amount);
        if let Some(guess) = &state.guess {
            cell(&row, Some("guess"), guess.fuzziness.get(layer).copied().flatten(), amount);
        }
        let _ = body.append_child(&row);
    }
}

/// The table below the timeline; its many rows are written only while it is open.
fn records_table(state: &State) {
    let open = find::<HtmlElement>("records").closest("details").ok().flatten().and_then(|twin| twin.dyn_into::<HtmlDetailsElement>().ok());
    let Some(body) = body("records").filter(|_| open.is_some_and(|twin| twin.open())) else { return };
    for record in state.seen().records() {
        let row = create("tr");
        let Record { loss, train_accuracy, test_accuracy, .. } = record;
        let law = state.split(record).law.as_ref();
        heading(&row, &epoch(record.epoch));
        cell(&row, None, Some(*loss), amount);
        cell(&row, None, Some(*train_accuracy), share);
        cell(&row, None, *test_accuracy, share);
        cell(&row, None, law.map(|law| law.rho), rho);
        cell(&row, None, law.map(|law| law.pearson), pearson);
        let _ = body.append_child(&row);
    }
}
