//! JavaScript values from and to Rust, with errors that name the value and what is accepted.

use crate::dataset::{Dataset, Given, own};
use crate::experiment::Config;
use crate::separation::Feature;
use js_sys::{Error, Float32Array, Float64Array, Int32Array, Object, Reflect, Uint8Array, Uint16Array};
use ndarray::ArrayView2;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

/// An `Error` with that message, to throw.
pub fn thrown(message: impl ToString) -> JsValue {
    Error::new(&message.to_string()).into()
}

/// Whether an optional argument was left out.
pub fn absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// `value` as a plain JavaScript object: maps as objects, None as null.
pub fn plain(value: &(impl Serialize + ?Sized)) -> Result<JsValue, JsValue> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(thrown)
}

/// A config; what is left out is the default.
pub fn config(value: &JsValue) -> Result<Config, JsValue> {
    if absent(value) {
        return Ok(Config::default());
    }
    let refuse = || refused("config", value, "an object of settings");
    let object = value.dyn_ref::<Object>().ok_or_else(refuse)?;
    let mut settings = serde_json::Map::new();
    for entry in Object::entries(object) {
        let entry = js_sys::Array::from(&entry);
        let (key, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
        if value.is_undefined() {
            continue; // left out, as in any JavaScript object
        }
        // JSON has no NaN and no infinity: they would arrive as null, which some settings accept.
        if value.as_f64().is_some_and(|number| !number.is_finite()) {
            return Err(refused(&key, &value, "a finite number"));
        }
        let value = if js_sys::ArrayBuffer::is_view(&value) { js_sys::Array::from(&value).into() } else { value };
        settings.insert(key, serde_wasm_bindgen::from_value(value).map_err(|_| refuse())?);
    }
    Config::from_json(&settings.into()).map_err(thrown)
}

/// A positive whole number, if given.
pub fn whole(name: &str, value: &JsValue) -> Result<Option<u32>, JsValue> {
    if absent(value) {
        return Ok(None);
    }
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&number) => Ok(Some(number as u32)),
        _ => Err(refused(name, value, "a whole number from 1")),
    }
}

/// Setting `name` of `settings`, a whole number, if given.
pub fn count(settings: &JsValue, name: &str) -> Result<Option<usize>, JsValue> {
    let value = member(settings, name)?;
    if absent(&value) {
        return Ok(None);
    }
    match value.as_f64() {
        Some(number) if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) => Ok(Some(number as usize)),
        _ => Err(refused(name, &value, "a whole number")),
    }
}

/// Setting `name` of `settings`, a number.
pub fn number(settings: &JsValue, name: &str) -> Result<f64, JsValue> {
    let value = member(settings, name)?;
    value.as_f64().ok_or_else(|| refused(name, &value, "a number"))
}

/// Option `name` of `options`, if given.
pub fn option<T: JsCast>(options: &JsValue, name: &str, accepted: &str) -> Result<Option<T>, JsValue> {
    let value = member(options, name)?;
    if absent(&value) {
        return Ok(None);
    }
    value.dyn_into().map(Some).map_err(|value| refused(name, &value, accepted))
}

/// Option `name` of `options`, one of a few words, if given.
pub fn choice<T: DeserializeOwned>(options: &JsValue, name: &str, accepted: &str) -> Result<Option<T>, JsValue> {
    let value = member(options, name)?;
    if absent(&value) {
        return Ok(None);
    }
    serde_wasm_bindgen::from_value(value.clone()).map(Some).map_err(|_| refused(name, &value, accepted))
}

/// Option `name` of `options`, a text, if given.
pub fn text(options: &JsValue, name: &str) -> Result<Option<String>, JsValue> {
    let value = member(options, name)?;
    if absent(&value) {
        return Ok(None);
    }
    value.as_string().map(Some).ok_or_else(|| refused(name, &value, "a text"))
}

/// Numbers of either precision.
pub enum Features {
    /// From a Float32Array.
    Single(Vec<f32>),
    /// From a Float64Array.
    Double(Vec<f64>),
}

impl Features {
    /// All of them in double precision.
    pub fn doubles(self) -> Vec<f64> {
        match self {
            Self::Single(values) => values.into_iter().map(f64::from).collect(),
            Self::Double(values) => values,
        }
    }
}

/// Features, `[n x dim]`, row-major.
pub fn features(name: &str, value: &JsValue) -> Result<Features, JsValue> {
    if let Some(array) = value.dyn_ref::<Float32Array>() {
        Ok(Features::Single(array.to_vec()))
    } else if let Some(array) = value.dyn_ref::<Float64Array>() {
        Ok(Features::Double(array.to_vec()))
    } else {
        Err(refused(name, value, "a Float32Array or Float64Array"))
    }
}

/// Features of a point.
pub fn dim(name: &str, value: &JsValue) -> Result<usize, JsValue> {
    let dim = whole(name, value)?.ok_or_else(|| thrown(format!("{name} is missing. Use the number of features of a point.")))?;
    Ok(dim as usize)
}

/// `features` as rows of `dim`.
pub fn rows<'a, T: Feature>(name: &str, features: &'a [T], dim: usize) -> Result<ArrayView2<'a, T>, JsValue> {
    if !features.len().is_multiple_of(dim) {
        return Err(thrown(format!("{name} has {} numbers, which dim {dim} does not divide.", features.len())));
    }
    ArrayView2::from_shape((features.len() / dim, dim), features).map_err(thrown)
}

/// Labels, one a point.
pub fn labels(name: &str, value: &JsValue) -> Result<Vec<i32>, JsValue> {
    if let Some(array) = value.dyn_ref::<Uint8Array>() {
        Ok(array.to_vec().into_iter().map(i32::from).collect())
    } else if let Some(array) = value.dyn_ref::<Uint16Array>() {
        Ok(array.to_vec().into_iter().map(i32::from).collect())
    } else if let Some(array) = value.dyn_ref::<Int32Array>() {
        Ok(array.to_vec())
    } else {
        Err(refused(name, value, "a Uint8Array, Uint16Array or Int32Array"))
    }
}

/// Data of the caller's own.
pub fn dataset(data: &JsValue) -> Result<Dataset, JsValue> {
    if absent(data) {
        return Err(thrown("dataset is \"own\", but no data came with it. Give data, or use a bundled dataset."));
    }
    let number =
        |name| whole(name, &member(data, name)?)?.ok_or_else(|| thrown(format!("data.{name} is missing. Use a whole number from 1.")));
    let (classes, dim) = (number("classes")?, number("dim")?);
    let train = points("data.train", &member(data, "train")?)?.ok_or_else(|| thrown("data.train is missing. Use { features, labels }."))?;
    let test = points("data.test", &member(data, "test")?)?;
    own(classes as usize, dim as usize, train, test).map_err(thrown)
}

fn points(name: &str, value: &JsValue) -> Result<Option<Given>, JsValue> {
    if absent(value) {
        return Ok(None);
    }
    let features = match features(&format!("{name}.features"), &member(value, "features")?)? {
        Features::Single(values) => values,
        Features::Double(values) => values.into_iter().map(|value| value as f32).collect(),
    };
    Ok(Some(Given { features, labels: labels(&format!("{name}.labels"), &member(value, "labels")?)? }))
}

/// What `object` has by that name.
pub fn member(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    match object {
        _ if absent(object) => Ok(JsValue::UNDEFINED),
        _ if object.is_object() => Reflect::get(object, &name.into()),
        _ => Err(thrown(format!("{} has no {name}. Use an object.", shown(object)))),
    }
}

/// That `name` is not as it should be.
pub fn refused(name: &str, value: &JsValue, accepted: &str) -> JsValue {
    thrown(format!("{name} is {}. Use {accepted}.", shown(value)))
}

/// A value in a message.
pub fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        format!("\"{text}\"")
    } else if let Some(number) = value.as_f64() {
        number.to_string()
    } else if let Some(truth) = value.as_bool() {
        truth.to_string()
    } else if value.is_undefined() {
        "missing".to_owned()
    } else if value.is_null() {
        "null".to_owned()
    } else {
        String::from(Object::from(value.clone()).to_string())
    }
}
