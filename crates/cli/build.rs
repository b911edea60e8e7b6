//! Tells Cargo that the pages are part of the command: a file added to one of these folders must be embedded too.

fn main() {
    for folder in ["../../www/inbox", "../../www/map", "../../www/shop", "../../www/texts"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
