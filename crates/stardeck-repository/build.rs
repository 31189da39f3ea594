//! Tells cargo to compile again when a migration is added: `embed_migrations!` alone does not notice new folders.

fn main() {
    // Cargo reads a build script's instructions from its standard output.
    println!("cargo:rerun-if-changed=migrations/sqlite");
}
