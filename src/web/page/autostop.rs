//! Stops a run whose fit has settled, if the reader asked for that, and says why.

use super::dom::{find, show};
use super::format::epoch;
use super::stage::Stage;
use super::state::State;
use super::strings::fill;
use crate::experiment::{WINDOW, settled};
use crate::web::protocol::Command;

impl State {
    /// What follows from a new record: once a run, a pause if its fit has settled.
    pub fn stop_if_settled(&mut self) -> Vec<Command> {
        let Some(bound) = self.page.view.stop.filter(|_| self.stage == Stage::Training && self.settled.is_none()) else {
            return Vec::new();
        };
        if !settled(self.history.records(), |record| self.split(record), bound) {
            return Vec::new();
        }
        self.settled = self.history.last().map(|record| record.epoch);
        self.pause()
    }
}

/// Says that and why the run was stopped, as long as it stands.
pub fn render(state: &State) {
    let stopped = state.settled.zip(state.page.view.stop).filter(|_| state.stage == Stage::Paused);
    let reason = stopped
        .map(|(at, bound)| fill("stop.settled", &[("epoch", &epoch(at)), ("bound", &bound.to_string()), ("window", &epoch(WINDOW))]));
    show(&find("notice"), &reason.unwrap_or_default());
}
