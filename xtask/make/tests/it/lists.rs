//! The lists in the program are those that `make indicators` makes of the sources, where these are at hand.

use std::path::Path;

#[test]
fn the_lists_in_the_program_are_made_of_their_sources() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var("ASSERVAT_SHARED")
        .unwrap_or_else(|_| here.join("../../../shared").to_string_lossy().into_owned());
    let data = Path::new(&shared).join("data");
    if !data.join("stalkerware-indicators/ioc.yaml").exists() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    for (name, text) in make::indicators::make(&data).expect("the lists") {
        let ours = std::fs::read_to_string(here.join("../../rules/indicators").join(&name)).expect("a list");
        assert!(ours == text, "{name} differs: run `cargo run -p make -- indicators DATA`");
    }
}
