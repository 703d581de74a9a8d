//! End to end, on the bytes we ship: real workerd, real Chromium, real receivers. One file a resource or a feature.

mod access;
mod accessibility;
mod alarm;
mod assets;
mod bad_input;
mod clients;
mod crashes_with_chores;
mod demo;
mod documentation;
mod durability;
mod edge;
mod embedding;
mod endpoints;
mod keys;
mod live;
mod main_job;
mod owners_data;
mod receivers;
mod releases;
mod responses;
mod signatures;
mod sites;
mod strangers;
mod survey;
mod webhooks;
mod wrangler_dev;
