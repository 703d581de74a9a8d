//! End to end, on the bytes we ship: real workerd, real Chromium, real receivers. One file a feature.

mod accessibility;
mod assets;
mod bad_input;
mod demo;
mod documentation;
mod durability;
mod embedding;
mod endpoints;
mod keys;
mod main_job;
mod reading_back;
mod receivers;
mod signatures;
mod sites;
mod survey;
mod webhooks;
