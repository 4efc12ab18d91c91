//! What a config says about time: phases, learning rates, and when a record is taken.

use super::config::{Config, Phase, RecordSchedule};
use std::cmp::Ordering;
use std::ops::Range;

impl Config {
    /// Epochs of all phases together.
    pub fn total_epochs(&self) -> u32 {
        self.phases.as_deref().map_or(self.epochs, |phases| phases.iter().map(|phase| phase.epochs).sum())
    }

    /// Roughly how much work the run is, in multiplications: enough to tell which of two runs takes longer. Own data count as 100 features.
    pub fn work(&self) -> f64 {
        let classes = self.classes.as_ref().map_or(10, Vec::len);
        let features = self.dataset.bundled().map_or(100, |bundled| bundled.side * bundled.side);
        let most = f64::from(self.per_class);
        let least = if self.majority_classes == 0 || self.oversample { most } else { (most / self.imbalance).round().max(1.0) };
        let majority = if self.majority_classes == 0 { classes } else { classes.min(self.majority_classes as usize) };
        let points = majority as f64 * most + (classes - majority) as f64 * least;
        // Forward, and backward to the inputs and to the weights.
        3.0 * f64::from(self.total_epochs()) * points * self.architecture(features, classes).parameters() as f64
    }

    /// The learning rate of epoch `epoch`, counted from 0; past the end the last rate stays.
    pub fn learning_rate_at(&self, epoch: u32) -> f64 {
        let (phase, within) = self.phase_at(epoch);
        self.learning_rate * phase.schedule.factor(within, phase.epochs)
    }

    /// The linear layers, counted from 0, that learn in epoch `epoch`; the others are frozen. Past the end the last phase goes on.
    pub fn trained_layers_at(&self, epoch: u32) -> Range<usize> {
        let (phase, _) = self.phase_at(epoch);
        phase.train[0]..phase.train[1] + 1
    }

    /// Whether the record schedule asks for a record after `epoch` epochs, fractional within one.
    pub fn record_due(&self, epoch: f64) -> bool {
        let whole = epoch.fract() == 0.0;
        let every_step = self.records == RecordSchedule::EveryStep && epoch <= 2.0;
        let standard = if self.records == RecordSchedule::Ends { epoch == 0.0 } else { is_standard(epoch as u32) };
        every_step || (whole && (standard || epoch == f64::from(self.total_epochs())))
    }

    /// The phase that epoch `epoch` belongs to, and the epoch counted from the phase's first. Asked at every step: allocates nothing.
    fn phase_at(&self, epoch: u32) -> (Phase, u32) {
        let Some((last, before)) = self.phases.as_deref().and_then(<[Phase]>::split_last) else { return (self.whole(), epoch) };
        let mut within = epoch;
        for phase in before {
            if within < phase.epochs {
                return (*phase, within);
            }
            within -= phase.epochs;
        }
        (*last, within)
    }

    /// The one phase of a config that names none.
    fn whole(&self) -> Phase {
        Phase { epochs: self.epochs, schedule: self.schedule, train: [0, self.hidden.len()] }
    }
}

/// The order in which runs are trained: seed by seed, so that there is soon something of everything, and of a seed the longest first, so that
/// workers that each take the next end together.
pub fn in_turn(a: &Config, b: &Config) -> Ordering {
    a.seed.cmp(&b.seed).then(b.work().total_cmp(&a.work()))
}

/// 0 to 10 each, to 30 by 2, to 100 by 5, to 200 by 10, then by 20: dense where the line appears.
fn is_standard(epoch: u32) -> bool {
    let step = match epoch {
        0..=10 => 1,
        11..=30 => 2,
        31..=100 => 5,
        101..=200 => 10,
        _ => 20,
    };
    epoch.is_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::DatasetName;
    use crate::experiment::Group;
    use crate::network::Schedule;

    fn frozen() -> Config {
        let phases = vec![
            Phase { epochs: 900, schedule: Schedule::Constant, train: [0, 9] },
            Phase { epochs: 600, schedule: Schedule::Thirds, train: [10, 19] },
        ];
        Config { hidden: vec![100; 19], phases: Some(phases), learning_rate: 1.0, ..Config::default() }
    }

    #[test]
    fn without_phases_there_is_one_of_all_layers() {
        let config = Config::default();
        assert_eq!(config.whole(), Phase { epochs: 600, schedule: Schedule::Thirds, train: [0, 7] });
        assert_eq!([0, 200, 400].map(|epoch| config.learning_rate_at(epoch)), [1e-3, 1e-3 * 0.1, 1e-3 * 0.01]);
        assert_eq!(config.trained_layers_at(0), 0..8);
    }

    #[test]
    fn each_phase_has_its_own_schedule_and_layers() {
        let config = frozen();
        assert_eq!(config.total_epochs(), 1500);
        assert_eq!([0, 899, 900, 1100, 1300, 1499].map(|epoch| config.learning_rate_at(epoch)), [1.0, 1.0, 1.0, 0.1, 0.01, 0.01]);
        assert_eq!([899, 900].map(|epoch| config.trained_layers_at(epoch)), [0..10, 10..20]);
    }

    fn taken(mut configs: Vec<Config>) -> Vec<Config> {
        configs.sort_by(in_turn);
        configs
    }

    #[test]
    fn longer_runs_go_first_within_a_seed() {
        let base = Config::default();
        let [wide, long, fine, few] = [
            Config { hidden: vec![200; 7], ..base.clone() },
            Config { epochs: 2000, ..base.clone() },
            Config { dataset: DatasetName::Fashion28, ..base.clone() },
            Config { classes: Some(vec![0, 1]), ..base.clone() },
        ];
        let later = Config { seed: base.seed + 1, ..long.clone() };
        let given = [&few, &later, &base, &fine, &long, &wide].map(Config::clone).to_vec();
        assert_eq!(taken(given), [wide, long, fine, base, few, later]);
    }

    #[test]
    fn the_panels_of_fig_1_keep_two_workers_busy_alike() {
        let panels = Group::Fig1.presets().map(|preset| preset.config.clone()).collect::<Vec<_>>();
        let all = panels.iter().map(Config::work).sum::<f64>();
        let order = taken(panels);
        assert_eq!(order.iter().map(|config| config.hidden.len() + 1).collect::<Vec<_>>(), [20, 20, 20, 8, 8, 8, 4, 4, 4]);
        let mut busy = [0.0_f64; 2];
        for config in order {
            busy[usize::from(busy[1] < busy[0])] += config.work();
        }
        assert!(busy[0].max(busy[1]) < 0.52 * all, "{busy:?} of {all}");
    }

    #[test]
    fn past_the_end_the_last_rate_and_layers_stay() {
        assert_eq!(frozen().learning_rate_at(99_999), 0.01);
        assert_eq!(frozen().trained_layers_at(99_999), 10..20);
    }

    #[test]
    fn standard_records_thin_out() {
        let config = Config { epochs: 247, ..Config::default() };
        let due = (0..=280).filter(|&epoch| config.record_due(f64::from(epoch))).collect::<Vec<_>>();
        let expected = [
            (0..=10).collect::<Vec<_>>(),
            (12..=30).step_by(2).collect(),
            (35..=100).step_by(5).collect(),
            (110..=200).step_by(10).collect(),
            vec![220, 240, 247, 260, 280],
        ];
        assert_eq!(due, expected.concat());
        assert!(!config.record_due(0.5));
    }

    #[test]
    fn every_step_is_recorded_in_the_first_two_epochs() {
        let config = Config { records: RecordSchedule::EveryStep, ..Config::default() };
        assert_eq!(
            [0.0, 0.125, 1.875, 2.0, 2.125, 3.0, 10.5].map(|epoch| config.record_due(epoch)),
            [true, true, true, true, false, true, false]
        );
    }
}
