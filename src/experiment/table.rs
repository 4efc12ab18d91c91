//! A history as a table in CSV: a line for each record, for spreadsheets and data frames.

use super::config::Config;
use super::history::History;
use super::record::{Record, Split};

/// The records of `history` as comma-separated values with a heading, an empty field where something is undefined or not measured. The
/// layers are those of the first record. The columns:
///
/// | column | meaning |
/// |---|---|
/// | `epoch` | epochs trained, fractional within one |
/// | `loss` | mean cross-entropy over the training points |
/// | `learning_rate` | of the next step |
/// | `train_accuracy`, `test_accuracy` | shares from 0 to 1 |
/// | `S_D0` ... | separation fuzziness D of the points S at each layer, 0 the input |
/// | `S_rho`, `S_r`, `S_half_life` | the line that is fitted to ln D: what a layer keeps, Pearson's r, layers |
/// | `S_block_rho`, `S_block_r` | the same by residual blocks, in networks that have them |
/// | `nc1` ... `nc4`, `ncc_accuracy` | neural collapse of the last hidden layer's training points |
/// | `minority_cosine`, `minority_norm`, `minority_accuracy` | Minority Collapse of the classifier |
///
/// S is `train` (the training points in the config's BatchNorm mode), `train_running` (with running statistics) and `test`.
pub fn csv(history: &History, config: &Config) -> String {
    let records = history.records();
    let layers = records.first().map_or(0, |record| record.train.fuzziness.len());
    let fits = if config.residual_block > 0 { &["rho", "r", "half_life", "block_rho", "block_r"][..] } else { &["rho", "r", "half_life"] };
    let heading = |name: &str| {
        let d = (0..layers).map(|layer| format!("{name}_D{layer}"));
        d.chain(fits.iter().map(|fit| format!("{name}_{fit}"))).collect::<Vec<_>>()
    };
    let mut headings: Vec<String> = ["epoch", "loss", "learning_rate", "train_accuracy", "test_accuracy"].map(str::to_owned).into();
    headings.extend(["train", "train_running", "test"].into_iter().flat_map(heading));
    let collapse = ["nc1", "nc2_lengths", "nc2_angles", "nc2_classifier_lengths", "nc2_classifier_angles", "nc3", "nc4", "ncc_accuracy"];
    headings.extend(collapse.into_iter().chain(["minority_cosine", "minority_norm", "minority_accuracy"]).map(str::to_owned));
    let lines = records.iter().map(|record| {
        let fields = fields(record, layers, config).into_iter().map(|value| value.map_or_else(String::new, |value| value.to_string()));
        fields.collect::<Vec<_>>().join(",")
    });
    [headings.join(",")].into_iter().chain(lines).map(|line| line + "\n").collect()
}

fn fields(record: &Record, layers: usize, config: &Config) -> Vec<Option<f64>> {
    let Record { epoch, loss, learning_rate, train_accuracy, test_accuracy, train, train_running, test, collapse, minority } = record;
    let mut fields = vec![Some(*epoch), Some(*loss), Some(*learning_rate), Some(*train_accuracy), *test_accuracy];
    for split in [Some(train), Some(train_running), test.as_ref()] {
        let law = split.and_then(|split: &Split| split.law.as_ref());
        fields.extend((0..layers).map(|layer| *split?.fuzziness.get(layer)?));
        fields.extend([law.map(|law| law.rho), law.map(|law| law.pearson), law.and_then(|law| law.half_life)]);
        if config.residual_block > 0 {
            let law = split.and_then(|split| config.block_law(&split.fuzziness));
            fields.extend([law.as_ref().map(|law| law.rho), law.as_ref().map(|law| law.pearson)]);
        }
    }
    let last = collapse.as_ref().map(|collapse| &collapse.last);
    let nc2 = last.map(|last| last.nc2);
    fields.extend([
        last.map(|last| last.nc1),
        nc2.map(|nc2| nc2.equinorm_means),
        nc2.map(|nc2| nc2.angle_means),
        nc2.map(|nc2| nc2.equinorm_classifiers),
        nc2.map(|nc2| nc2.angle_classifiers),
        last.map(|last| last.nc3),
        last.map(|last| last.nc4),
        last.map(|last| last.ncc_accuracy),
    ]);
    let minority = minority.as_ref();
    fields.extend([
        minority.and_then(|minority| minority.cosine),
        minority.and_then(|minority| minority.norm),
        minority.and_then(|minority| minority.accuracy),
    ]);
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::BatchNormMode;
    use crate::separation::fit_law;

    fn split(fuzziness: Vec<Option<f64>>) -> Split {
        Split { law: fit_law(&fuzziness), fuzziness, ..Split::new(BatchNormMode::Running, 0, &[]) }
    }

    fn record(epoch: f64) -> Record {
        Record {
            epoch,
            loss: 0.1,
            learning_rate: 1e-5,
            train_accuracy: 1.0,
            test_accuracy: None,
            train: split(vec![Some(8.0), Some(4.0), Some(2.0)]),
            train_running: split(vec![Some(9.0), None, Some(1.0 / 3.0)]),
            test: None,
            collapse: None,
            minority: None,
        }
    }

    #[test]
    fn each_line_has_a_field_for_each_heading() {
        let table = csv(&History::from(vec![record(0.0), record(0.5), record(1.0)]), &Config::default());
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.len() == lines[0].len()), "{table}");
        let at = |line: usize, name: &str| lines[line][lines[0].iter().position(|heading| *heading == name).unwrap()];
        assert_eq!([at(1, "epoch"), at(2, "epoch"), at(2, "loss"), at(2, "learning_rate")], ["0", "0.5", "0.1", "0.00001"]);
        assert_eq!([at(1, "train_D0"), at(1, "train_D2"), at(1, "train_running_D1"), at(1, "test_D0")], ["8", "2", "", ""]);
        // In full: reading the field gives the number back.
        assert_eq!(at(1, "train_running_D2").parse(), Ok(1.0 / 3.0));
        assert_eq!([at(1, "test_accuracy"), at(1, "train_running_rho"), at(1, "nc1"), at(1, "minority_norm")], [""; 4]);
        assert!((at(1, "train_rho").parse::<f64>().unwrap() - 0.5).abs() < 1e-12);
    }

    #[test]
    fn residual_networks_have_the_fit_by_blocks() {
        let config = Config { hidden: vec![9; 5], residual_block: 2, ..Config::default() };
        let train = split(Vec::from([8.0, 4.0, 3.0, 2.0, 2.0, 1.0].map(Some)));
        let table = csv(&History::from(vec![Record { train, ..record(0.0) }]), &config);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(lines[0].len(), lines[1].len());
        let at = |name: &str| lines[1][lines[0].iter().position(|heading| *heading == name).unwrap()];
        assert!((at("train_block_rho").parse::<f64>().unwrap() - 0.5).abs() < 1e-12);
        assert!((at("train_block_r").parse::<f64>().unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(at("test_block_r"), "");
    }

    #[test]
    fn no_records_are_a_heading_alone() {
        assert_eq!(csv(&History::default(), &Config::default()).lines().count(), 1);
    }
}
