//! A site on a real SQLite, without a Worker around it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

mod admission;
mod attempts;
mod backup;
mod case_model;
mod cases;
mod conversation;
mod doors;
mod erasing;
mod improving;
mod passkeys;
mod releases;
mod responses;
mod rules;
mod schedule;
mod sessions;
mod sites;
mod strangers;
mod survey;
mod tables;
mod webhooks;
mod weeks;
