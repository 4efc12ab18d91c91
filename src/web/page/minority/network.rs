//! A network of the sweep: its imbalance, and what became of its minority classes.

use crate::chart::TrainedPoint;
use crate::collapse::Minority;
use crate::web::page::dom::{create, show};
use crate::web::page::format::rho;
use crate::web::page::render::{cell, heading, share};
use crate::web::page::strings::{fill, text};
use crate::web::page::trials::Trial;
use web_sys::Element;

/// A network of the sweep. What its run is made of follows from it and the link.
pub struct Network {
    /// The imbalance asked for.
    pub ratio: f64,
    /// Whether it sees minority points as often as the others.
    pub oversample: bool,
}

/// What was found of the minority classes at the end of a run.
fn minority(trial: &Trial) -> Option<&Minority> {
    trial.end()?.minority.as_ref()
}

/// Points of a majority and of a minority class.
fn counts(trial: &Trial) -> Option<(usize, usize)> {
    trial.class_counts.iter().max().copied().zip(trial.class_counts.iter().min().copied())
}

/// What the figure shows of a run, once it is trained.
pub fn point(trial: &Trial) -> Option<TrainedPoint> {
    let &Minority { cosine, norm, accuracy } = minority(trial)?;
    let (most, least) = counts(trial)?;
    Some(TrainedPoint { imbalance: most as f64 / least as f64, cosine, norm, accuracy })
}

impl Network {
    /// Adds its line to the table.
    pub fn row(&self, trial: &Trial, table: &Element) {
        let row = create("tr");
        let _ = table.append_child(&row);
        heading(&row, &self.ratio.to_string());
        let words = |words: String| {
            let place = create("td");
            show(&place, &words);
            let _ = row.append_child(&place);
        };
        words(text(if self.oversample { "minority.yes" } else { "minority.no" }));
        cell(&row, None, counts(trial).map(|(most, _)| most as f64), |most| most.to_string());
        cell(&row, None, counts(trial).map(|(_, least)| least as f64), |least| least.to_string());
        cell(&row, None, minority(trial).and_then(|minority| minority.cosine), rho);
        cell(&row, None, minority(trial).and_then(|minority| minority.norm), rho);
        cell(&row, None, minority(trial).and_then(|minority| minority.accuracy), share);
        cell(&row, None, trial.end().and_then(|record| record.test_accuracy), share);
        cell(&row, None, trial.end().map(|record| record.train_accuracy), share);
        words(trial.status(|_| fill("minority.trained", &[("epochs", &trial.config.total_epochs().to_string())])));
    }
}
