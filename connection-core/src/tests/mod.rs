//! Tests of modules together that do not know each other.

mod partial;
mod rounds;
