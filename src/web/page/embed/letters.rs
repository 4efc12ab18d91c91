//! What an embed and its host write to each other: src/web/messages.d.ts says it in TypeScript.

use crate::experiment::{Config, Record};
use crate::web::page::export::Figure;
use crate::web::page::stage::Stage;
use crate::web::page::state::State;
use crate::web::page::strings::fill;
use crate::web::protocol::pack;
use js_sys::{Array, Object, Reflect};
use serde::Serialize;
use serde_bytes::ByteBuf;
use wasm_bindgen::prelude::*;

/// The field that says that a message is such a letter; its value is the version. Another version changes what a letter of this one
/// means, new kinds and fields do not.
const ENVELOPE: &str = "separationPlayground";
const VERSION: f64 = 1.0;

/// What the host asks for.
pub enum Command {
    /// Other values of keys of the link, in its notation.
    Configure(Vec<(String, String)>),
    /// Train on, once the figure is seen.
    Train,
    /// Stop soon.
    Pause,
    /// Train to the end of the epoch.
    Step,
    /// Back to the start.
    Reset,
    /// Show the record nearest to this epoch; none shows the run as it stands.
    Seek(Option<f64>),
    /// Say how the run stands.
    GetState,
    /// Give a figure; none is the one that is shown.
    ExportPicture(Option<Figure>, Format),
}

/// What a picture is made of.
#[derive(Clone, Copy)]
pub enum Format {
    /// Lines and words.
    Svg,
    /// Pixels, two to a CSS px.
    Png,
}

/// What the host is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Post {
    /// There is something to see, and commands are taken.
    Ready { state: Box<Standing> },
    /// The run was measured.
    Record { record: Box<Record> },
    /// It stopped before its end.
    Paused { state: Box<Standing> },
    /// All its epochs are trained.
    Finished { state: Box<Standing> },
    /// The answer to a command that was carried out.
    State { state: Box<Standing> },
    /// The answer to a command that asked for a picture.
    Picture {
        figure: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        svg: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        png: Option<ByteBuf>,
    },
    /// The run cannot go on; or a command was refused.
    Failed { message: String },
    /// A key that nothing here has a use for.
    Key { key: String, code: String, key_code: u32, shift_key: bool },
}

/// How the embed stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    embed: &'static str,
    /// The link that shows the same, without "?".
    link: String,
    stage: &'static str,
    /// Whether the run is to be trained: it trains, or waits to be seen.
    going: bool,
    /// Whether it is a recorded run that is shown, not one of this page.
    recorded: bool,
    /// Epochs trained, and those asked for.
    epoch: f64,
    epochs: u32,
    /// "cpu" or "webgpu"; empty before there is a run.
    engine: String,
    config: Config,
    /// The record that is shown.
    record: Option<Record>,
}

impl Standing {
    /// How `state` stands.
    pub fn of(state: &State) -> Box<Self> {
        let run = state.run.as_ref().filter(|_| state.recorded.is_none());
        let stage = if state.recorded.is_some() && state.stage == Stage::Loading { Stage::Ready } else { state.stage };
        let config = state.page.config.clone();
        Box::new(Self {
            embed: state.page.embed.map_or("", |embed| embed.name()),
            link: state.page.to_query(),
            stage: stage.name(),
            going: state.going,
            recorded: state.recorded.is_some(),
            epoch: if stage == Stage::Loading { 0.0 } else { state.epoch }, // that of the run before is none of this one's
            epochs: config.total_epochs(),
            engine: run.map_or_else(String::new, |run| run.processor.engine.clone()),
            config,
            record: state.record().cloned().map(Record::without_points),
        })
    }
}

/// `post` as it is sent; as an answer it carries the command's `id`.
///
/// # Errors
/// If `post` has no form as a JavaScript object; all of them have.
pub fn sealed(post: &Post, id: &JsValue) -> Result<JsValue, JsValue> {
    let letter = pack(post)?;
    Reflect::set(&letter, &ENVELOPE.into(), &VERSION.into())?;
    if !id.is_undefined() {
        Reflect::set(&letter, &"id".into(), id)?;
    }
    Ok(letter)
}

/// The command in a message and its id, or what is wrong with it; none if the message is no letter of ours.
pub fn opened(message: &JsValue) -> Option<(JsValue, Result<Command, String>)> {
    let field = |name: &str| message.is_object().then(|| Reflect::get(message, &name.into()).ok()).flatten().unwrap_or_default();
    let version = field(ENVELOPE);
    if version.is_undefined() {
        return None;
    }
    let id = Some(field("id")).filter(|id| id.is_string() || id.as_f64().is_some()).unwrap_or_default();
    let command = if version.as_f64() == Some(VERSION) {
        let kind = field("type");
        match kind.as_string().as_deref() {
            Some("configure") => settings(&field("settings")),
            Some("train") => Ok(Command::Train),
            Some("pause") => Ok(Command::Pause),
            Some("step") => Ok(Command::Step),
            Some("reset") => Ok(Command::Reset),
            Some("seek") => epoch(&field("epoch")),
            Some("getState") => Ok(Command::GetState),
            Some("exportPicture") => picture(&field("figure"), &field("format")),
            _ => Err(refused("message.type", &kind)),
        }
    } else {
        Err(refused("message.version", &version))
    };
    Some((id, command))
}

/// { key: value } in the link's notation: numbers and flags as they are written, lists with commas.
fn settings(value: &JsValue) -> Result<Command, String> {
    let object = value.dyn_ref::<Object>().filter(|object| !Array::is_array(object)).ok_or_else(|| refused("message.settings", value))?;
    let setting = |entry: JsValue| {
        let entry = Array::from(&entry);
        (entry.get(0).as_string().unwrap_or_default(), notation(&entry.get(1)))
    };
    Ok(Command::Configure(Object::entries(object).iter().map(setting).collect()))
}

fn epoch(value: &JsValue) -> Result<Command, String> {
    let last = value.is_undefined() || value.is_null();
    let epoch = value.as_f64().filter(|epoch| *epoch >= 0.0);
    if epoch.is_some() || last { Ok(Command::Seek(epoch)) } else { Err(refused("message.epoch", value)) }
}

fn picture(figure: &JsValue, format: &JsValue) -> Result<Command, String> {
    let named = figure.as_string().and_then(|name| Figure::named(&name));
    if named.is_none() && !figure.is_undefined() {
        return Err(refused("message.figure", figure));
    }
    match format.as_string().as_deref() {
        Some("svg") => Ok(Command::ExportPicture(named, Format::Svg)),
        Some("png") => Ok(Command::ExportPicture(named, Format::Png)),
        _ => Err(refused("message.format", format)),
    }
}

/// What is wrong, and what would be accepted: text `key`. However much is given, the answer is short.
fn refused(key: &str, value: &JsValue) -> String {
    fill(key, &[("value", &notation(value).chars().take(60).collect::<String>())])
}

/// A value as a link would write it.
fn notation(value: &JsValue) -> String {
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().map(|item| notation(&item)).collect::<Vec<_>>().join(",");
    }
    let simple = value.as_string().or_else(|| value.as_f64().map(|number| number.to_string()));
    simple.or_else(|| value.as_bool().map(|flag| flag.to_string())).unwrap_or_else(|| {
        // Objects and what else a message may hold have no such form, and are refused by what reads it.
        value.js_typeof().as_string().unwrap_or_default()
    })
}
