//! Two runs beside each other: which settings differ, and what came of them.

use super::config::{BatchNormMode, Config};
use super::record::{Record, Split};
use crate::network::Normalization;

/// A run at a moment.
#[derive(Clone, Debug)]
pub struct Side<'a> {
    /// What it is made of.
    pub config: &'a Config,
    /// What is measured there.
    pub record: &'a Record,
    /// Its training points, in the mode that both are compared in.
    pub train: &'a Split,
    /// What computed it.
    pub engine: String,
}

impl Side<'_> {
    /// How batch normalisation took its statistics; None in a network without.
    pub fn mode(&self) -> Option<BatchNormMode> {
        (self.config.normalization == Normalization::Batch).then_some(self.train.mode)
    }
}

/// The number of a run that is compared, named as in tables of records.
pub type Quantity = (&'static str, [Option<f64>; 2]);

/// The run on show, and another one.
#[derive(Clone, Debug)]
pub struct Comparison<'a>(pub [Side<'a>; 2]);

impl Comparison<'_> {
    /// The settings that differ and change what is trained: key, and both values in a link's notation.
    pub fn settings(&self) -> Vec<(&'static str, [String; 2])> {
        let [ours, theirs] = self.0.each_ref().map(|side| side.config);
        let keys = ours.differing(theirs).into_iter().map(|key| key.name);
        let trains = keys.filter(|key| !["engine", "measure", "records"].contains(key));
        trains.map(|key| (key, [ours, theirs].map(|config| config.text(key).unwrap_or_default()))).collect()
    }

    /// D of the training points by layer, as far as the deeper network goes.
    pub fn layers(&self) -> Vec<[Option<f64>; 2]> {
        let curves = self.0.each_ref().map(|side| &side.train.fuzziness[..]);
        let deepest = curves.map(<[_]>::len).into_iter().max().unwrap_or_default();
        (0..deepest).map(|layer| curves.map(|curve| curve.get(layer).copied().flatten())).collect()
    }

    /// What else is compared.
    pub fn numbers(&self) -> [Quantity; 7] {
        let of = |number: fn(&Side) -> Option<f64>| self.0.each_ref().map(number);
        [
            ("rho", of(|side| Some(side.train.law.as_ref()?.rho))),
            ("r", of(|side| Some(side.train.law.as_ref()?.pearson))),
            ("half_life", of(|side| side.train.law.as_ref()?.half_life)),
            ("train_accuracy", of(|side| Some(side.record.train_accuracy))),
            ("test_accuracy", of(|side| side.record.test_accuracy)),
            ("loss", of(|side| Some(side.record.loss))),
            ("epoch", of(|side| Some(side.record.epoch))),
        ]
    }

    /// All of it as comma-separated values: `quantity`, `this`, `other` and, for D, the `ratio` of the two; an empty field where something
    /// is undefined. Settings are named as in links, after "setting:".
    pub fn csv(&self) -> String {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        let mut lines = vec!["quantity,this,other,ratio".to_owned()];
        let settings = self.settings().into_iter();
        lines.extend(settings.map(|(key, [ours, theirs])| format!("setting:{key},{},{},", quoted(&ours), quoted(&theirs))));
        for (layer, both) in self.layers().into_iter().enumerate() {
            lines.push(format!("D{layer},{},{},{}", number(both[0]), number(both[1]), number(ratio(both))));
        }
        lines.extend(self.numbers().map(|(name, [ours, theirs])| format!("{name},{},{},", number(ours), number(theirs))));
        let [ours, theirs] = self.0.each_ref().map(|side| quoted(&side.engine));
        lines.push(format!("engine,{ours},{theirs},"));
        let [ours, theirs] = self.0.each_ref().map(|side| match side.mode() {
            Some(BatchNormMode::BatchesOf100) => "batches-of-100",
            Some(BatchNormMode::Running) => "running",
            None => "",
        });
        lines.push(format!("batch_norm,{ours},{theirs},"));
        lines.join("\n") + "\n"
    }
}

/// The first of two numbers over the second, where that is a number.
pub fn ratio([ours, theirs]: [Option<f64>; 2]) -> Option<f64> {
    Some(ours? / theirs?).filter(|ratio| ratio.is_finite())
}

/// A field of a table: in quotation marks where it holds a comma or such marks.
fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::separation::fit_law;

    fn record(fuzziness: &[f64]) -> Record {
        let fuzziness: Vec<_> = fuzziness.iter().copied().map(Some).collect();
        let split = |mode| Split { law: fit_law(&fuzziness), fuzziness: fuzziness.clone(), ..Split::new(mode, 0, &[]) };
        Record {
            epoch: 3.0,
            loss: 0.25,
            learning_rate: 1e-3,
            train_accuracy: 1.0,
            test_accuracy: None,
            train: split(BatchNormMode::BatchesOf100),
            train_running: split(BatchNormMode::Running),
            test: None,
            collapse: None,
            minority: None,
        }
    }

    fn with(settings: &[(&str, &str)]) -> Config {
        settings.iter().fold(Config::default(), |mut config, (key, text)| {
            config.set(key, text).unwrap();
            config
        })
    }

    #[test]
    fn what_differs_is_named_and_what_does_not_train_is_not() {
        let (here, there) = (record(&[8.0, 4.0, 2.0]), record(&[8.0, 2.0, 0.5, 0.25]));
        let (ours, theirs) =
            (with(&[("hidden", "20x2"), ("engine", "cpu")]), with(&[("hidden", "20,30,40"), ("optimizer", "sgd"), ("measure", "running")]));
        let comparison = Comparison([
            Side { config: &ours, record: &here, train: &here.train, engine: "CPU".to_owned() },
            Side { config: &theirs, record: &there, train: &there.train, engine: "GPU, \"big\"".to_owned() },
        ]);
        assert_eq!(
            comparison.settings(),
            [("hidden", ["20x2", "20,30,40"].map(str::to_owned)), ("optimizer", ["adam", "sgd"].map(str::to_owned))]
        );
        assert_eq!(comparison.layers()[1..], [[Some(4.0), Some(2.0)], [Some(2.0), Some(0.5)], [None, Some(0.25)]]);
        let csv = comparison.csv();
        for line in [
            "quantity,this,other,ratio",
            "setting:hidden,20x2,\"20,30,40\",",
            "D2,2,0.5,4",
            "D3,,0.25,",
            "test_accuracy,,,",
            "loss,0.25,0.25,",
            "engine,CPU,\"GPU, \"\"big\"\"\",",
            "batch_norm,batches-of-100,batches-of-100,",
        ] {
            assert!(csv.lines().any(|other| other == line), "{line} is not in\n{csv}");
        }
    }

    #[test]
    fn a_network_without_batch_normalisation_has_no_mode() {
        let here = record(&[8.0, 4.0, 2.0]);
        let (plain, batch) = (with(&[("normalization", "none")]), Config::default());
        let side = |config| Side { config, record: &here, train: &here.train_running, engine: String::new() };
        assert_eq!([side(&plain).mode(), side(&batch).mode()], [None, Some(BatchNormMode::Running)]);
    }

    #[test]
    fn a_ratio_is_a_number_or_none() {
        assert_eq!([ratio([Some(3.0), Some(2.0)]), ratio([Some(1.0), Some(0.0)]), ratio([None, Some(1.0)])], [Some(1.5), None, None]);
    }
}
