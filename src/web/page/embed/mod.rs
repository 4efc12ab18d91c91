//! The page in somebody else's page: a figure that trains while it is seen, leaves the keyboard to its host, and does what that writes.

mod commands;
mod keys;
mod letters;
mod sight;

use super::Page;
use super::dom::window;
use super::host;
use crate::web::protocol::Event;
use letters::{Post, Standing};
use sight::Sight;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Window};

/// What an embed knows of its surroundings.
#[derive(Default)]
pub struct Embedded {
    sight: Sight,
    /// Whether the host makes slides with reveal.js: it has said so.
    slides: Cell<bool>,
    /// Whether the host has been told that the figure is ready.
    introduced: Cell<bool>,
}

/// The window that embeds the page, if one does.
pub fn host_window() -> Option<Window> {
    window().parent().ok().flatten().filter(|parent| *parent != window())
}

/// Listens to the host, if the page is an embed.
pub fn listen(page: &Rc<Page>) {
    if page.state.borrow().page.embed.is_none() {
        return;
    }
    sight::listen(page);
    keys::listen(page);
    let page = page.clone();
    host::hear(move |message: MessageEvent| {
        if message.source().zip(host_window()).is_some_and(|(source, host)| *source == ***host) {
            page.hear_host(&message.data());
        }
    });
}

impl Page {
    /// Does what the host says. Whatever is not meant for this page is let be.
    fn hear_host(self: &Rc<Self>, said: &JsValue) {
        match said.as_string().as_deref() {
            Some("slide:start") => self.slide(true),
            Some("slide:stop") => self.slide(false),
            _ => {
                if let Some((id, command)) = letters::opened(said) {
                    self.carry_out(&id, command);
                }
            }
        }
    }

    /// reveal.js has come to this slide, or left it.
    fn slide(self: &Rc<Self>, here: bool) {
        self.embedded.slides.set(true);
        self.embedded.sight.slide.set(here);
        self.look_around();
    }

    /// Tells the host what has become of the run that is shown, and once that there is one.
    pub(super) fn tell_host(&self, news: Option<&Event>) {
        let state = self.state.borrow();
        let Some(embed) = state.page.embed else { return };
        let standing = || Standing::of(&state);
        let write = |post| self.write(&post, &JsValue::UNDEFINED);
        if (state.run.is_some() || state.recorded.is_some() || !embed.has_run()) && !self.embedded.introduced.replace(true) {
            write(Post::Ready { state: standing() });
        }
        match news {
            Some(Event::Record { record }) => write(Post::Record { record: Box::new(record.clone().without_points()) }),
            Some(Event::Paused { .. }) => write(Post::Paused { state: standing() }),
            Some(Event::Finished { .. }) => write(Post::Finished { state: standing() }),
            Some(Event::Failed { message }) => write(Post::Failed { message: message.clone() }),
            _ => {}
        }
    }

    /// Writes to the host, of whatever origin: a letter holds nothing but what its link and its commands have led to.
    fn write(&self, post: &Post, id: &JsValue) {
        if let Err(error) = letters::sealed(post, id).and_then(|letter| self.say(&letter)) {
            web_sys::console::error_1(&error);
        }
    }

    fn say(&self, message: &JsValue) -> Result<(), JsValue> {
        host_window().map_or(Ok(()), |host| host.post_message(message, "*"))
    }
}
