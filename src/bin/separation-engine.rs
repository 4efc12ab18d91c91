//! What Trunk builds for the workers: networks, engines and measures. It comes when something is to be trained.
fn main() {
    #[cfg(all(target_arch = "wasm32", feature = "page"))]
    separation_playground::web::start_worker();
}
