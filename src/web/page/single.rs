//! The page as one file that works without a server: what it is made of comes from the build (xtask/src/single.rs), what it carries from here.

use super::Page;
use super::dom::window;
use super::host;
use super::spelling::letters;
use crate::dataset::{Bundled, DatasetName, FILES};
use crate::experiment::{Config, PageState, Recording};
use crate::web::protocol::{pack, unpack};
use js_sys::{JSON, JsString, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Where the build puts it.
const SINGLE: &str = "single.html";

/// Around what it carries.
const CARRIED: (&str, &str) = ("<script type=\"application/json\" id=\"carried\">", "</script>");

/// What a file carries.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Carried {
    /// The page's link, without "?".
    query: String,
    /// What was recorded of its run, if that was trained.
    recording: Option<Recording>,
}

/// The run that this page brings along as a recording, and its config; none on a server.
pub fn recording() -> Option<(Config, Recording)> {
    let carried = JSON::parse(&host::file()?.carried).and_then(unpack::<Carried>).ok()?;
    Some((PageState::parse(&carried.query).0.config, carried.recording?))
}

impl Page {
    /// The one file, carrying the page as it stands: its link, and the curves of a run that was trained.
    ///
    /// # Errors
    /// Why a part could not be loaded.
    pub async fn single(&self) -> Result<String, String> {
        let (query, recording, dataset) = {
            let state = self.state.borrow();
            let page = state.whole();
            let trained = state.epoch > 0.0 && state.recorded.is_none() && !state.pending();
            let recording = trained.then(|| Recording::new(state.history.records()));
            (page.to_query(), recording, page.config.dataset)
        };
        let (source, data) = match host::file() {
            Some(file) => (file.source, String::new()),
            None => (text(SINGLE).await?, images(dataset).await?),
        };
        // In JSON "<" stands in strings alone, and there it can be written otherwise; so nothing ends the script.
        let carried = pack(&Carried { query, recording }).and_then(|carried| JSON::stringify(&carried));
        let carried = String::from(carried.map_err(|why| reason(SINGLE, &why))?).replace('<', "\\u003c");
        let whole = source.split_once(CARRIED.0).and_then(|(head, rest)| Some((head, rest.split_once(CARRIED.1)?.1)));
        let (head, tail) = whole.ok_or_else(|| format!("{SINGLE} is not what it should be"))?;
        Ok([head, &data, CARRIED.0, &carried, CARRIED.1, tail].concat())
    }
}

/// The parts that hold the images of `dataset`, unless every such file has them.
async fn images(dataset: DatasetName) -> Result<String, String> {
    let mut parts = String::new();
    let Some(Bundled { id, .. }) = dataset.bundled().filter(|bundled| bundled.name != DatasetName::Fashion10) else { return Ok(parts) };
    for file in FILES {
        let name = format!("data/{id}/{file}.gz");
        let bytes = load(&name).await?.array_buffer().map_err(|why| reason(&name, &why))?;
        let bytes = Uint8Array::new(&JsFuture::from(bytes).await.map_err(|why| reason(&name, &why))?).to_vec();
        parts += &format!("<script type=\"text/plain\" data-file=\"{name}\">{}</script>\n", letters(&bytes));
    }
    Ok(parts)
}

async fn text(name: &str) -> Result<String, String> {
    let text = JsFuture::from(load(name).await?.text().map_err(|why| reason(name, &why))?).await.map_err(|why| reason(name, &why))?;
    Ok(text.unchecked_into::<JsString>().into())
}

async fn load(name: &str) -> Result<Response, String> {
    let response = JsFuture::from(window().fetch_with_str(name)).await.map_err(|why| reason(name, &why))?.unchecked_into::<Response>();
    if response.ok() { Ok(response) } else { Err(format!("{name}: {} {}", response.status(), response.status_text())) }
}

fn reason(name: &str, why: &JsValue) -> String {
    let said = why.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    format!("{name}: {}", said.unwrap_or_default())
}
