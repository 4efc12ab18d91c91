//! What to cite, as BibTeX.

/// The law's paper.
pub const PAPER: &str = "@article{he2023law,
  author  = {He, Hangfeng and Su, Weijie J.},
  title   = {A law of data separation in deep learning},
  journal = {Proceedings of the National Academy of Sciences},
  volume  = {120},
  number  = {36},
  pages   = {e2221704120},
  year    = {2023},
  doi     = {10.1073/pnas.2221704120}
}";

/// This program, and where it was found, if that is on the web.
pub fn software(address: Option<String>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let place = address.map_or_else(String::new, |address| format!(",\n  url     = {{{address}}}"));
    format!(
        "@software{{separation_playground,
  author  = {{{{The Separation Playground developers}}}},
  title   = {{Separation Playground}},
  version = {{{version}}},
  year    = {{2026}}{place}
}}"
    )
}
