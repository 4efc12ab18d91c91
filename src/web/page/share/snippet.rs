//! Code that puts the page into somebody else's: HTML, slides, a notebook.

/// Where the code is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any HTML page.
    Iframe,
    /// A slide of reveal.js.
    Reveal,
    /// A slide of Quarto.
    Quarto,
    /// A cell of a notebook.
    Jupyter,
}

impl Kind {
    /// The kind of this name in the form.
    pub fn named(name: &str) -> Self {
        match name {
            "reveal" => Self::Reveal,
            "quarto" => Self::Quarto,
            "jupyter" => Self::Jupyter,
            _ => Self::Iframe,
        }
    }
}

/// A panel for an iframe.
pub struct Embed {
    /// The figure: a value of the link's `embed`.
    pub figure: String,
    /// Names of parts to leave out: values of the link's `hide`.
    pub hidden: Vec<String>,
    /// Whether it trains without being asked.
    pub autoplay: bool,
    /// Width and height, CSS px.
    pub size: (u32, u32),
}

impl Embed {
    /// The query of the whole page, `whole`, made one of this panel.
    pub fn query(&self, whole: &str) -> String {
        let mut pairs: Vec<String> = whole.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
        pairs.push(format!("embed={}", self.figure));
        if !self.hidden.is_empty() {
            pairs.push(format!("hide={}", self.hidden.join(",")));
        }
        if self.autoplay && !pairs.iter().any(|pair| pair == "autoplay=true") {
            pairs.push("autoplay=true".to_owned());
        }
        pairs.join("&")
    }

    /// The code that shows `address` under a title.
    pub fn code(&self, kind: Kind, address: &str, title: &str) -> String {
        let (width, height) = self.size;
        let attribute = address.replace('&', "&amp;").replace('"', "&quot;");
        match kind {
            Kind::Iframe => format!(
                "<iframe src=\"{attribute}\"\n  width=\"{width}\" height=\"{height}\" title=\"{title}\" loading=\"lazy\" style=\"border: 0\"></iframe>"
            ),
            Kind::Reveal => format!(
                "<section>\n  <h2>{title}</h2>\n  <iframe data-src=\"{attribute}\"\n    data-preload width=\"{width}\" height=\"{height}\" title=\"{title}\" style=\"border: 0\"></iframe>\n</section>"
            ),
            Kind::Quarto => format!("## {title} {{background-iframe=\"{address}\" background-interactive=true}}"),
            Kind::Jupyter => format!("from IPython.display import IFrame\n\nIFrame(\"{address}\", width={width}, height={height})"),
        }
    }
}

/// The address of the page at `base` with `query`.
pub fn address(base: &str, query: &str) -> String {
    if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
}
