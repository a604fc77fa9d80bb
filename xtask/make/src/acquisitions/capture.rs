//! A network capture: `pcap` (version 2.4, microseconds, Ethernet) with DNS questions and answers, and the
//! first packet of TLS with the name of the server, over IPv4.

use super::{Planted, Random, background};

/// A capture with so many ordinary connections; to each planted domain there is one look-up and one
/// connection.
pub fn capture(planted: &Planted, connections: u64, seed: u64) -> Vec<u8> {
    let random = &mut Random::new(seed, "capture");
    let mut names: Vec<String> = (0..connections).map(|_| background::domain(random)).collect();
    let step = names.len() / (planted.domains.len() + 1) + 1;
    for (number, domain) in planted.domains.iter().enumerate() {
        names.insert(((number + 1) * step).min(names.len()), domain.clone());
    }
    let mut out = Vec::new();
    out.extend(0xa1b2_c3d4_u32.to_le_bytes());
    out.extend([2, 0, 4, 0]);
    out.extend([0; 8]);
    out.extend(65_535_u32.to_le_bytes());
    out.extend(1_u32.to_le_bytes());
    for (number, name) in (0_u32..).zip(&names) {
        let at = 1_795_158_000 + number / 20;
        let number = u16::try_from(number % 60_000).unwrap_or(0);
        let server = [93, 184, u8::try_from(random.below(255)).unwrap_or(0), 34];
        packet(&mut out, at, &udp(number, &question(number, name)));
        packet(&mut out, at, &tcp(number, server, &hello(name, random)));
    }
    out
}

fn packet(out: &mut Vec<u8>, at: u32, ip: &[u8]) {
    let length = u32::try_from(ip.len() + 14).unwrap_or(0);
    for word in [at, 0, length, length] {
        out.extend(word.to_le_bytes());
    }
    out.extend([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]);
    out.extend(ip);
}

/// A number of two bytes, and what it counts.
fn counted(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap_or(0).to_be_bytes()[..], bytes].concat()
}

fn ip(protocol: u8, to: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 20).unwrap_or(0).to_be_bytes();
    let mut header = vec![0x45, 0, length[0], length[1], 0, 1, 0x40, 0, 64, protocol, 0, 0, 192, 168, 1, 23];
    header.extend(to);
    header.extend(payload);
    header
}

fn udp(number: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).unwrap_or(0);
    let mut bytes = Vec::new();
    for word in [number.wrapping_add(1025), 53, length, 0] {
        bytes.extend(word.to_be_bytes());
    }
    bytes.extend(payload);
    ip(17, [192, 168, 1, 1], &bytes)
}

fn tcp(number: u16, server: [u8; 4], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(number.wrapping_add(1025).to_be_bytes());
    bytes.extend(443_u16.to_be_bytes());
    bytes.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0]);
    bytes.extend(payload);
    ip(6, server, &bytes)
}

fn question(number: u16, name: &str) -> Vec<u8> {
    let mut bytes = number.to_be_bytes().to_vec();
    bytes.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.') {
        bytes.push(u8::try_from(label.len()).unwrap_or(0));
        bytes.extend(label.as_bytes());
    }
    bytes.extend([0, 0, 1, 0, 1]);
    bytes
}

/// A ClientHello of TLS 1.2 with one extension: the name of the server.
fn hello(name: &str, random: &mut Random) -> Vec<u8> {
    let entry = [&[0][..], &counted(name.as_bytes())].concat();
    let extension = [&[0, 0][..], &counted(&counted(&entry))].concat();
    let mut body = vec![3, 3];
    body.extend(random.bytes(32));
    body.extend([0, 0, 4, 0x13, 0x01, 0xc0, 0x2f, 1, 0]);
    body.extend(counted(&extension));
    let length = u16::try_from(body.len()).unwrap_or(0).to_be_bytes();
    let handshake = [&[1, 0, length[0], length[1]][..], &body].concat();
    [&[22, 3, 1][..], &counted(&handshake)].concat()
}
