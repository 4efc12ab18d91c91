//! Where a worker keeps its run, and the reader's own images, so that a page that is loaded again finds them: IndexedDB.

use super::protocol::{pack, unpack};
use crate::images::Images;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "separation-playground";
const STORE: &str = "runs";
/// Sessions that are kept; their names sort by age, and the oldest go first.
const MOST: usize = 12;

/// What the images' key has behind the session's, so that both go together.
const IMAGES: &str = " images";

/// A session's entries.
pub struct Storage {
    database: IdbDatabase,
    session: String,
}

impl Storage {
    /// The entries of `session`, which has a name.
    ///
    /// # Errors
    /// If the session has no name, or the browser allows no storage here.
    pub async fn open(session: &str) -> Result<Self, JsValue> {
        if session.is_empty() {
            return Err(JsValue::NULL);
        }
        let factory: IdbFactory = Reflect::get(&js_sys::global(), &"indexedDB".into())?.dyn_into()?;
        let opening = factory.open_with_u32(DATABASE, 1)?;
        let upgrade = {
            let opening = opening.clone();
            Closure::once_into_js(move || database(&opening)?.create_object_store(STORE).map(drop))
        };
        opening.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        answer(&opening).await?;
        let storage = Self { database: database(&opening)?, session: session.to_owned() };
        storage.tidy().await?;
        Ok(storage)
    }

    /// What the session stored last.
    ///
    /// # Errors
    /// If the storage cannot be read.
    pub async fn get(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let value = answer(&self.store(IdbTransactionMode::Readonly)?.get(&self.key())?).await?;
        Ok(value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
    }

    /// Stores `bytes` in place of what was there.
    ///
    /// # Errors
    /// If there is no room.
    pub async fn put(&self, bytes: &[u8]) -> Result<(), JsValue> {
        let store = self.store(IdbTransactionMode::Readwrite)?;
        answer(&store.put_with_key(&Uint8Array::from(bytes), &self.key())?).await.map(drop)
    }

    /// The images that the session stored last.
    ///
    /// # Errors
    /// If the storage cannot be read, or has images of another kind.
    pub async fn images(&self) -> Result<Option<Images>, JsValue> {
        let value = answer(&self.store(IdbTransactionMode::Readonly)?.get(&self.images_key())?).await?;
        if value.is_undefined() { Ok(None) } else { unpack(value).map(Some) }
    }

    /// Stores images in place of what was there.
    ///
    /// # Errors
    /// If there is no room.
    pub async fn put_images(&self, images: &Images) -> Result<(), JsValue> {
        let store = self.store(IdbTransactionMode::Readwrite)?;
        answer(&store.put_with_key(&pack(images)?, &self.images_key())?).await.map(drop)
    }

    /// Forgets the run that was stored.
    ///
    /// # Errors
    /// If the storage cannot be written.
    pub async fn clear(&self) -> Result<(), JsValue> {
        answer(&self.store(IdbTransactionMode::Readwrite)?.delete(&self.key())?).await.map(drop)
    }

    /// Lets go of the oldest sessions.
    async fn tidy(&self) -> Result<(), JsValue> {
        let store = self.store(IdbTransactionMode::Readwrite)?;
        let keys: Array = answer(&store.get_all_keys()?).await?.dyn_into()?;
        let session = |key: &JsValue| key.as_string().unwrap_or_default().trim_end_matches(IMAGES).to_owned();
        let mut sessions: Vec<String> = keys.iter().map(|key| session(&key)).collect();
        sessions.dedup();
        let old = &sessions[..sessions.len().saturating_sub(MOST)];
        for key in keys.iter().filter(|key| session(key) != self.session && old.contains(&session(key))) {
            store.delete(&key)?;
        }
        Ok(())
    }

    fn key(&self) -> JsValue {
        self.session.as_str().into()
    }

    fn images_key(&self) -> JsValue {
        format!("{}{IMAGES}", self.session).into()
    }

    fn store(&self, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
        self.database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
    }
}

fn database(opening: &IdbOpenDbRequest) -> Result<IdbDatabase, JsValue> {
    opening.result()?.dyn_into()
}

/// The result of `request`, once it is there.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await?;
    request.result()
}
