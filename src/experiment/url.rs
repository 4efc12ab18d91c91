//! The page's query string: the config where it differs from its preset, and how the page shows it.

use super::config::Config;
use super::keys::{KEYS, Key, either};
use super::minority::MinorityView;
use super::notation;
use super::panel::{self, Embed};
use super::presets::{Preset, preset, presets};
use super::sweep::SweepView;
use super::tour;
use super::validate::ConfigError;
use super::view::View;
use crate::dataset::DatasetName;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

/// Everything that a link to the page says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageState {
    /// The run.
    pub config: Config,
    /// The preset that the config started from.
    pub preset: Option<&'static Preset>,
    /// One figure alone, for an iframe; none is the whole page.
    pub embed: Option<Embed>,
    /// Parts and settings that are not shown.
    pub hide: Vec<&'static str>,
    /// The theme; none is the system's.
    pub theme: Option<Theme>,
    /// Language of the words, such as "en"; none is the browser's.
    pub lang: Option<String>,
    /// Larger type, for a projector.
    pub present: bool,
    /// Train without waiting for a click.
    pub autoplay: bool,
    /// How the figures show the run.
    pub view: View,
    /// What the panel of Minority Collapse shows.
    pub minority: MinorityView,
    /// Which sweep it shows.
    pub sweep: SweepView,
    /// The step of the guided tour, from 0; none while nobody takes it. A link counts from 1.
    pub tour: Option<usize>,
}

impl PageState {
    /// Reads a query string, with or without its "?". A bad value of a known key is an error beside the state, in which the preset's value
    /// or else the default stands; other keys are ignored. Of a repeated key the last one counts.
    pub fn parse(query: &str) -> (Self, Vec<ConfigError>) {
        let query = query.strip_prefix('?').unwrap_or(query);
        let pairs = form_urlencoded::parse(query.as_bytes()).collect::<Vec<_>>();
        let mut state = Self::default();
        let mut errors = Vec::new();
        for (_, id) in pairs.iter().filter(|(name, _)| name == "preset") {
            errors.extend(state.choose(id).err());
        }
        state.config = state.base();
        errors.extend(pairs.iter().filter_map(|(name, text)| state.read(name, text).err()));
        state.reconcile(&mut errors);
        errors.extend(state.minority.reconcile());
        (state, errors)
    }

    /// Gives up a language that is none of `languages`; "zh-CN" is a "zh".
    pub fn settle_language(&mut self, languages: &[String]) -> Option<ConfigError> {
        let is = |tag: &str, lang: &String| tag.strip_prefix(lang.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        let lang = self.lang.take_if(|tag| !languages.iter().any(|lang| is(&tag.to_ascii_lowercase(), lang)))?;
        Some(ConfigError::in_link("lang", &lang, either(languages.iter().map(|lang| format!("\"{lang}\"")))))
    }

    /// Gives up own data, unless they are `there`: a link names them, but does not carry them. What was to go with them and does not go
    /// with the bundled data is given up too.
    pub fn settle_data(&mut self, there: bool) -> Vec<ConfigError> {
        if there || self.config.dataset != DatasetName::Own {
            return Vec::new();
        }
        self.config.dataset = self.base().dataset;
        let mut errors = vec![ConfigError::in_link(
            "dataset",
            "own",
            "a bundled dataset, or choose your own images again: a link does not carry them".to_owned(),
        )];
        self.reconcile(&mut errors);
        errors
    }

    /// This state with other values of some of a link's keys: a preset first, then what changes it.
    ///
    /// # Errors
    /// If a key is not one of a link's, or a value is not accepted, by itself or beside the others.
    pub fn with(&self, settings: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut state = self.clone();
        if let Some((_, id)) = settings.iter().rfind(|(name, _)| name == "preset") {
            state.choose(id)?;
            state.config = state.base();
        }
        for (name, text) in settings {
            if !state.read(name, text)? {
                Key::named(name)?; // fails, and says what may have been meant
            }
        }
        state.config.check()?;
        state.minority.reconcile().map_or(Ok(state), Err)
    }

    /// The query string, without "?", of this state: config keys only where they differ from the preset or else the default.
    pub fn to_query(&self) -> String {
        let mut pairs = Vec::new();
        if let Some(preset) = self.preset {
            pairs.push(("preset", preset.id.clone()));
        }
        let settings = self.config.settings();
        pairs.extend(self.config.differing(&self.base()).into_iter().map(|key| (key.name, key.write(&settings[key.name]))));
        if !self.hide.is_empty() {
            pairs.push(("hide", self.hide.join(",")));
        }
        if let Some(theme) = self.theme {
            pairs.push(("theme", if theme == Theme::Light { "light" } else { "dark" }.to_owned()));
        }
        if let Some(lang) = &self.lang {
            pairs.push(("lang", lang.clone()));
        }
        pairs.extend(self.view.pairs());
        pairs.extend(self.minority.pairs());
        pairs.extend(self.sweep.pairs());
        pairs.extend(self.tour.map(|step| ("tour", (step + 1).to_string())));
        pairs.extend(self.embed.map(|embed| ("embed", embed.name().to_owned())));
        let flags = [("present", self.present), ("autoplay", self.autoplay)];
        pairs.extend(flags.into_iter().filter(|(_, set)| *set).map(|(name, _)| (name, "true".to_owned())));
        pairs.iter().map(|(name, text)| format!("{name}={}", encoded(text))).collect::<Vec<_>>().join("&")
    }

    /// The config that the query's keys change.
    fn base(&self) -> Config {
        self.preset.map_or_else(Config::default, |preset| preset.config.clone())
    }

    fn choose(&mut self, id: &str) -> Result<(), ConfigError> {
        let accepted = || either(presets().iter().map(|preset| format!("\"{}\"", preset.id)));
        self.preset = Some(preset(id).ok_or_else(|| ConfigError::in_link("preset", id, accepted()))?);
        Ok(())
    }

    /// Takes over the value of a key; whether it is one of a link's. Presets come before all others: see `choose`.
    fn read(&mut self, name: &str, text: &str) -> Result<bool, ConfigError> {
        let flag = |key| notation::flag(text).ok_or_else(|| ConfigError::in_link(key, text, "true or false".to_owned()));
        match name {
            "preset" => {}
            "embed" => self.embed = Embed::read(text)?,
            "present" => self.present = flag("present")?,
            "autoplay" => self.autoplay = flag("autoplay")?,
            "hide" => self.hide = panel::hidden(text)?,
            "tour" => self.tour = Some(tour::read(text)?),
            "lang" => self.lang = Some(text.to_owned()).filter(|lang| !lang.is_empty()),
            "theme" => {
                self.theme = match text {
                    "light" => Some(Theme::Light),
                    "dark" => Some(Theme::Dark),
                    _ => return Err(ConfigError::in_link("theme", text, "\"light\" or \"dark\"".to_owned())),
                }
            }
            _ if KEYS.iter().any(|key| key.name == name) => self.config.set(name, text)?,
            // Whatever belongs to none of them is somebody else's.
            _ => return Ok(self.view.read(name, text)? || self.minority.read(name, text)? || self.sweep.read(name, text)?),
        }
        Ok(true)
    }

    /// Gives up values that do not fit the others, one key at a time, until the config is sound.
    fn reconcile(&mut self, errors: &mut Vec<ConfigError>) {
        let base = self.base();
        while let Err(error) = self.config.check() {
            let own = self.config.differing(&base).into_iter().find(|key| key.name == error.key());
            match own.map(|key| (key.name, key.write(&base.settings()[key.name]))) {
                Some((name, text)) if self.config.set(name, &text).is_ok() => {}
                // The key at fault is the preset's: what the query changed beside it does not fit.
                _ => self.config = base.clone(),
            }
            errors.push(error);
        }
    }
}

/// Percent-encoded, less "," and ":", which a query may hold as they are and which keep a link readable.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace("%2C", ",").replace("%3A", ":")
}
