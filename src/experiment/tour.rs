//! The guided tour: what each of its steps shows. The words are `tour.<name>`, `tour.<name>.body` and `tour.<name>.look` in the strings.

use super::url::PageState;
use super::validate::ConfigError;
use super::view::View;

/// What a step's run is shown at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    /// Where it stands.
    Latest,
    /// From its start on, epoch by epoch.
    Played,
}

/// What a step speaks of; the one figure of a screen with room for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The decay curve.
    Curve,
    /// The class means.
    Means,
}

impl Subject {
    /// Its name in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curve => "curve",
            Self::Means => "means",
        }
    }
}

/// What the reader is offered to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Nothing: the step is to be read.
    Nothing,
    /// To see how the run came about.
    Play,
    /// To train the run, which nothing else does.
    Train,
}

/// A step of the tour.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name in the strings.
    pub name: &'static str,
    /// The run and the view, as a link says them.
    query: &'static str,
    /// What of the run.
    pub moment: Moment,
    /// What it speaks of.
    pub subject: Subject,
    /// What it offers.
    pub offer: Offer,
}

const fn step(name: &'static str, query: &'static str, subject: Subject, offer: Offer) -> Step {
    Step { name, query, moment: Moment::Latest, subject, offer }
}

/// All steps. Those of the default run, which is there without training, come first, so that going on loses no other run.
pub const STEPS: [Step; 10] = [
    step("law", "curves=training", Subject::Curve, Offer::Nothing),
    step("measure", "curves=training&axis=linear", Subject::Curve, Offer::Nothing),
    Step { moment: Moment::Played, ..step("emergence", "curves=training", Subject::Curve, Offer::Play) },
    step("unseen", "", Subject::Curve, Offer::Nothing),
    step("collapse", "", Subject::Means, Offer::Play),
    step("depth", "preset=emergence", Subject::Curve, Offer::Train),
    step("straight", "preset=linear-20", Subject::Curve, Offer::Train),
    step("start", "preset=no-normalization", Subject::Curve, Offer::Train),
    step("minority", "preset=imbalance-20&curves=training,test,classes&means=cosines", Subject::Means, Offer::Train),
    step("practice", "", Subject::Curve, Offer::Nothing),
];

impl Step {
    /// `page` with this step's run and view. What computes the run and how fast it is shown stay the reader's choice.
    pub fn of(&self, page: &PageState) -> PageState {
        let (mut link, _) = PageState::parse(self.query);
        link.config.engine = page.config.engine;
        let View { pace, tempo, stop, .. } = page.view;
        PageState { config: link.config, preset: link.preset, view: View { pace, tempo, stop, ..link.view }, ..page.clone() }
    }
}

/// The step that `text` names in a link, counted from 0.
pub(super) fn read(text: &str) -> Result<usize, ConfigError> {
    let step = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|step| *step < STEPS.len());
    step.ok_or_else(|| ConfigError::in_link("tour", text, format!("1 to {}", STEPS.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Config;

    #[test]
    fn each_step_says_its_page_without_a_mistake_and_has_words() {
        let strings: serde_json::Value = serde_json::from_str(include_str!("../../www/strings/en.json")).unwrap();
        for step in STEPS {
            assert!(PageState::parse(step.query).1.is_empty(), "{}", step.name);
            let words = |key: String| strings[&key].as_str().unwrap_or_else(|| panic!("{key} is missing")).to_owned();
            let [title, body, look] = ["", ".body", ".look"].map(|part| words(format!("tour.{}{part}", step.name)));
            // Without the addresses of links: "[words](address)".
            let (first, rest) = body.split_once("](").unwrap_or((&body, ""));
            let behind = rest.split("](").filter_map(|part| part.split_once(')')).map(|(_, words)| words);
            let words = std::iter::once(first).chain(behind).flat_map(str::split_whitespace).count();
            assert!(!title.is_empty() && !look.is_empty(), "{}", step.name);
            assert!(words <= 64, "{}: {words} words", step.name);
        }
    }

    #[test]
    fn a_step_sets_run_and_view_and_leaves_the_rest() {
        let (page, _) = PageState::parse("hidden=20x3&engine=cpu&theme=dark&tempo=2&axis=linear&tour=4&peeledImbalance=30");
        let unseen = STEPS[3].of(&page);
        assert_eq!(unseen.to_query(), "engine=cpu&theme=dark&tempo=2&peeledImbalance=30&tour=4");
        assert_eq!(Config { engine: Config::default().engine, ..unseen.config }, Config::default());
        assert_eq!(STEPS[5].of(&page).preset.map(|preset| preset.id.as_str()), Some("emergence"));
    }

    #[test]
    fn the_steps_of_the_default_run_come_before_those_to_train() {
        let offers = STEPS.map(|step| step.offer == Offer::Train);
        let first = offers.iter().position(|trains| *trains).unwrap();
        assert_eq!(offers.iter().filter(|trains| **trains).count(), STEPS.len() - 1 - first);
    }
}
