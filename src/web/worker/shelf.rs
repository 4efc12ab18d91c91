//! Where runs come from: the settings, a file, or the session's storage.

use crate::dataset::Dataset;
use crate::experiment::{Config, DatasetName, History, Record, Run, file};
use crate::images::Images;
use crate::web::data;
use crate::web::protocol::unpack;
use crate::web::rest::Rest;
use crate::web::storage::Storage;
use js_sys::JSON;

/// Where the bundled subsets lie, relative to worker.js.
const DATA_URL: &str = "data/";

/// The data used last: most new runs use them again.
#[derive(Default)]
pub struct Shelf {
    data: Option<(DatasetName, Dataset)>,
    /// The reader's own.
    images: Option<Images>,
    /// Whether the storage has them too.
    stored: bool,
}

impl Shelf {
    /// The reader's own images, in place of those before.
    pub fn give(&mut self, images: Images) {
        self.images = Some(images);
        self.stored = false;
        self.data.take_if(|(name, _)| *name == DatasetName::Own);
    }

    /// Stores them beside a run of `dataset` that uses them. A storage that is full has none, and a page that is loaded again says so.
    pub async fn store(&mut self, storage: Option<&Storage>, dataset: DatasetName) {
        if let (Some(storage), Some(images), DatasetName::Own, false) = (storage, &self.images, dataset, self.stored) {
            self.stored = true;
            let _ = storage.put_images(images).await;
        }
    }

    /// Those that the session stored, if it did.
    pub async fn recall(&mut self, storage: Option<&Storage>) -> Option<Images> {
        let images = storage?.images().await.ok().flatten()?;
        self.give(images.clone());
        self.stored = true;
        Some(images)
    }

    /// A run of `config`, and its record of epoch 0. `loading` hears of images that are loaded for it, here and below.
    pub async fn fresh(&mut self, config: Config, film: bool, loading: impl Fn(f64) + 'static) -> Result<(Run, History), String> {
        let mut run = Run::new(config.clone(), self.data(config.dataset, loading).await?).map_err(|error| error.to_string())?;
        if film {
            run.film();
        }
        recorded(run, History::default()).await
    }

    /// The run in a file, and what was recorded of it.
    pub async fn opened(&mut self, file: &[u8], loading: impl Fn(f64) + 'static) -> Result<(Run, History), String> {
        let mut saved = file::load(file).map_err(|error| error.to_string())?;
        let records = match std::mem::take(&mut saved.records) {
            none if none.is_empty() => History::default(),
            // The checksum has been right: whoever wrote this file meant something else by it.
            text => JSON::parse(&text).and_then(unpack).map_err(|_| "The records of the file are of another kind.".to_owned())?,
        };
        if let (Some(checksum), None) = (saved.data, &self.images) {
            return Err(format!(
                "The run in this file was trained on data of the reader's own, which no such file holds: those with checksum {checksum:016x}. \
                 Choose the same files of images, size and number per class first, then open it again."
            ));
        }
        let data = self.data(saved.config.dataset, loading).await?;
        let mut run = saved.resume(data).await.map_err(|error| error.to_string())?;
        run.film();
        recorded(run, records).await
    }

    /// The run of the session; one that cannot be had, or cannot be read, is replaced by a fresh one.
    pub async fn recalled(
        &mut self,
        storage: Option<&Storage>,
        config: Config,
        loading: impl Fn(f64) + Clone + 'static,
    ) -> Result<(Run, History), String> {
        if let Some(storage) = storage
            && let Ok(Some(file)) = storage.get().await
            && let Ok(run) = self.opened(&file, loading.clone()).await
        {
            return Ok(run);
        }
        self.fresh(config, true, loading).await
    }

    async fn data(&mut self, name: DatasetName, loading: impl Fn(f64) + 'static) -> Result<&Dataset, String> {
        let data = match (self.data.take(), &self.images) {
            (Some((before, data)), _) if before == name => data,
            (_, Some(images)) if name == DatasetName::Own => images.dataset().map_err(|error| error.to_string())?,
            _ => data::fetch(name, |file| format!("{DATA_URL}{file}"), loading).await?,
        };
        Ok(&self.data.insert((name, data)).1)
    }
}

/// `run`, with a record of where it stands. Files have no simplex pictures: a record from one gets its own again.
async fn recorded(mut run: Run, mut records: History) -> Result<(Run, History), String> {
    let mut rest = Rest::new();
    let measured = run.record(async || rest.if_due().await).await.map_err(|error| error.to_string());
    let record = match (records.at(run.epoch()), measured) {
        (Some(before), Ok(Record { collapse, .. })) => Record { collapse, ..before.clone() },
        (Some(before), Err(_)) => before.clone(),
        (None, measured) => measured?,
    };
    records.push(record);
    Ok((run, records))
}
