//! Captures of network traffic: packets out of files, and names and addresses out of packets.
//!
//! One file a layer: `file.rs` (pcap, pcapng), `link.rs`, `internet.rs`, `streams.rs` (a little of TCP), then
//! what says where a device connects to: `dns.rs`, `tls.rs`, `certificate.rs`, `quic.rs`, `http.rs`.
//! `traffic.rs` goes through them. Nothing is decrypted that only the two ends can decrypt. Memory is bounded
//! and the cost grows with the capture's length alone.

mod certificate;
mod cursor;
mod dns;
mod file;
mod findings;
mod http;
mod internet;
mod link;
mod quic;
mod streams;
mod tls;
mod traffic;
mod window;

pub(crate) use file::begins_one;
pub(crate) use traffic::read;
