//! A run: one network, trained on one sample, one batch after the other.

use super::config::{BatchNormMode, Config};
use super::record::{Record, Split};
use super::validate::{ConfigError, DataShape};
use crate::collapse::{Collapse, MOST_PICTURED, Minority, sample_size};
use crate::dataset::{Dataset, DatasetName, Part, Sample, SampleError, Sampling, sample};
use crate::engine::gpu::Adapter;
use crate::engine::{Engine, EngineError, Evaluation, State, Statistics, Step, Wanted};
use crate::network::{Architecture, Batches, Optimizer};
use crate::random::{Stream, shuffled};
use crate::separation::Cast;

/// Why a run cannot be made or cannot go on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RunError {
    /// The config is wrong, or does not fit the data.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data have no such sample.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Training left the finite numbers.
    #[error("The loss became infinite at epoch {epoch}. Lower the rate (now {rate}) or reset.")]
    Diverged {
        /// The epoch, counted from 1, in which it happened.
        epoch: u32,
        /// The learning rate of that epoch.
        rate: f64,
    },
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// Epochs completed.
    pub epoch: u32,
    /// Batches of the next epoch that are done.
    pub batch: usize,
}

/// What was measured of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The separation of the points.
    pub split: Split,
    /// Neural collapse, with running statistics; None in the other mode, and where it is undefined.
    pub collapse: Option<Collapse>,
    /// Minority Collapse; None without majority classes.
    pub minority: Option<Minority>,
    /// Loss and accuracy.
    pub evaluation: Evaluation,
}

/// One network in training. It is driven from outside, a few steps at a time, so that the caller can yield between them.
pub struct Run {
    config: Config,
    sample: Sample,
    engine: Engine,
    batches: Batches,
    position: Position,
    /// The order of the epoch in `position`.
    order: Vec<u32>,
    /// Losses that have just become known.
    losses: Vec<f64>,
    /// Steps whose losses are not known yet, the last ones.
    unknown: usize,
    /// Whom the films of records show.
    film: Option<Cast>,
    /// Whom their simplex pictures show.
    simplex: Option<Cast>,
    /// Where a run on a GPU stood when it was secured last.
    safe: Option<(Position, State)>,
}

impl Run {
    /// A fresh run of `config` on its sample of `data`, on the CPU: whoever drives it knows whether it goes on on a GPU.
    ///
    /// # Errors
    /// If the config is out of range, does not fit the data, or asks for more memory than there is: before anything is allocated.
    pub fn new(config: Config, data: &Dataset) -> Result<Self, RunError> {
        let sample = sample(
            data,
            &Sampling {
                classes: config.classes.clone(),
                per_class: (config.dataset != DatasetName::Own).then_some(config.per_class as usize),
                majority_classes: config.majority_classes as usize,
                imbalance: config.imbalance,
                oversample: config.oversample,
                label_noise: config.label_noise,
                seed: config.seed,
            },
        )?;
        // The sample costs no more than the data themselves; nothing of the network is allocated before this.
        let Dataset { train, test, classes, .. } = &sample.dataset;
        let points = sample.epoch.len().max(test.as_ref().map_or(0, |test| test.labels.len()));
        config.validate(DataShape { inputs: train.features.ncols(), classes: *classes, points })?;
        let architecture = config.architecture(sample.dataset.train.features.ncols(), sample.dataset.classes);
        let optimizer = config.optimizer();
        let batches = Batches::training(sample.epoch.len(), config.batch_size);
        let state = State::fresh(&architecture, &optimizer, config.init, config.seed);
        let engine = Engine::cpu(architecture, optimizer, batches.largest(), state);
        let order = shuffled(sample.epoch.clone(), config.seed, Stream::Shuffle, 0);
        let losses = Vec::with_capacity(batches.count());
        Ok(Self {
            config,
            sample,
            engine,
            batches,
            position: Position::default(),
            order,
            losses,
            unknown: 0,
            film: None,
            simplex: None,
            safe: None,
        })
    }

    /// From now on the training points' splits carry a film, and neural collapse its simplex picture. Garments that look alike are neighbours
    /// in them.
    pub fn film(&mut self) {
        let Dataset { train, classes, .. } = &self.sample.dataset;
        let ring = self.config.ring(*classes);
        self.film = Some(Cast::new(&train.labels, &ring));
        // The input and the hidden layers.
        let most = sample_size(ring.len(), self.config.hidden.len() + 1);
        self.simplex = (ring.len() <= MOST_PICTURED).then(|| Cast::of_most(&train.labels, &ring, most));
    }

    /// What the run is made of.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The points that it trains on, labels as trained on.
    pub fn sample(&self) -> &Sample {
        &self.sample
    }

    /// The GPU that runs, if one does.
    pub fn adapter(&self) -> Option<&Adapter> {
        self.engine.adapter()
    }

    /// The engine that runs: "cpu" or "webgpu".
    pub fn engine(&self) -> &'static str {
        self.engine.name()
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Everything that training has changed so far.
    ///
    /// # Errors
    /// If the engine fails.
    pub async fn snapshot(&self) -> Result<State, EngineError> {
        self.engine.snapshot().await
    }

    /// Goes on from `position` with `state`. Returns whether they fit this run's network and batches; if not, nothing changes.
    ///
    /// # Errors
    /// If the engine fails.
    pub async fn restore(&mut self, position: Position, state: State) -> Result<bool, EngineError> {
        let fits = position.batch < self.batches.count() && self.engine.restore(state).await?;
        if fits {
            self.unknown = 0;
            self.go_to(position);
        }
        Ok(fits)
    }

    /// Goes on from where it stands on the GPU, secured.
    ///
    /// # Errors
    /// If there is no GPU, or it cannot hold the run: it then goes on where it was.
    pub async fn to_gpu(&mut self) -> Result<(), EngineError> {
        let state = self.engine.snapshot().await?;
        let (architecture, optimizer) = self.network();
        self.engine = Engine::gpu(architecture, optimizer, self.batches.largest(), &state, &self.sample.dataset).await?;
        self.safe = Some((self.position, state));
        Ok(())
    }

    /// Goes on from where it stands on the CPU.
    ///
    /// # Errors
    /// If the GPU fails; the run can then fall back.
    pub async fn to_cpu(&mut self) -> Result<(), EngineError> {
        self.secure().await?;
        self.fall_back();
        Ok(())
    }

    /// Keeps a copy of where a run on a GPU stands, to go back to if that fails. On the CPU there is nothing to fear.
    ///
    /// # Errors
    /// If the GPU fails.
    pub async fn secure(&mut self) -> Result<(), EngineError> {
        if self.engine.adapter().is_some() {
            self.safe = Some((self.position, self.engine.snapshot().await?));
        }
        Ok(())
    }

    /// Goes on on the CPU from where the run was secured last, whatever has become of the GPU; shuffles and batches are those that followed
    /// then. On the CPU it stays where it is.
    pub fn fall_back(&mut self) {
        if let Some((position, state)) = self.safe.take() {
            let (architecture, optimizer) = self.network();
            self.engine = Engine::cpu(architecture, optimizer, self.batches.largest(), state);
            self.unknown = 0;
            self.go_to(position);
        }
    }

    fn network(&self) -> (Architecture, Optimizer) {
        let Dataset { train, classes, .. } = &self.sample.dataset;
        (self.config.architecture(train.features.ncols(), *classes), self.config.optimizer())
    }

    fn go_to(&mut self, position: Position) {
        if position.epoch != self.position.epoch {
            self.order = shuffled(self.sample.epoch.clone(), self.config.seed, Stream::Shuffle, position.epoch);
        }
        self.position = position;
    }

    /// Epochs trained, fractional within an epoch.
    pub fn epoch(&self) -> f64 {
        self.epoch_after(0)
    }

    fn epoch_after(&self, steps: usize) -> f64 {
        f64::from(self.position.epoch) + (self.position.batch + steps) as f64 / self.batches.count() as f64
    }

    /// Epochs that the config asks for. Training may go on past them.
    pub fn epochs(&self) -> u32 {
        self.config.total_epochs()
    }

    /// Training steps in an epoch.
    pub fn steps_in_epoch(&self) -> usize {
        self.batches.count()
    }

    /// Training steps until the end of the current epoch; a whole epoch's at its start.
    pub fn steps_left_in_epoch(&self) -> usize {
        self.batches.count() - self.position.batch
    }

    /// Steps to train in one go: on a GPU as many as the epoch has before the next record, on the CPU one.
    pub fn stride(&self) -> usize {
        let left = self.steps_left_in_epoch();
        let due = |steps: &usize| self.config.record_due(self.epoch_after(*steps));
        if self.engine.adapter().is_none() { 1 } else { (1..left).find(due).unwrap_or(left) }
    }

    /// Training points visited in an epoch.
    pub fn points_in_epoch(&self) -> usize {
        self.batches.points
    }

    /// Trains up to `steps` steps, not past the end of the epoch. A GPU wants many of them, and may still be at work on them afterwards.
    ///
    /// # Errors
    /// If the loss is no longer finite: the run has then diverged for good, and stands at the first such step; on a GPU that may be noticed
    /// as late as at the next record. If the engine fails: the run stands where it stood, but what has become of its state is unknown.
    pub async fn train(&mut self, steps: usize) -> Result<(), RunError> {
        let rate = self.rate();
        let trained = self.config.trained_layers_at(self.position.epoch);
        let Self { engine, sample, order, batches, position, losses, .. } = self;
        let range = position.batch..batches.count().min(position.batch.saturating_add(steps));
        let count = range.len();
        let steps = range.map(|batch| Step { batch: &order[batches.get(batch)], rate, trained: trained.clone() });
        losses.clear();
        engine.train(&sample.dataset, steps, losses).await?;
        position.batch += count;
        self.unknown += count;
        if self.steps_left_in_epoch() == 0 {
            self.go_to(Position { epoch: self.position.epoch + 1, batch: 0 });
        }
        self.judge()
    }

    /// Waits until all steps are done.
    ///
    /// # Errors
    /// As those of [`Self::train`].
    pub async fn settle(&mut self) -> Result<(), RunError> {
        self.losses.clear();
        self.engine.settle(&mut self.losses).await?;
        self.judge()
    }

    /// Looks at the losses that have just become known.
    fn judge(&mut self) -> Result<(), RunError> {
        let finite = self.losses.iter().take_while(|loss| loss.is_finite()).count();
        if finite < self.losses.len() {
            let count = self.batches.count();
            let step = self.position.epoch as usize * count + self.position.batch + finite - self.unknown;
            self.unknown = 0;
            self.go_to(Position { epoch: (step / count) as u32, batch: step % count });
            return Err(self.diverged());
        }
        self.unknown -= finite;
        Ok(())
    }

    /// Whether the config's record schedule asks for a record at this epoch.
    pub fn record_due(&self) -> bool {
        self.config.record_due(self.epoch())
    }

    /// Measures the network as it stands; training is not altered. `rest` is awaited between pieces of work of a few milliseconds.
    ///
    /// # Errors
    /// If the loss is not finite or has not been at a step before, or the engine fails.
    pub async fn record(&mut self, mut rest: impl AsyncFnMut()) -> Result<Record, RunError> {
        let rest = &mut rest;
        self.settle().await?;
        let measured = self.measure(Part::Train, BatchNormMode::Running, rest).await?;
        let measured = measured.filter(|measured| measured.evaluation.loss.is_finite());
        let Some(Measured { split: train_running, collapse, minority, evaluation }) = measured else { return Err(self.diverged()) };
        let train = match self.config.measure {
            BatchNormMode::Running => train_running.clone(),
            mode => self.measure(Part::Train, mode, rest).await?.map_or_else(|| train_running.clone(), |measured| measured.split),
        };
        let test = self.part(Part::Test, BatchNormMode::Running, false, rest).await?;
        let minority = match &test {
            Some(test) => test.minority,
            None => minority.map(|minority| Minority { accuracy: None, ..minority }),
        };
        Ok(Record {
            epoch: self.epoch(),
            loss: evaluation.loss,
            learning_rate: self.rate(),
            train_accuracy: evaluation.accuracy,
            test_accuracy: test.as_ref().map(|test| test.evaluation.accuracy),
            train,
            train_running,
            test: test.map(|test| test.split),
            collapse,
            minority,
        })
    }

    /// The separation of the training or test points, test points around their own class means, with batch normalisation in `mode`; with
    /// running statistics neural collapse; and loss and accuracy in that mode. None if there are no such points.
    ///
    /// # Errors
    /// If the engine fails.
    pub async fn measure(
        &mut self,
        part: Part,
        mode: BatchNormMode,
        rest: &mut impl AsyncFnMut(),
    ) -> Result<Option<Measured>, EngineError> {
        self.part(part, mode, mode == BatchNormMode::Running, rest).await
    }

    /// The same, neural collapse only if it is wanted.
    async fn part(
        &mut self,
        part: Part,
        mode: BatchNormMode,
        collapse: bool,
        rest: &mut impl AsyncFnMut(),
    ) -> Result<Option<Measured>, EngineError> {
        let data = &self.sample.dataset;
        let majority = self.config.majority_classes as usize;
        let wanted = match part {
            Part::Train => Wanted { film: self.film.as_ref(), collapse, simplex: self.simplex.as_ref(), majority },
            Part::Test => Wanted { collapse, majority, ..Wanted::default() },
        };
        let statistics = match mode {
            BatchNormMode::BatchesOf100 => Statistics::Batch,
            BatchNormMode::Running => Statistics::Running,
        };
        let Some(found) = self.engine.measure(data, part, statistics, wanted, rest).await? else { return Ok(None) };
        let split = Split { film: found.film, ..Split::new(mode, data.classes, &found.layers) };
        Ok(Some(Measured { split, collapse: found.collapse, minority: found.minority, evaluation: found.evaluation }))
    }

    /// Loss and accuracy on the training points and on the test points, in evaluation mode.
    ///
    /// # Errors
    /// If the loss is not finite, or the engine fails.
    pub async fn evaluate(&mut self, rest: &mut impl AsyncFnMut()) -> Result<(Evaluation, Option<Evaluation>), RunError> {
        self.settle().await?;
        let data = &self.sample.dataset;
        let train = self.engine.evaluate(data, Part::Train, rest).await?.filter(|train| train.loss.is_finite());
        let Some(train) = train else { return Err(self.diverged()) };
        Ok((train, self.engine.evaluate(data, Part::Test, rest).await?))
    }

    /// The learning rate of the next step.
    fn rate(&self) -> f64 {
        self.config.learning_rate_at(self.position.epoch)
    }

    /// The steps so far led out of the finite numbers: the last of them in the epoch that is over or under way.
    fn diverged(&self) -> RunError {
        let epoch = if self.position.batch > 0 { self.position.epoch } else { self.position.epoch.saturating_sub(1) };
        RunError::Diverged { epoch: epoch + 1, rate: self.config.learning_rate_at(epoch) }
    }
}
