//! What moves the picture over the epochs: the recording, playing a run back, and slow motion while it trains.

use super::dom::document;
use super::single;
use super::stage::Stage;
use super::state::State;
use crate::chart::{DAWN, Playhead, ln_range};
use crate::experiment::{Config, EngineChoice, History, Pace, Recording};
use crate::web::protocol::unpack;
use js_sys::JSON;
use wasm_bindgen::JsCast;
use web_sys::SvgsvgElement;

/// The default run, as `cargo xtask recording` wrote it.
const RECORDING: &str = include_str!("../../../www/recording.json");

/// Why the picture moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// Records that are there already are played.
    Playback,
    /// The first epochs of a run in training are slowed down.
    Training,
}

/// A picture that moves.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    head: Playhead,
    cause: Cause,
}

impl Player {
    /// Where the picture stands.
    pub fn epoch(&self) -> f64 {
        self.head.epoch
    }
}

/// How long the opening picture has been playing the recording, in milliseconds.
fn opening_ms() -> f64 {
    let opening = document().get_element_by_id("opening").and_then(|opening| opening.dyn_into::<SvgsvgElement>().ok());
    opening.map_or(0.0, |opening| f64::from(opening.get_current_time()) * 1000.0)
}

impl State {
    /// Shows the run that the page carries, or else the default run, as it was recorded, until a live run takes its place: playing, or where
    /// nothing may move its end. Nothing to show if the settings are others.
    pub fn greet(&mut self) {
        self.show_recording();
        let head = Playhead::after(opening_ms(), f64::from(self.page.config.total_epochs()));
        self.player = self.recorded.as_ref().filter(|_| !self.still).map(|_| Player { head, cause: Cause::Playback });
    }

    /// Shows the recording of the run that the settings are, if there is one; a live run takes its place once it is started.
    pub fn show_recording(&mut self) {
        let config = Config { engine: EngineChoice::Auto, ..self.page.config.clone() };
        let same = |of: &Config| Config { engine: EngineChoice::Auto, ..of.clone() } == config;
        let carried = single::recording().filter(|(of, _)| same(of)).map(|(_, recording)| recording);
        // A recording that cannot be read is as good as none: the page starts with the live run.
        let default = || JSON::parse(RECORDING).and_then(unpack::<Recording>).ok();
        let Some(recording) = carried.or_else(|| default().filter(|_| config == Config::default())) else { return };
        self.recorded = Some(recording.history(&config));
        // No axis moves while a run plays, and of this one the end is known.
        let records = self.recorded.iter().flat_map(History::records);
        self.range = records.fold(self.range, |range, record| ln_range(range, record.test.iter().chain([self.split(record)])));
    }

    /// Plays what is recorded from the epoch shown on, from the end again from the start; or holds where it plays.
    pub fn play(&mut self) {
        let shown = self.record().map_or(0.0, |record| record.epoch);
        let last = self.seen().last().map_or(0.0, |record| record.epoch);
        if self.playing() {
            self.player = None;
            self.scrubbed = (shown < last).then_some(shown);
        } else {
            self.player = Some(Player { head: Playhead::at(if shown < last { shown } else { 0.0 }), cause: Cause::Playback });
        }
    }

    /// Plays what is recorded from its start, or where nothing may move goes there.
    pub fn play_from_start(&mut self) {
        self.seek(Some(0.0));
        if !self.still {
            self.play();
        }
    }

    /// The reader wants nothing to move, or does not mind any more: what plays stops.
    pub fn rest(&mut self, still: bool) {
        self.still = still;
        self.player.take_if(|_| still);
    }

    /// Whether records that are there already are played.
    pub fn playing(&self) -> bool {
        self.player.is_some_and(|player| player.cause == Cause::Playback)
    }

    /// Whether the picture takes its time over the first epochs.
    pub fn watches(&self) -> bool {
        self.page.view.pace.map_or(!self.still, |pace| pace == Pace::Watch)
    }

    /// Slows a run that trains on from `epoch` down where the line appears.
    pub fn follow(&mut self, epoch: f64) {
        self.player = (self.watches() && epoch < DAWN).then(|| Player { head: Playhead::at(epoch), cause: Cause::Training });
    }

    /// Starts the picture anew with a fresh run.
    pub fn rewind(&mut self) {
        if let Some(player) = &mut self.player {
            player.head = Playhead::at(0.0);
        }
    }

    /// Moves the picture on to `now` milliseconds. Returns whether it shows something else.
    pub fn advance(&mut self, now: f64) -> bool {
        let Some(mut player) = self.player else { return false };
        let before = self.record().map(|record| record.epoch);
        let end = self.seen().last().map_or(0.0, |record| record.epoch);
        let tempo = if player.cause == Cause::Playback { self.page.view.tempo } else { 1.0 };
        player.head.advance(now, tempo, self.last_epoch(), end);
        let over = match player.cause {
            Cause::Playback => player.head.epoch >= end,
            // A run that stops shows at once where it stopped.
            Cause::Training => player.head.epoch >= DAWN || matches!(self.stage, Stage::Paused | Stage::Finished | Stage::Failed),
        };
        self.player = (!over).then_some(player);
        if over {
            self.scrubbed = None;
        }
        over || before != self.record().map(|record| record.epoch)
    }

    /// The stage that the words speak of: what the picture shows, not what the worker does.
    pub fn mood(&self) -> Stage {
        match (self.player, self.scrubbed) {
            (Some(_), _) => Stage::Training,
            (None, None) if self.recorded.is_some() => Stage::Finished,
            _ => self.stage,
        }
    }

    /// The epoch that the picture shows.
    pub fn shown_epoch(&self) -> f64 {
        let away = self.recorded.is_some() || self.player.is_some() || self.scrubbed.is_some();
        self.record().filter(|_| away).map_or(self.epoch, |record| record.epoch)
    }
}
