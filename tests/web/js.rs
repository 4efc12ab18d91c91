//! JavaScript values, made and read.

use js_sys::{Error, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A JavaScript value from its source text.
pub fn js(source: &str) -> JsValue {
    Function::new_no_args(&format!("return ({source})")).call0(&JsValue::UNDEFINED).unwrap()
}

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or_else(|| panic!("{name} is no number"))
}

pub fn message(error: JsValue) -> String {
    error.dyn_into::<Error>().expect("an Error").message().into()
}

pub async fn resolved(promise: Result<Promise, JsValue>) -> JsValue {
    JsFuture::from(promise.unwrap()).await.unwrap()
}

/// 120 points of 4 features in 3 classes, around three corners.
pub fn data() -> JsValue {
    js("{ classes: 3, dim: 4, train: {
        features: Float32Array.from({ length: 480 }, (_, i) => (i % 4 === (i >> 2) % 3 ? 2 : 0) + Math.sin(i * 12.9898)),
        labels: Uint8Array.from({ length: 120 }, (_, i) => i % 3) } }")
}
