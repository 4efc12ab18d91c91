//! The bundled subsets, fetched.

use crate::dataset::{Dataset, DatasetName, FILES, idx};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{Blob, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, Response};

#[wasm_bindgen]
extern "C" {
    /// The global function of windows, workers and Node.
    #[wasm_bindgen(js_name = fetch)]
    fn start_fetch(url: &str) -> Promise;

    /// Still unstable in web-sys.
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Fetches bundled subset `name`; `locate` gives the URL of a file such as "fashion-mnist-10x10/test-labels-idx1-ubyte.gz", `heard` gets the
/// bytes that are there, whenever there are more.
///
/// # Errors
/// A message that names the file and what went wrong.
pub async fn fetch(name: DatasetName, locate: impl Fn(&str) -> String, heard: impl Fn(f64) + 'static) -> Result<Dataset, String> {
    let bundled = name.bundled().ok_or("dataset is \"own\", but no data came with it. Give the data, or use a bundled dataset.")?;
    let urls = FILES.map(|file| locate(&format!("{}/{file}.gz", bundled.id)));
    if urls[0].starts_with("file:") {
        return Err("The bundled data cannot be fetched from a file. Give data, or the dataUrl of a server.".into());
    }
    let there = Cell::new(0.0);
    let heard: Rc<dyn Fn(u32)> = Rc::new(move |more| {
        there.set(there.get() + f64::from(more));
        heard(there.get());
    });
    // As promises, so that the four downloads run at once.
    let downloads = urls.map(|url| {
        let heard = heard.clone();
        future_to_promise(async move { download(&url, &*heard).await.map(JsValue::from).map_err(|error| failure(&url, &error).into()) })
    });
    let files = JsFuture::from(Promise::all(&Array::from_iter(downloads))).await.map_err(|error| error.as_string().unwrap_or_default())?;
    let files: [Uint8Array; 4] = std::array::from_fn(|i| Array::from(&files).get(i as u32).unchecked_into());
    bundled.from_files(files.map(|bytes| bytes.to_vec())).map_err(|error| error.to_string())
}

fn failure(url: &str, error: &JsValue) -> String {
    let reason = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message())).or_else(|| error.as_string());
    format!("{url} could not be loaded: {}", reason.unwrap_or_default())
}

/// The file at `url`, unpacked.
async fn download(url: &str, heard: &dyn Fn(u32)) -> Result<Uint8Array, JsValue> {
    let response: Response = JsFuture::from(start_fetch(url)).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("the server answered {} {}", response.status(), response.status_text()).trim().into());
    }
    let packed = match response.body() {
        Some(body) => parts(body, heard).await?,
        None => Uint8Array::default(),
    };
    // Some servers unpack on the way, so the name tells nothing.
    if !idx::is_gzip(&packed.slice(0, 2).to_vec()) {
        return Ok(packed);
    }
    let gunzip = DecompressionStream::new("gzip")?;
    let unpacked = Blob::new_with_u8_array_sequence(&Array::of1(&packed))?.stream().pipe_through(&gunzip);
    bytes(&Response::new_with_opt_readable_stream(Some(&unpacked))?).await.map_err(|_| "it is cut off or damaged".into())
}

/// What comes out of `body`, part by part.
async fn parts(body: ReadableStream, heard: &dyn Fn(u32)) -> Result<Uint8Array, JsValue> {
    let (reader, parts) = (ReadableStreamDefaultReader::new(&body)?, Array::new());
    loop {
        let read = JsFuture::from(reader.read()).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            return bytes(&Response::new_with_opt_blob(Some(&Blob::new_with_u8_array_sequence(&parts)?))?).await;
        }
        let part: Uint8Array = Reflect::get(&read, &"value".into())?.dyn_into()?;
        heard(part.length());
        parts.push(&part);
    }
}

async fn bytes(response: &Response) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?))
}
