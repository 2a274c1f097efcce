//! The routes of tunnels.
