//! The engine on `russh`.
