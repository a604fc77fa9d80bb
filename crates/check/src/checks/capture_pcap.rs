//! Captures of a device's traffic (pcap, pcapng): which names it looked up, and where it connected to.
//!
//! What is read stands in `capture/mod.rs`. Every name of every question and answer of DNS counts, not only
//! those that were connected to afterwards. Deliberately not read: the content of encrypted connections, what
//! DNS over HTTPS or TLS asks, and who is behind an address, which only a look-up in the net could say.

use source::tree::Candidate;

use crate::{About, Check, FactSink, Flow, Input, Platform, Question, capture};

/// Captures of network traffic.
pub(crate) struct CapturePcap;

impl Check for CapturePcap {
    fn name(&self) -> &'static str {
        "capture_pcap"
    }

    fn about(&self) -> About {
        About {
            title: "Captures of network traffic (pcap, pcapng)",
            platform: Platform::Any,
            covers: "pcap and pcapng in all forms; Ethernet, VLAN, Wi-Fi that is not encrypted, Linux \
                cooked, \
                     loopback, raw, pktap with processes, PCAPdroid with apps; IPv4 and IPv6; names in DNS \
                     (questions and answers), TLS, QUIC 1 and 2, certificates up to TLS 1.2, HTTP; addresses",
            leaves_out: "what is encrypted; DNS over HTTPS and TLS; fragments; encrypted Wi-Fi; Bluetooth, \
                USB",
            answers: &[Question::Connections],
            source: "IETF drafts of pcap and pcapng (2025), RFC 1035, 8446, 9001, 9112, 9369, tcpdump.org \
                     (2026-10)",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> bool {
        let entry = candidate.entry();
        // Captures that are split have a number behind: `capture.pcap1`.
        let is_named = entry.name().to_ascii_lowercase().contains(".pcap")
            || matches!(entry.extension().as_str(), "cap" | "ntar");
        is_named && capture::begins_one(candidate.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn FactSink) -> Flow {
        capture::read(input, sink)
    }
}
