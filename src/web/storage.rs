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

/// Why there is no storage, or no room in it, in the browser's words; empty if nothing is to be stored.
#[derive(Clone, Debug)]
pub struct Refused(pub String);

impl From<JsValue> for Refused {
    fn from(error: JsValue) -> Self {
        let part = |name: &str| Reflect::get(&error, &name.into()).ok().and_then(|part| part.as_string()).filter(|part| !part.is_empty());
        Self(part("message").or_else(|| part("name")).unwrap_or_else(|| "IndexedDB".to_owned()))
    }
}

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
    pub async fn open(session: &str) -> Result<Self, Refused> {
        if session.is_empty() {
            return Err(Refused(String::new()));
        }
        Ok(Self::opened(session).await?)
    }

    async fn opened(session: &str) -> Result<Self, JsValue> {
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
    pub async fn put(&self, bytes: &[u8]) -> Result<(), Refused> {
        Ok(self.written(&Uint8Array::from(bytes), &self.key()).await?)
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
        self.written(&pack(images)?, &self.images_key()).await
    }

    /// Waits until `value` is written: a request may be answered before there turns out to be no room.
    async fn written(&self, value: &JsValue, key: &JsValue) -> Result<(), JsValue> {
        let store = self.store(IdbTransactionMode::Readwrite)?;
        let transaction = store.transaction();
        let request = store.put_with_key(value, key)?;
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        let written = JsFuture::from(done).await.map(drop);
        let error = || transaction.error().or_else(|| request.error().ok().flatten());
        written.map_err(|_| error().map(JsValue::from).unwrap_or_default())
    }

    /// Forgets the run that was stored.
    ///
    /// # Errors
    /// If the storage cannot be written.
    pub async fn clear(&self) -> Result<(), Refused> {
        let deleting = self.store(IdbTransactionMode::Readwrite)?.delete(&self.key())?;
        Ok(answer(&deleting).await.map(drop)?)
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
    let answered = JsFuture::from(done).await;
    answered.map_err(|_| request.error().ok().flatten().map(JsValue::from).unwrap_or_default())?;
    request.result()
}
