//! The server: keeps sealed reports, hands out public data and the phone app. It cannot open a report.

pub mod arrival;
pub mod assets;
pub mod cli;
pub mod config;
pub mod counts;
pub mod error;
pub mod exchange;
pub mod guard;
pub mod hours;
pub mod keyset;
pub mod limit;
pub mod links;
pub mod log;
pub mod manage;
pub mod openapi;
pub mod photos;
pub mod pictograms;
pub mod record;
pub mod review;
pub mod router;
pub mod routes;
pub mod scheme;
pub mod serve;
pub mod store;
pub mod streets;
