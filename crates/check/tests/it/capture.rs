//! Captures of network traffic: what they say, in every form, damaged and hostile.

use check::{Connection, Kept, Question, Says, TraceKind, Wholly};
use model::record::{Place, ProblemKind};

use crate::frames::{
    asks, block, certificate, enhanced, ethernet, four, from_server, hello, pcap, question, section,
    server_hello, six, tcp, to_server, udp,
};
use crate::together::{looked, said_of, traces};

fn said(capture: Vec<u8>) -> Kept {
    said_of(vec![("capture.pcap", capture)])
}

fn connections(kept: &Kept) -> Vec<&str> {
    traces(kept, TraceKind::Connection)
}

fn facts(kept: &Kept) -> Vec<&Connection> {
    let facts = kept.facts.iter().filter_map(|fact| match &fact.says {
        Says::Connection(connection) => Some(connection),
        _ => None,
    });
    facts.collect()
}

fn hex(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/capture_pcap/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    model::decode_hex(&std::fs::read_to_string(path).unwrap().replace('\n', "")).unwrap()
}

fn initial(packet: &[u8]) -> Vec<u8> {
    ethernet(&four([192, 168, 1, 7], [203, 0, 113, 9], 17, &udp(50_000, 443, packet)))
}

#[test]
fn every_name_that_is_asked_for_counts_also_without_a_connection() {
    let kept = said(pcap(1, &[asks("Watch.Example.com"), asks("watch.example.com"), asks("other.example")]));
    assert_eq!(connections(&kept), ["198.51.100.53:53", "watch.example.com", "other.example"]);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::Yes, 3)));
    assert_eq!(kept.problems, []);
    let facts = facts(&kept);
    assert_eq!(
        facts.iter().map(|fact| fact.to.as_str()).collect::<Vec<_>>(),
        ["watch.example.com", "other.example"]
    );
    assert_eq!(facts[0].at.as_ref().unwrap().first_ms, Some(1_760_000_000_250));
    assert_eq!(facts[0].at.as_ref().unwrap().raw, "1760000000.250000000");
    let place = kept.facts.iter().find(|fact| matches!(fact.says, Says::Connection(_))).unwrap();
    assert_eq!(place.seen.place, Place::bytes(40, asks("watch.example.com").len() as u64));
}

#[test]
fn answers_over_tcp_in_pieces() {
    let message = question("tcp.example");
    let stream = [&u16::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat();
    let stream = stream.repeat(2);
    let packets = [
        to_server(53, 99, 2, &[]),
        to_server(53, 100, 0x18, &stream[..1]),
        to_server(53, 121, 0x18, &stream[21..]),
        to_server(53, 101, 0x18, &stream[1..21]),
    ];
    assert_eq!(connections(&said(pcap(1, &packets))), ["203.0.113.9:53", "tcp.example"]);
}

#[test]
fn the_name_in_tls_is_found_wherever_the_segments_are_cut() {
    let (hello, hello_again) = (hello("hidden.example.org"), hello("again.example"));
    for cut in [1, 2, 3, 5, 9, 43, 300, hello.len() - 1] {
        let whole = pcap(
            1,
            &[
                to_server(443, 1000, 2, &[]),
                to_server(443, 1001, 0x18, &hello[..cut]),
                to_server(443, 1001 + u32::try_from(cut).unwrap(), 0x18, &hello[cut..]),
            ],
        );
        assert_eq!(connections(&said(whole)), ["203.0.113.9:443", "hidden.example.org"], "{cut}");
        let late = pcap(
            1,
            &[
                to_server(443, 1000, 2, &[]),
                to_server(443, 1001 + u32::try_from(cut).unwrap(), 0x18, &hello[cut..]),
                to_server(443, 1001, 0x18, &hello[..cut]),
            ],
        );
        assert_eq!(connections(&said(late)), ["203.0.113.9:443", "hidden.example.org"], "{cut}");
    }
    // Its first half sent again is nothing new; another request is.
    let more = [
        to_server(443, 1000, 2, &[]),
        to_server(443, 1001, 0x18, &hello[..300]),
        to_server(443, 1301, 0x18, &hello[300..]),
        to_server(443, 1001, 0x18, &hello[..300]),
        to_server(443, 1001 + u32::try_from(hello.len()).unwrap(), 0x18, &hello_again),
    ];
    let kept = said(pcap(1, &more));
    assert_eq!(connections(&kept), ["203.0.113.9:443", "hidden.example.org", "again.example"]);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::Yes, 5)));
    // Begun before the capture did.
    let kept = said(pcap(1, &[to_server(8443, 7, 0x18, &hello)]));
    assert_eq!(connections(&kept), ["203.0.113.9:8443", "hidden.example.org"]);
    // Never whole.
    let kept = said(pcap(1, &[to_server(443, 7, 0x18, &hello[..100])]));
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::No, 1)));
    assert_eq!(kept.problems[0].kind, ProblemKind::Truncated);
}

#[test]
fn certificates_name_hosts_and_have_a_fingerprint() {
    let certificate = certificate("panel.example", &["*.example.net", "panel.example"]);
    let stream = server_hello(&certificate);
    let packets = [
        from_server(443, 500, 0x12, &[]),
        from_server(443, 501, 0x18, &stream[..90]),
        from_server(443, 591, 0x18, &stream[90..]),
    ];
    let kept = said(pcap(1, &packets));
    assert_eq!(connections(&kept), ["203.0.113.9:443", "panel.example", "example.net"]);
    assert_eq!(traces(&kept, TraceKind::FileHash)[0].len(), 40);
}

#[test]
fn quic_tells_the_name_too() {
    let kept = said(pcap(1, &[initial(&hex("quic_one")), initial(&hex("quic_two"))]));
    assert_eq!(connections(&kept), ["203.0.113.9:443", "quic-one.example", "quic-two.example"]);
    let first = initial(&hex("quic_split_first"));
    let kept = said(pcap(1, &[first.clone(), initial(&hex("quic_split_second")), first.clone()]));
    assert_eq!(connections(&kept), ["203.0.113.9:443", "quic-split.example"]);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::Yes, 3)));
    let kept = said(pcap(1, &[first]));
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::No, 1)));
}

#[test]
fn requests_without_encryption_tell_host_and_path() {
    let request = b"GET /gate.php?id=1 HTTP/1.1\r\nHost: c2.example:8080\r\n\r\n";
    let kept = said(pcap(1, &[to_server(8080, 1, 0x18, request)]));
    assert_eq!(
        connections(&kept),
        ["203.0.113.9:8080", "http://c2.example:8080/gate.php?id=1", "c2.example"]
    );
}

#[test]
fn every_frame_gives_the_same() {
    let inner = four([192, 168, 1, 7], [198, 51, 100, 53], 17, &udp(40_000, 53, &question("frame.example")));
    let snap = [&[0xaa, 0xaa, 3, 0, 0, 0, 8, 0][..], &inner].concat();
    let mut pktap = [0; 108];
    pktap[..4].copy_from_slice(&108_u32.to_le_bytes());
    pktap[8] = 1;
    pktap[44] = 14;
    pktap[56..64].copy_from_slice(b"tracker\0");
    let droid = [&[1, 7, 0x20, 0x21, 0, 0, 0, 1][..], b"Tracker App\0\0\0\0\0\0\0\0\0", &[0; 4]].concat();
    for (link, frame, app) in [
        (0, [&[2, 0, 0, 0][..], &inner].concat(), None),
        (108, [&[0, 0, 0, 2][..], &inner].concat(), None),
        (101, inner.clone(), None),
        (113, [&[0; 14][..], &[8, 0], &inner].concat(), None),
        (276, [&[8, 0][..], &[0; 18], &inner].concat(), None),
        (1, [&[0; 12][..], &[0x81, 0, 0, 5, 8, 0], &inner].concat(), None),
        (1, [&[0; 12][..], &[0x88, 0x64, 0x11, 0, 0, 1, 0, 0, 0, 0x21], &inner].concat(), None),
        (105, [&[0x08, 0x01][..], &[0; 22], &snap].concat(), None),
        (105, [&[0x88, 0x03][..], &[0; 30], &snap].concat(), None),
        (127, [&[0, 0, 8, 0, 0, 0, 0, 0, 0x08, 0x02][..], &[0; 22], &snap].concat(), None),
        (258, [&pktap[..], &ethernet(&inner)].concat(), Some("tracker")),
        (1, [&ethernet(&inner)[..], &droid].concat(), Some("Tracker App")),
    ] {
        let kept = said(pcap(link, &[frame]));
        assert_eq!(connections(&kept), ["198.51.100.53:53", "frame.example"], "{link}");
        assert_eq!(facts(&kept)[0].app.as_deref(), app, "{link}");
    }
}

#[test]
fn newer_addresses_with_further_heads_and_packets_in_packets() {
    let ask = udp(40_000, 53, &question("six.example"));
    let options = [&[17, 0, 1, 4, 0, 0, 0, 0][..], &ask].concat();
    let routing = [&[60, 0, 0, 0, 0, 0, 0, 0][..], &options].concat();
    let packet = six(43, &routing);
    let expected = ["[2001:db8::2]:53", "six.example"];
    assert_eq!(connections(&said(pcap(1, &[ethernet(&packet)]))), expected);
    let inside = four([10, 0, 0, 1], [203, 0, 113, 1], 41, &packet);
    assert_eq!(connections(&said(pcap(101, &[inside]))), expected);
    let fragment = six(44, &[&[17, 0, 0, 8, 0, 0, 0, 1][..], &ask].concat());
    let kept = said(pcap(101, &[fragment]));
    assert_eq!(kept.problems[0].kind, ProblemKind::Unsupported);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::No, 1)));
}

#[test]
fn local_ends_and_local_names_are_left_out() {
    let local = four([192, 168, 1, 7], [192, 168, 1, 1], 6, &tcp(50_000, 80, 1, 2, &[]));
    let mdns = four([192, 168, 1, 7], [224, 0, 0, 251], 17, &udp(5353, 5353, &question("phone.local")));
    let kept = said(pcap(101, &[local, mdns]));
    assert_eq!(connections(&kept), [""; 0]);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::Yes, 2)));
}

#[test]
fn both_orders_and_both_clocks() {
    let packet = asks("order.example");
    let length = u32::try_from(packet.len()).unwrap();
    for (magic, part) in [(0xa1b2_c3d4_u32, 500_000_u32), (0xa1b2_3c4d, 500_000_000)] {
        let mut file = magic.to_be_bytes().to_vec();
        file.extend([0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1]);
        file.extend([1_760_000_000, part, length, length].into_iter().flat_map(u32::to_be_bytes));
        file.extend(&packet);
        let kept = said(file);
        assert_eq!(facts(&kept)[0].at.as_ref().unwrap().first_ms, Some(1_760_000_000_500));
    }
}

fn ng() -> Vec<u8> {
    let ether = block(1, &[&[1, 0, 0, 0, 0, 0, 4, 0][..], &[9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]].concat());
    let raw = block(1, &[101, 0, 0, 0, 0, 0, 0, 0]);
    let second = enhanced(1, 1_760_000_001_000_000, &asks("second.example")[14..]);
    let names = block(4, b"\x01\0\x11\0\xcb\0\x71\x05names.example\0\0\0\0\0\0\0\0");
    let simple = asks("third.example");
    let simple = block(3, &[&u32::try_from(simple.len()).unwrap().to_le_bytes()[..], &simple].concat());
    [
        section(),
        ether,
        raw,
        enhanced(0, 1_760_000_000_250_000_000, &asks("first.example")),
        block(0xbad, &[0; 5000]),
        second,
        names,
        simple,
        section(),
        block(1, &[101, 0, 0, 0, 0, 0, 0, 0]),
        enhanced(0, 7, &asks("fourth.example")[14..]),
    ]
    .concat()
}

#[test]
fn pcapng_with_several_interfaces_and_sections() {
    let kept = said_of(vec![("x/capture.pcapng", ng())]);
    let names = ["first.example", "second.example", "names.example", "third.example", "fourth.example"];
    let facts = facts(&kept);
    assert_eq!(facts.iter().map(|fact| fact.to.as_str()).collect::<Vec<_>>(), names);
    let times: Vec<_> = facts.iter().map(|fact| fact.at.as_ref().and_then(|at| at.first_ms)).collect();
    assert_eq!(times, [Some(1_760_000_000_250), Some(1_760_000_001_000), None, None, Some(0)]);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::Yes, 4)));
    assert_eq!(kept.problems, []);
}

#[test]
fn cut_and_damaged_captures_give_what_comes_before() {
    let packets: Vec<Vec<u8>> = (0..20).map(|number| asks(&format!("host{number}.example"))).collect();
    let whole = pcap(1, &packets);
    for length in (0..whole.len()).step_by(7) {
        let kept = said(whole[..length].to_vec());
        if length > 40 {
            let (wholly, _) = looked(&kept, Question::Connections).unwrap();
            assert_eq!(wholly == Wholly::No, kept.problems.len() == 1, "{length}");
        }
    }
    let files =
        [whole, ng(), pcap(1, &[to_server(443, 1, 2, &[]), to_server(443, 2, 0x18, &hello("a.example"))])];
    for file in files {
        for at in 0..file.len().min(1500) {
            let mut file = file.clone();
            file[at] ^= 0xff;
            said(file);
        }
    }
    let mut short = pcap(1, &[asks("host.example")]);
    short.truncate(short.len() - 10);
    let length = u32::try_from(short.len() - 40).unwrap();
    short[32..36].copy_from_slice(&length.to_le_bytes());
    let kept = said(short);
    assert_eq!(kept.problems[0].kind, ProblemKind::Truncated);
    assert_eq!(looked(&kept, Question::Connections), Some((Wholly::No, 1)));
}

#[test]
fn what_cannot_be_looked_at_is_no_answer() {
    let kept = said(pcap(105, &[[&[0x08, 0x41][..], &[0; 60]].concat()]));
    assert_eq!(looked(&kept, Question::Connections), None);
    assert_eq!(kept.problems[0].kind, ProblemKind::NeedsKey);
    let kept = said(pcap(9999, &[vec![0; 60]]));
    assert_eq!(looked(&kept, Question::Connections), None);
}

#[test]
fn hostile_captures_stay_bounded() {
    // More names than are listed, and more openings than are kept.
    let names: Vec<Vec<u8>> = (0..2500).map(|number| asks(&format!("h{number}.example"))).collect();
    let kept = said(pcap(1, &names));
    assert_eq!((facts(&kept).len(), connections(&kept).len()), (2000, 2501));
    assert_eq!(kept.problems[0].kind, ProblemKind::Limit);
    let hello = hello("never.example");
    let openings: Vec<Vec<u8>> = (0..60_000_u32)
        .map(|number| {
            let [_, high, middle, low] = number.to_be_bytes();
            let segment = tcp(50_000, 443, 1, 0x18, &hello[..60]);
            four([192, 168, 1, 7], [11, high, middle, low], 6, &segment)
        })
        .collect();
    let kept = said(pcap(101, &openings));
    assert_eq!(kept.problems[0].units, 60_000);
    // One byte a segment, for ever.
    let drops: Vec<Vec<u8>> = (0..20_000).map(|number| to_server(80, number, 0x18, b"G")).collect();
    said(pcap(1, &drops));
    // Lengths beyond everything.
    let mut huge = pcap(1, &[asks("a.example")]);
    huge[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(said(huge).problems[0].kind, ProblemKind::Damaged);
}
