//! The command `polku`.
fn main() {}
