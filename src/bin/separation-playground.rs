//! What Trunk builds for the page's thread: pictures and controls.
fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    separation_playground::web::start_page();
}
