//! What Trunk builds: the page, and in a worker the run.
fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    separation_playground::web::start();
}
