//! What the host's commands do; each that has an id is answered.

use super::letters::{Command, Format, Post, Standing};
use crate::experiment::Embed;
use crate::web::page::export::Figure;
use crate::web::page::state::State;
use crate::web::page::strings::text;
use crate::web::page::{Page, Stale};
use serde_bytes::ByteBuf;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

impl Page {
    /// Carries out a command, and answers it. One that cannot be read, or is refused, changes nothing.
    pub(super) fn carry_out(self: &Rc<Self>, id: &JsValue, command: Result<Command, String>) {
        if let Ok(Command::ExportPicture(figure, format)) = command {
            return self.picture(id, figure, format);
        }
        match command.and_then(|command| self.command(command)) {
            Ok(()) if id.is_undefined() => {}
            Ok(()) => self.write(&Post::State { state: Standing::of(&self.state.borrow()) }, id),
            Err(message) => self.write(&Post::Failed { message }, id),
        }
    }

    fn command(self: &Rc<Self>, command: Command) -> Result<(), String> {
        let drives = matches!(command, Command::Train | Command::Pause | Command::Step | Command::Reset | Command::Seek(_));
        if drives && !self.state.borrow().page.embed.is_some_and(|embed| embed.has_run()) {
            return Err(text("message.no-run"));
        }
        match command {
            Command::Configure(settings) => {
                let own = self.state.borrow().own.is_some();
                let mut link = self.state.borrow().page.with(&settings).map_err(|error| error.to_string())?;
                link.settle_data(own).first().map_or(Ok(()), |error| Err(error.to_string()))?;
                self.obey(|state| state.revisit(link));
                self.replace();
                self.recolor();
                self.settle();
            }
            Command::Train => self.train(),
            Command::Pause => self.obey(State::pause),
            Command::Step => self.obey(State::step),
            Command::Reset => self.reset(),
            Command::Seek(epoch) => {
                self.state.borrow_mut().seek(epoch);
                self.refresh(Stale::Everything);
            }
            Command::GetState | Command::ExportPicture(..) => {} // the answer is all
        }
        Ok(())
    }

    /// Answers with a picture of the figure.
    fn picture(self: &Rc<Self>, id: &JsValue, figure: Option<Figure>, format: Format) {
        let (page, id) = (self.clone(), id.clone());
        let figure = figure.unwrap_or_else(|| match page.state.borrow().page.embed {
            Some(Embed::Simplex) => Figure::Simplex,
            Some(Embed::Loss) => Figure::Loss,
            Some(Embed::LayerPeeled) => Figure::LayerPeeled,
            Some(Embed::Decay | Embed::All) | None => Figure::Decay,
        });
        spawn_local(async move {
            let (svg, png) = match format {
                Format::Svg => (page.figure_svg(figure), None),
                Format::Png => (None, page.figure_png(figure).await.map(ByteBuf::from)),
            };
            let drawn = svg.is_some() || png.is_some();
            let failed = || Post::Failed { message: text("message.no-picture") };
            page.write(&if drawn { Post::Picture { figure: figure.name(), svg, png } } else { failed() }, &id);
        });
    }
}
