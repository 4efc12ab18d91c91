//! Where runs come from: the settings, a file, or the session's storage.

use crate::dataset::Dataset;
use crate::experiment::{Config, DatasetName, History, Record, Run, file};
use crate::web::data;
use crate::web::protocol::unpack;
use crate::web::rest::Rest;
use crate::web::storage::Storage;
use js_sys::JSON;

/// Where the bundled subsets lie, relative to worker.js.
const DATA_URL: &str = "data/";

/// The subset fetched last: most new runs use it again.
#[derive(Default)]
pub struct Shelf {
    subset: Option<(DatasetName, Dataset)>,
}

impl Shelf {
    /// A run of `config`, and its record of epoch 0.
    pub async fn fresh(&mut self, config: Config, film: bool) -> Result<(Run, History), String> {
        let mut run = Run::new(config.clone(), self.subset(config.dataset).await?).map_err(|error| error.to_string())?;
        if film {
            run.film();
        }
        recorded(run, History::default()).await
    }

    /// The run in a file, and what was recorded of it.
    pub async fn opened(&mut self, file: &[u8]) -> Result<(Run, History), String> {
        let mut saved = file::load(file).map_err(|error| error.to_string())?;
        let records = match std::mem::take(&mut saved.records) {
            none if none.is_empty() => History::default(),
            // The checksum has been right: whoever wrote this file meant something else by it.
            text => JSON::parse(&text).and_then(unpack).map_err(|_| "The records of the file are of another kind.".to_owned())?,
        };
        let subset = self.subset(saved.config.dataset).await?;
        let mut run = saved.resume(subset).await.map_err(|error| error.to_string())?;
        run.film();
        recorded(run, records).await
    }

    /// The run of the session; one that cannot be had, or cannot be read, is replaced by a fresh one.
    pub async fn recalled(&mut self, storage: Option<&Storage>, config: Config) -> Result<(Run, History), String> {
        if let Some(storage) = storage
            && let Ok(Some(file)) = storage.get().await
            && let Ok(run) = self.opened(&file).await
        {
            return Ok(run);
        }
        self.fresh(config, true).await
    }

    async fn subset(&mut self, name: DatasetName) -> Result<&Dataset, String> {
        let subset = match self.subset.take() {
            Some((before, subset)) if before == name => subset,
            _ => data::fetch(name, |file| format!("{DATA_URL}{file}")).await?,
        };
        Ok(&self.subset.insert((name, subset)).1)
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
