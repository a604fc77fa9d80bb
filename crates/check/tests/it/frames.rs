//! Packets and captures, made here. All names are invented.

/// A capture in the form pcap with microseconds, little-endian.
pub(crate) fn pcap(link: u32, packets: &[Vec<u8>]) -> Vec<u8> {
    let mut file = [&0xa1b2_c3d4_u32.to_le_bytes()[..], &[2, 0, 4, 0], &[0; 8], &[0, 0, 4, 0]].concat();
    file.extend(link.to_le_bytes());
    for (number, packet) in packets.iter().enumerate() {
        let seconds = 1_760_000_000 + u32::try_from(number).unwrap();
        let length = u32::try_from(packet.len()).unwrap().to_le_bytes();
        file.extend([seconds.to_le_bytes(), 250_000_u32.to_le_bytes(), length, length].concat());
        file.extend(packet);
    }
    file
}

/// A packet of IPv4 in a frame of Ethernet.
pub(crate) fn ethernet(packet: &[u8]) -> Vec<u8> {
    let kind: [u8; 2] = if packet[0] >> 4 == 6 { [0x86, 0xdd] } else { [8, 0] };
    [&[2; 6][..], &[4; 6], &kind, packet].concat()
}

/// IPv4 from one address to another.
pub(crate) fn four(from: [u8; 4], to: [u8; 4], protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 20).unwrap().to_be_bytes();
    [&[0x45, 0, length[0], length[1], 0, 0, 0, 0, 64, protocol, 0, 0][..], &from, &to, payload].concat()
}

/// IPv6 to `2001:db8::port`.
pub(crate) fn six(protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
    let address = |last| [&[0x20, 1, 0xd, 0xb8][..], &[0; 11], &[last]].concat();
    let head = [&[0x60, 0, 0, 0][..], &length, &[protocol, 64]].concat();
    [&head[..], &address(1), &address(2), payload].concat()
}

/// A datagram.
pub(crate) fn udp(from: u16, to: u16, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).unwrap();
    [&from.to_be_bytes()[..], &to.to_be_bytes(), &length.to_be_bytes(), &[0, 0], payload].concat()
}

/// A segment; flags 2 ask for a connection.
pub(crate) fn tcp(from: u16, to: u16, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    let head = [&from.to_be_bytes()[..], &to.to_be_bytes(), &sequence.to_be_bytes(), &[0; 4]].concat();
    [&head[..], &[0x50, flags, 0xff, 0xff, 0, 0, 0, 0], payload].concat()
}

/// A segment from the phone to a server, in a frame.
pub(crate) fn to_server(port: u16, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(&four([192, 168, 1, 7], [203, 0, 113, 9], 6, &tcp(50_000, port, sequence, flags, payload)))
}

/// A segment from a server to the phone, in a frame.
pub(crate) fn from_server(port: u16, sequence: u32, flags: u8, payload: &[u8]) -> Vec<u8> {
    ethernet(&four([203, 0, 113, 9], [192, 168, 1, 7], 6, &tcp(port, 50_000, sequence, flags, payload)))
}

/// A question of DNS.
pub(crate) fn question(name: &str) -> Vec<u8> {
    let mut message = b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0".to_vec();
    for label in name.split('.') {
        message.push(u8::try_from(label.len()).unwrap());
        message.extend(label.as_bytes());
    }
    message.extend(b"\0\0\x01\0\x01");
    message
}

/// A question of DNS in a frame.
pub(crate) fn asks(name: &str) -> Vec<u8> {
    ethernet(&four([192, 168, 1, 7], [198, 51, 100, 53], 17, &udp(40_000, 53, &question(name))))
}

/// A client's first message of TLS with this name, in a record.
pub(crate) fn hello(name: &str) -> Vec<u8> {
    let extension = |number: u16, value: &[u8]| {
        [&number.to_be_bytes()[..], &u16::try_from(value.len()).unwrap().to_be_bytes(), value].concat()
    };
    let length = u16::try_from(name.len()).unwrap();
    let list = [&(length + 3).to_be_bytes()[..], &[0], &length.to_be_bytes(), name.as_bytes()].concat();
    let extensions =
        [extension(0x0a0a, &[]), extension(43, &[2, 3, 4]), extension(51, &[7; 600]), extension(0, &list)];
    let extensions = extensions.concat();
    let mut body = vec![3, 3];
    body.extend([9; 32]);
    body.extend([0, 0, 2, 0x13, 1, 1, 0]);
    body.extend(u16::try_from(extensions.len()).unwrap().to_be_bytes());
    body.extend(extensions);
    record(&handshake(1, &body))
}

/// A message of the handshake.
pub(crate) fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind, length[1], length[2], length[3]], body].concat()
}

/// A record of TLS.
pub(crate) fn record(handshake: &[u8]) -> Vec<u8> {
    let length = u16::try_from(handshake.len()).unwrap().to_be_bytes();
    [&[22, 3, 1, length[0], length[1]], handshake].concat()
}

/// A value of DER.
pub(crate) fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82, length[0], length[1]], &content[..]].concat()
}

/// A certificate with a common name and alternative names, as far as names go.
pub(crate) fn certificate(common: &str, others: &[&str]) -> Vec<u8> {
    let name = |name: &str| {
        let pair = der(0x30, &[&der(6, &[&[0x55, 4, 3]]), &der(0x0c, &[name.as_bytes()])]);
        der(0x30, &[&der(0x31, &[&pair])])
    };
    let others: Vec<u8> = others.iter().flat_map(|name| der(0x82, &[name.as_bytes()])).collect();
    let extension = der(0x30, &[&der(6, &[&[0x55, 0x1d, 0x11]]), &der(4, &[&der(0x30, &[&others])])]);
    let inside = der(
        0x30,
        &[
            &der(0xa0, &[&der(2, &[&[2]])]),
            &der(2, &[&[1]]),
            &der(0x30, &[]),
            &name("issuer.example"),
            &der(0x30, &[]),
            &name(common),
            &der(0x30, &[]),
            &der(0xa3, &[&der(0x30, &[&extension])]),
        ],
    );
    der(0x30, &[&inside, &der(0x30, &[]), &der(3, &[&[0]])])
}

/// A server's first messages up to TLS 1.2, in one record: hello and certificate.
pub(crate) fn server_hello(certificate: &[u8]) -> Vec<u8> {
    let mut hello = vec![3, 3];
    hello.extend([8; 32]);
    hello.extend([0, 0xc0, 0x2f, 0]);
    let three = |length: usize| u32::try_from(length).unwrap().to_be_bytes()[1..].to_vec();
    let list = [three(certificate.len() + 3), three(certificate.len()), certificate.to_vec()].concat();
    record(&[handshake(2, &hello), handshake(11, &list)].concat())
}

/// A block of pcapng, little-endian.
pub(crate) fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let padded = body.len().next_multiple_of(4);
    let length = u32::try_from(padded + 12).unwrap().to_le_bytes();
    let mut block = [&kind.to_le_bytes()[..], &length, body].concat();
    block.resize(padded + 8, 0);
    block.extend(length);
    block
}

/// The head of a section of pcapng.
pub(crate) fn section() -> Vec<u8> {
    block(0x0a0d_0d0a, &[&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat())
}

/// A packet of pcapng.
pub(crate) fn enhanced(interface: u32, at: u64, packet: &[u8]) -> Vec<u8> {
    let (high, low) = (u32::try_from(at >> 32).unwrap(), u32::try_from(at & 0xffff_ffff).unwrap());
    let length = u32::try_from(packet.len()).unwrap();
    let head: Vec<u8> =
        [interface, high, low, length, length].into_iter().flat_map(u32::to_le_bytes).collect();
    block(6, &[&head[..], packet].concat())
}
