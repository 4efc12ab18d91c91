//! The reader's images as the page knows them: what they are called, what they look like, what was made of them.

use crate::dataset::DatasetName;
use crate::experiment::ConfigError;
use crate::images::{ENOUGH, Images, Part, SMALL};
use crate::web::page::state::State;
use crate::web::page::strings::{fill, sentences, text};
use crate::web::protocol::Command;
use std::rc::Rc;

/// Classes of the bundled data.
const BUNDLED_CLASSES: usize = 10;

/// The reader's images, and the mean image of each class.
#[derive(Debug)]
pub struct Own {
    /// What the workers train on.
    pub images: Images,
    /// `[K x 10 x 10]`
    pictures: Vec<u8>,
}

/// Whether both are the same images, or none.
pub fn same(one: Option<&Rc<Own>>, other: Option<&Rc<Own>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

impl Own {
    /// Of images.
    pub fn new(images: Images) -> Rc<Self> {
        Rc::new(Self { pictures: images.pictures(), images })
    }

    /// Number of classes K.
    pub fn classes(&self) -> usize {
        self.images.class_names.len()
    }

    /// What was read, and what of it is used.
    pub fn said(&self) -> String {
        let Images { side, class_names, train, test, origin } = &self.images;
        let per_class = origin.wanted.per_class;
        let tests = |test: &Part| test.labels.len();
        let numbers = [
            ("count", origin.count),
            ("rows", origin.rows),
            ("columns", origin.columns),
            ("classes", class_names.len()),
            ("train", train.labels.len()),
            ("perClass", per_class),
            ("test", test.as_ref().map_or(0, tests)),
            ("side", *side),
            ("least", origin.least),
            ("most", origin.least.saturating_sub(ENOUGH)),
        ]
        .map(|(name, number)| (name, number.to_string()));
        let mut values: Vec<(&str, &str)> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
        let seed = origin.wanted.seed.to_string();
        values.push(("seed", &seed));
        values.push(("smallest", class_names.get(origin.smallest).map_or("", String::as_str)));
        let whole = train.labels.len() == per_class * class_names.len();
        let parts = [
            Some("images.found"),
            Some(if whole { "images.taken" } else { "images.taken.fewer" }),
            Some(match test {
                None if origin.least <= ENOUGH => "images.untested.few",
                None => "images.untested",
                Some(_) if origin.held_out => "images.held",
                Some(_) => "images.tested",
            }),
            origin.colour.then_some("images.grey"),
            (origin.rows != origin.columns).then_some("images.square"),
            (*side != origin.rows.min(origin.columns)).then_some("images.resized"),
            Some("images.seed"),
        ];
        parts.into_iter().flatten().fold(String::new(), |said, key| sentences(&said, &fill(key, &values)))
    }
}

impl State {
    /// The images of the run that is shown, if it is of the reader's own.
    fn shown_own(&self) -> Option<&Own> {
        let own = self.run.as_ref().map_or(&self.own, |run| &run.own);
        own.as_deref().filter(|_| self.shown().dataset == DatasetName::Own)
    }

    /// The classes of the run that is shown, as the dataset numbers them.
    pub fn classes(&self) -> Vec<u16> {
        let all = self.shown_own().map_or(BUNDLED_CLASSES, Own::classes) as u16;
        self.shown().classes.clone().unwrap_or_else(|| (0..all).collect())
    }

    /// What the class of this number is called.
    pub fn class_name(&self, label: u16) -> String {
        let of_own = |own: &Own| own.images.class_names.get(usize::from(label)).cloned();
        self.shown_own().map_or_else(|| Some(text(&format!("class.{label}"))), of_own).unwrap_or_else(|| label.to_string())
    }

    /// What the classes of the run that is shown are called.
    pub fn class_names(&self) -> Vec<String> {
        self.classes().into_iter().map(|label| self.class_name(label)).collect()
    }

    /// What the class of this number looks like: 10 x 10 pixels, 255 is ink. `garments` are those of the bundled data.
    pub fn class_picture<'a>(&'a self, label: u16, garments: &'a [u8]) -> Option<&'a [u8]> {
        let (pictures, length) = (self.shown_own().map_or(garments, |own| &own.pictures), SMALL * SMALL);
        pictures.get(usize::from(label) * length..)?.get(..length)
    }

    /// Trains on these images from now on, or once the run under way is over.
    pub fn take_images(&mut self, own: Rc<Own>) -> Vec<Command> {
        self.choosing = false;
        self.own = Some(own);
        self.page.config.dataset = DatasetName::Own;
        self.settle_classes();
        self.apply()
    }

    /// The reader's images, if the settings ask for them.
    pub fn wanted_own(&self) -> Option<&Own> {
        self.own.as_deref().filter(|_| self.page.config.dataset == DatasetName::Own)
    }

    /// Checks the settings, and whether the reader's images have what is chosen of them.
    pub fn check(&self) -> Result<(), ConfigError> {
        let config = &self.page.config;
        config.check()?;
        self.wanted_own().map_or(Ok(()), |own| config.check_own(&own.images.class_names, own.images.side.pow(2)))
    }

    /// Gives up what the settings say of classes that the data, which are others now, do not have.
    pub fn settle_classes(&mut self) {
        let all = self.wanted_own().map_or(BUNDLED_CLASSES, Own::classes);
        let config = &mut self.page.config;
        config.classes.take_if(|labels| labels.iter().any(|&label| usize::from(label) >= all));
        if config.majority_classes as usize > config.classes.as_ref().map_or(all, Vec::len) {
            config.majority_classes = 0;
        }
    }

    /// The session has kept these images, and the run asked for last is to be of them.
    pub fn recall_images(&mut self, images: Images) {
        self.own = Some(Own::new(images));
        self.asked.own = self.own.clone();
    }

    /// Whether the settings ask for images that are not there.
    pub fn lacks_images(&self) -> bool {
        self.page.config.dataset == DatasetName::Own && self.own.is_none()
    }
}
