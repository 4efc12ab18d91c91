//! What the page knows: the link's settings, the run in the worker, its history. Events change it, `render` shows it.

use super::clock::Clock;
use super::ghosts::Past;
use super::images::{Own, same};
use super::player::Player;
use super::predict::Guess;
use super::stage::Stage;
use crate::chart::{Camera, LN_RANGE};
use crate::experiment::{
    BatchNormMode, Config, ConfigError, DatasetName, EngineChoice, History, PageState, Record, Split, preset, presets,
};
use crate::web::protocol::{Command, Event, Fallback, Processor, Report};
use std::rc::Rc;

/// The run that the figures show.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its number, by which the worker knows it.
    pub number: u32,
    /// What it is made of.
    pub config: Config,
    /// What computes it.
    pub processor: Processor,
    /// Why it is not computed by the GPU any more, if one failed.
    pub fallback: Option<Fallback>,
    /// The worker that was lost last, if one was.
    pub lost: Option<Fallback>,
    /// Why the browser keeps no copy of it; empty if it does.
    pub unstored: String,
    /// Epochs that the config asks for.
    pub epochs: u32,
    /// Training steps in an epoch.
    pub steps_in_epoch: usize,
    /// Training points visited in an epoch.
    pub points_in_epoch: usize,
    /// The first epochs at which the learning rate changes.
    pub rate_steps: Vec<u32>,
    /// Training points of each class.
    pub class_counts: Vec<usize>,
    /// The reader's own images that there were for it.
    pub own: Option<Rc<Own>>,
}

/// The run asked for last.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    number: u32,
    config: Config,
    pub(super) own: Option<Rc<Own>>,
    origin: Origin,
}

/// Where a run comes from.
#[derive(Clone, Debug, PartialEq)]
enum Origin {
    /// The settings.
    Settings,
    /// The page as it was before it was loaded again.
    Session(Memory),
    /// A file.
    File,
    /// A worker that is gone: what it had stored.
    Lost(Fallback),
}

/// What a page that is loaded again remembers beside its link and its run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// Whether the run was ever started.
    pub started: bool,
    /// The epoch that the reader had gone back to.
    pub scrubbed: Option<f64>,
    /// Whether it trained, or waited to be seen again.
    pub going: bool,
}

/// All that the page shows.
#[derive(Clone, Debug)]
pub struct State {
    /// The settings, as the address bar has them.
    pub page: PageState,
    /// How far the run is.
    pub stage: Stage,
    /// What went wrong; empty if nothing did.
    pub alert: String,
    /// The reader's own images, once there are some.
    pub own: Option<Rc<Own>>,
    /// Whether the reader wants to choose images, but has none.
    pub choosing: bool,
    /// The control whose value was not accepted, and why.
    pub rejected: Option<(String, ConfigError)>,
    /// The run in the worker; none before the first.
    pub run: Option<Shown>,
    /// Its records.
    pub history: History,
    /// The epoch that the reader went back to.
    pub scrubbed: Option<f64>,
    /// Epochs trained.
    pub epoch: f64,
    /// Training steps a second.
    pub speed: Option<f64>,
    /// Bytes of images that are there for a run that is loading.
    pub loaded: Option<f64>,
    /// The default run as it was recorded, until a live one takes its place.
    pub recorded: Option<History>,
    /// What moves the picture over the epochs; none while it shows what `scrubbed` says.
    pub player: Option<Player>,
    /// The epoch at which the run was stopped because its fit had settled: once is enough.
    pub settled: Option<f64>,
    /// The last runs, the latest first.
    pub past: Vec<Past>,
    /// The curve that the reader expects.
    pub guess: Option<Guess>,
    /// What is shown while the reader draws it.
    blank: History,
    /// What the y axis of the decay curve has come to span.
    pub range: (i32, i32),
    /// The layer that the reader reads.
    pub read: Option<usize>,
    /// From where the class means are seen; None is from where they are at first.
    pub camera: Option<Camera>,
    /// Whether the reader has started the run.
    pub started: bool,
    /// Whether the run is to be trained: it trains, or waits to be seen again.
    pub going: bool,
    /// Whether somebody can see the page, or it trains unseen.
    pub attended: bool,
    /// Whether the reader wants nothing to move.
    pub still: bool,
    clock: Clock,
    pub(super) asked: Asked,
    /// Runs asked for so far: the next one's number is higher.
    numbers: u32,
}

impl State {
    /// The page as its link describes it, before its first run.
    pub fn new(page: PageState) -> Self {
        let config = page.config.clone();
        let attended = page.embed.is_none(); // an embed has yet to find out
        Self {
            page,
            attended,
            stage: Stage::Loading,
            alert: String::new(),
            own: None,
            choosing: false,
            rejected: None,
            run: None,
            history: History::default(),
            scrubbed: None,
            epoch: 0.0,
            speed: None,
            loaded: None,
            recorded: None,
            player: None,
            settled: None,
            past: Vec::new(),
            guess: None,
            blank: History::default(),
            range: LN_RANGE,
            read: None,
            camera: None,
            started: false,
            going: false,
            still: false,
            clock: Clock::default(),
            asked: Asked { number: 0, config, own: None, origin: Origin::Settings },
            numbers: 0,
        }
    }

    /// The first run: what `memory` tells of, if the page is loaded again and had one that was started. While the recording plays there is none before `prepare`.
    pub fn arrive(&mut self, memory: Option<Memory>) -> Vec<Command> {
        // Own images are what the session has kept.
        if let Some(memory) = memory.filter(|memory| memory.started || self.page.config.dataset == DatasetName::Own) {
            let (run, config) = self.ask(Origin::Session(memory));
            return vec![Command::Recall { run, config }];
        }
        self.greet();
        if self.recorded.is_some() { Vec::new() } else { vec![self.configure()] }
    }

    /// Makes the first run, unless there was one: the reader is there, and may start it. It loads images that nobody needs who only looks.
    pub fn prepare(&mut self) -> Vec<Command> {
        if self.asked.number > 0 {
            return Vec::new();
        }
        let (run, config) = self.ask(Origin::Settings);
        vec![Command::Configure { run, config, film: true }]
    }

    /// Says what the link got wrong, and what the page uses instead.
    pub fn blame(&mut self, errors: &[ConfigError], running_with: impl Fn(&str) -> String) {
        let message = |error: &ConfigError| match self.page.config.text(error.key()) {
            Ok(used) => format!("{error} {}", running_with(&used)),
            Err(_) => error.to_string(),
        };
        let messages = errors.iter().map(message).collect::<Vec<_>>();
        if !messages.is_empty() {
            self.alert = messages.join("\n");
        }
    }

    /// Another link: the reader went back or forward.
    pub fn revisit(&mut self, page: PageState) -> Vec<Command> {
        self.page = page;
        self.choosing = false;
        self.settle_classes();
        self.accept();
        if self.differs() { vec![self.configure()] } else { Vec::new() }
    }

    /// One setting changed, in the link's notation. Nothing changes if it is not accepted, but the page says so.
    pub fn change(&mut self, control: &str, key: &str, text: &str) -> Vec<Command> {
        let before = self.page.config.clone();
        let set = self.page.config.set(key, text.trim());
        if key == "dataset" {
            self.settle_classes();
        }
        match set.and_then(|()| self.check()) {
            Ok(()) => {
                self.choosing &= key != "dataset";
                let mut commands = self.apply();
                commands.extend(self.move_run());
                commands
            }
            Err(error) => {
                self.page.config = before;
                self.alert = error.to_string();
                self.rejected = Some((control.to_owned(), error));
                Vec::new()
            }
        }
    }

    /// A preset was chosen.
    pub fn choose(&mut self, id: &str) -> Vec<Command> {
        let Some(preset) = preset(id) else { return Vec::new() };
        self.page.preset = Some(preset);
        self.page.config = preset.config.clone();
        self.choosing = false;
        self.apply()
    }

    /// The preset that the settings are, whatever the seed, the measuring and the engine.
    pub fn preset(&self) -> Option<&'static str> {
        let Config { seed, measure, engine, .. } = self.page.config;
        presets().iter().find(|p| Config { seed, measure, engine, ..p.config.clone() } == self.page.config).map(|p| p.id.as_str())
    }

    /// The settings were accepted.
    pub fn accept(&mut self) {
        self.alert.clear();
        self.rejected = None;
    }

    /// Whether the settings ask for another run than the one there is.
    pub fn differs(&self) -> bool {
        self.lacks(&self.page.config)
    }

    /// Whether there is another run than this one. Another engine goes on with the same one.
    pub fn lacks(&self, wanted: &Config) -> bool {
        let engine = EngineChoice::Auto;
        let [wanted, asked] = [wanted, &self.asked.config].map(|config| Config { engine, ..measured(config) });
        let other = wanted.dataset == DatasetName::Own && !same(self.own.as_ref(), self.asked.own.as_ref());
        wanted != asked || other || self.stage == Stage::Failed
    }

    /// Moves the run to the engine that the settings ask for, unless it was asked for already.
    fn move_run(&mut self) -> Option<Command> {
        let (run, engine) = (self.asked.number, self.page.config.engine);
        let moves = run > 0 && engine != self.asked.config.engine;
        self.asked.config.engine = engine;
        moves.then_some(Command::Move { run, engine })
    }

    /// Whether a run is under way that a change of the settings would lose.
    pub fn under_way(&self) -> bool {
        self.stage == Stage::Training || (self.stage == Stage::Paused && self.epoch > 0.0)
    }

    /// Whether the settings wait for the next run.
    pub fn pending(&self) -> bool {
        self.under_way() && self.differs()
    }

    /// A fresh run if the settings ask for one; while one is under way they wait.
    pub(super) fn apply(&mut self) -> Vec<Command> {
        self.accept();
        if self.differs() && !self.under_way() { vec![self.configure()] } else { Vec::new() }
    }

    /// The whole page, for another tab or another reader: a run that has begun has its engine, which "auto" may choose otherwise there.
    pub fn whole(&self) -> PageState {
        let mut page = PageState { embed: None, hide: Vec::new(), ..self.page.clone() };
        if self.epoch > 0.0 && self.recorded.is_none() {
            page.config.engine = self.made().engine;
        }
        page
    }

    /// What the run that is shown is made of, with the engine that ran: the CPU for the recording.
    pub fn made(&self) -> Config {
        let gpu = self.run.as_ref().is_some_and(|run| run.processor.engine == "webgpu") && self.recorded.is_none();
        Config { engine: if gpu { EngineChoice::Webgpu } else { EngineChoice::Cpu }, ..self.shown().clone() }
    }

    /// A fresh run of the settings.
    pub fn configure(&mut self) -> Command {
        self.alert.clear();
        self.remember_recording();
        self.player = None;
        self.going = false;
        let (run, config) = self.ask(Origin::Settings);
        Command::Configure { run, config, film: true }
    }

    /// The run in a file, once it is accepted.
    pub fn open(&mut self, file: Vec<u8>) -> Vec<Command> {
        self.alert.clear();
        self.going = false;
        let (run, _) = self.ask(Origin::File);
        vec![Command::Open { run, file }]
    }

    /// The run as a file, soon.
    pub fn save(&self) -> Vec<Command> {
        self.run.iter().map(|run| Command::Save { run: run.number }).collect()
    }

    /// The number of the run that was asked for last: events of others are of no interest.
    pub fn number(&self) -> u32 {
        self.asked.number
    }

    /// The number of a run to come, and the config that the settings have for it.
    fn ask(&mut self, origin: Origin) -> (u32, Box<Config>) {
        self.ask_for(Asked { number: 0, config: measured(&self.page.config), own: self.own.clone(), origin })
    }

    fn ask_for(&mut self, asked: Asked) -> (u32, Box<Config>) {
        self.stage = Stage::Loading;
        self.loaded = None;
        self.numbers += 1;
        self.asked = Asked { number: self.numbers, ..asked };
        (self.numbers, Box::new(self.asked.config.clone()))
    }

    /// The worker is gone, which had a run that stood. Another has it from where it was stored, and goes on if it trained; None if there was no
    /// such run, or if it has come no further since the last time: then that would go on for ever.
    pub fn lose(&mut self, reason: String) -> Option<Command> {
        let run = self.run.as_ref().filter(|_| !matches!(self.stage, Stage::Loading | Stage::Failed))?;
        if run.lost.as_ref().is_some_and(|before| self.epoch <= before.lost) {
            return None;
        }
        let origin = Origin::Lost(Fallback { reason, lost: self.epoch, back: 0.0 });
        let (run, config) = self.ask_for(Asked { origin, ..self.asked.clone() });
        Some(Command::Recall { run, config })
    }

    /// Train on, once somebody can see it; from the start again where the run is over.
    pub fn train(&mut self) -> Vec<Command> {
        if !self.attended {
            (self.going, self.started) = (true, true);
            return Vec::new();
        }
        let over = self.run.as_ref().is_some_and(|run| self.epoch >= f64::from(run.epochs));
        let commands = self.start(over, |run| Command::Train { run });
        // A fresh run is loading still.
        self.follow(if self.stage == Stage::Loading { 0.0 } else { self.epoch });
        self.going = true;
        commands
    }

    /// Somebody can see the page, or nobody can any more: then a run waits.
    pub fn attend(&mut self, attended: bool) -> Vec<Command> {
        let before = std::mem::replace(&mut self.attended, attended);
        match (before, attended) {
            (true, false) if self.going => vec![Command::Pause],
            (false, true) if self.going => self.train(),
            _ => Vec::new(),
        }
    }

    /// Train to the end of the epoch, past the last one too.
    pub fn step(&mut self) -> Vec<Command> {
        self.going = false;
        self.start(false, |run| Command::Step { run })
    }

    /// Stop soon.
    pub fn pause(&mut self) -> Vec<Command> {
        self.going = false;
        vec![Command::Pause]
    }

    fn start(&mut self, afresh: bool, command: impl Fn(u32) -> Command) -> Vec<Command> {
        self.scrubbed = None;
        self.recorded = None;
        self.player = None;
        self.conclude_guess();
        self.clock = Clock::default();
        self.started = true;
        // They also differ where the run that they asked for could not be made.
        if afresh || self.asked.number == 0 || self.differs() {
            return vec![self.configure(), command(self.asked.number)];
        }
        // A run that waits for its data is "loading" meanwhile; its first progress will say that it trains.
        if self.stage != Stage::Loading {
            self.alert.clear();
            self.stage = Stage::Training;
        }
        vec![command(self.asked.number)]
    }

    /// Goes back to the record nearest to `epoch`, or where that is the one shown, to the next one on that side.
    pub fn scrub(&mut self, epoch: f64) {
        self.player = None;
        let records = self.seen().records();
        let index = |at: f64| records.iter().position(|record| record.epoch == at);
        let (Some(shown), Some(nearest)) = (self.record(), self.seen().closest(epoch)) else { return };
        let (Some(from), Some(mut to)) = (index(shown.epoch), index(nearest.epoch)) else { return };
        if from == to && epoch > shown.epoch {
            to = (to + 1).min(records.len() - 1);
        } else if from == to && epoch < shown.epoch {
            to = to.saturating_sub(1);
        }
        self.scrubbed = (to + 1 < records.len()).then(|| records[to].epoch);
    }

    /// Goes to the record nearest to `epoch`, or where there is none to the run as it stands.
    pub fn seek(&mut self, epoch: Option<f64>) {
        self.player = None;
        let records = self.seen();
        let nearest = epoch.and_then(|epoch| records.closest(epoch)).map(|record| record.epoch);
        let last = records.last().map(|record| record.epoch);
        self.scrubbed = nearest.filter(|epoch| Some(*epoch) != last);
    }

    /// The end of the epoch axis: the config's, or what was trained beyond it.
    pub fn last_epoch(&self) -> f64 {
        let asked = self.run.as_ref().map_or_else(|| self.page.config.total_epochs(), |run| run.epochs);
        self.seen().last().map_or(0.0, |record| record.epoch).max(f64::from(asked))
    }

    /// A run could not be made. The one before stands as it was: with its settings back in place it goes on.
    fn fall_back(&mut self, message: String) {
        self.fail(message);
        if let Some(run) = &self.run {
            self.asked = Asked { number: run.number, config: run.config.clone(), own: run.own.clone(), origin: Origin::Settings };
            self.stage = Stage::at(self.epoch, run.epochs);
        }
    }

    /// Nothing can go on.
    pub fn fail(&mut self, message: String) {
        self.alert = message;
        self.stage = Stage::Failed;
        self.going = false;
    }

    /// Something happened in the worker, heard at `now` milliseconds.
    pub fn hear(&mut self, Report { run, event }: Report, now: f64) -> Vec<Command> {
        // About a run that another one has replaced; but that one waits for the images, too.
        if run != self.asked.number && !matches!(event, Event::Loading { .. }) {
            return Vec::new();
        }
        match event {
            Event::Ready { config, records, class_counts, processor, epochs, steps_in_epoch, points_in_epoch } => {
                let origin = std::mem::replace(&mut self.asked.origin, Origin::Settings);
                let lost = matches!(origin, Origin::Lost(_));
                if !lost {
                    self.remember(&config);
                }
                self.keep_guess_of(config.hidden.len() + 1);
                let rate = |epoch| config.learning_rate_at(epoch);
                let rate_steps = (1..epochs).filter(|&epoch| rate(epoch) != rate(epoch - 1)).take(4).collect();
                let engine = self.asked.config.engine;
                self.asked.config = Config { engine, ..(*config).clone() };
                self.run = Some(Shown {
                    number: run,
                    config: *config,
                    processor,
                    fallback: None,
                    lost: None,
                    unstored: String::new(),
                    epochs,
                    steps_in_epoch,
                    points_in_epoch,
                    rate_steps,
                    class_counts,
                    own: self.asked.own.clone(),
                });
                self.speed = None;
                self.settled = None;
                self.history = if lost { std::mem::take(&mut self.history).back_to(records) } else { records };
                self.epoch = self.history.last().map_or(0.0, |record| record.epoch);
                self.stage = Stage::at(self.epoch, epochs);
                return self.take_up(origin);
            }
            Event::Images { images } => self.recall_images(*images),
            Event::Loading { bytes } => self.loaded = Some(bytes),
            Event::Stored { refused } => self.run.iter_mut().for_each(|run| run.unstored = refused.clone()),
            Event::Moved { processor, fallback } => {
                self.clock = Clock::default();
                self.speed = None;
                if let Some(back) = fallback.as_ref().map(|fallback| fallback.back) {
                    self.epoch = back;
                }
                if let Some(run) = &mut self.run {
                    (run.processor, run.fallback) = (processor, fallback);
                }
            }
            Event::Progress { epoch, steps_per_second } => {
                self.clock.tick(now, epoch);
                self.stage = Stage::Training;
                self.epoch = epoch;
                self.speed = Some(steps_per_second);
            }
            Event::Record { record } => {
                self.epoch = record.epoch;
                self.history.push(*record);
                return self.stop_if_settled();
            }
            Event::Paused { epoch } => self.stop(Stage::Paused, epoch),
            Event::Finished { epoch } => {
                self.going = false;
                self.stop(Stage::Finished, epoch);
            }
            Event::Saved { .. } => {} // the page gives it to the reader
            Event::Failed { .. } if self.lacks_images() => {
                // The session has lost them: the page goes on with what it has.
                let lost = self.page.settle_data(false);
                let command = self.configure();
                self.blame(&lost, super::running_with);
                return vec![command];
            }
            Event::Failed { message } if self.stage == Stage::Loading && !matches!(self.asked.origin, Origin::Lost(_)) => {
                self.fall_back(message);
            }
            Event::Failed { message } => self.fail(message),
        }
        Vec::new()
    }

    /// Shows a run that has just come to stand.
    fn take_up(&mut self, origin: Origin) -> Vec<Command> {
        if origin == Origin::Settings && self.recorded.is_some() {
            return Vec::new(); // the recording plays on until the reader starts this run
        }
        if let Origin::Lost(fallback) = origin {
            return self.take_up_again(fallback);
        }
        self.range = LN_RANGE;
        self.scrubbed = None;
        match origin {
            Origin::Settings => self.rewind(),
            Origin::File => {
                self.recorded = None;
                self.player = None;
                self.started = self.epoch > 0.0;
                self.page.preset = None;
                self.page.config = self.asked.config.clone();
                self.choosing = false;
                self.rejected = None;
            }
            Origin::Session(memory) if self.epoch > 0.0 => {
                self.started = true;
                let last = self.history.last().map(|record| record.epoch);
                self.scrubbed = memory.scrubbed.filter(|&epoch| Some(epoch) != last && self.history.at(epoch).is_some());
                let mut commands = self.apply(); // the settings may have changed since
                if memory.going && commands.is_empty() {
                    commands = self.train();
                }
                return commands;
            }
            Origin::Session(memory) if !memory.started => self.rewind(),
            // The run was not stored, or not yet: here it is again.
            Origin::Session(_) => return self.train(),
            Origin::Lost(_) => {} // see above
        }
        Vec::new()
    }

    /// The run of a worker that is gone stands again: it goes on if it trained. Nothing else changes for the reader.
    fn take_up_again(&mut self, fallback: Fallback) -> Vec<Command> {
        self.clock = Clock::default();
        if let Some(run) = &mut self.run {
            run.lost = Some(Fallback { back: self.epoch, ..fallback });
        }
        if !(self.going && self.attended) || self.stage == Stage::Finished {
            return Vec::new();
        }
        self.stage = Stage::Training;
        vec![Command::Train { run: self.asked.number }]
    }

    fn stop(&mut self, stage: Stage, epoch: f64) {
        self.stage = stage;
        self.epoch = epoch;
    }

    /// The records that the figures show: the run's, or those of the recording; none that would tell what the reader is to guess.
    pub fn seen(&self) -> &History {
        if self.drawing() { &self.blank } else { self.recorded.as_ref().unwrap_or(&self.history) }
    }

    /// The record that the figures show.
    pub fn record(&self) -> Option<&Record> {
        match (self.player, self.scrubbed) {
            (Some(player), _) => self.seen().until(player.epoch()),
            (None, Some(epoch)) => self.seen().closest(epoch),
            (None, None) => self.seen().last(),
        }
    }

    /// The training points of `record` in the mode that is shown.
    pub fn split<'a>(&self, record: &'a Record) -> &'a Split {
        match self.page.config.measure {
            BatchNormMode::BatchesOf100 => &record.train,
            BatchNormMode::Running => &record.train_running,
        }
    }

    /// The config of the run that is shown; before the first, that of the settings.
    pub fn shown(&self) -> &Config {
        self.run.as_ref().map_or(&self.page.config, |run| &run.config)
    }

    /// Layers of the run that is shown, the input included.
    pub fn layers(&self) -> usize {
        self.record().map_or(self.shown().hidden.len() + 1, |record| record.train.fuzziness.len())
    }

    /// Seconds until the last epoch; none while the speed is unknown.
    pub fn seconds_left(&self) -> Option<f64> {
        self.clock.seconds(f64::from(self.run.as_ref()?.epochs) - self.epoch)
    }
}

/// The config as the worker runs it: a record holds both modes if it is measured in batches, so the toggle works over the whole history.
fn measured(config: &Config) -> Config {
    Config { measure: BatchNormMode::BatchesOf100, ..config.clone() }
}
