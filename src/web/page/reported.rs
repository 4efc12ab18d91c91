//! The committed report: what every run of the galleries, the sweeps and the grid gave, shown until the reader trains them.

use super::Page;
use super::dom::{find, watch, window};
use crate::experiment::Report;
use crate::web::protocol::unpack;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

/// Where it is, beside the page.
const FILE: &str = "report/report.json";
/// What shows it, by id.
const PLACES: [&str; 3] = ["galleries", "sweeps", "grid"];

/// Fetches it once a reader comes to where it is shown. Without it there is nothing to see there before something is trained.
pub fn listen(page: &Rc<Page>) {
    let asked = Rc::new(Cell::new(false));
    for place in PLACES {
        let (page, asked) = (page.clone(), asked.clone());
        watch(&find(place), move |seen| {
            if seen && !asked.replace(true) {
                let page = page.clone();
                spawn_local(async move {
                    if let Ok(report) = fetch().await {
                        page.galleries.iter().for_each(|gallery| gallery.recall(&report));
                        page.sweeps.recall(&report);
                        page.grid.recall(&report);
                    }
                });
            }
        });
    }
}

async fn fetch() -> Result<Report, JsValue> {
    let response: Response = JsFuture::from(window().fetch_with_str(FILE)).await?.dyn_into()?;
    let report = unpack(JsFuture::from(response.json()?).await?)?;
    Report::parse(&report).ok_or(JsValue::NULL)
}
