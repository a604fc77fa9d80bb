//! The type of a message: one number of 64 bits with several things in it.
//!
//! Meanings from MessageTypes.java of Signal-Android (2017 to 2025). Lowest five bits: what it is; above
//! them bits for key exchange, groups, timers, encryption; from bit 32 on special sorts.

use model::record::{CallMedium, CallOutcome, Direction, State};

const BASE: u64 = 0x1f;
const KEY_EXCHANGE: u64 = 0xff00;
const GROUP_UPDATE: u64 = 0x1_0000;
const GROUP_LEAVE: u64 = 0x2_0000;
const TIMER: u64 = 0x4_0000;
const GROUP_V2: u64 = 0x8_0000;
const PUSH: u64 = 0x20_0000;
const SESSION_END: u64 = 0x40_0000;
const SECURE: u64 = 0x80_0000;
const ENCRYPTION: u64 = 0xff00_0000;

/// A message's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MessageType(u64);

impl MessageType {
    /// Of the number in the table.
    pub(super) fn new(number: i64) -> Self {
        Self(number.cast_unsigned())
    }

    fn has(self, bits: u64) -> bool {
        self.0 & bits != 0
    }

    fn base(self) -> u64 {
        self.0 & BASE
    }

    /// The number in hexadecimal.
    pub(super) fn hex(self) -> String {
        format!("0x{:x}", self.0)
    }

    /// Whether it is an ordinary message, and nothing in the number is left to say.
    pub(super) fn is_plain(self) -> bool {
        matches!(self.base(), 20 | 23) && self.0 & !BASE & !PUSH & !SECURE == 0
    }

    /// Whether it went as a text message of the telephone network and not through Signal.
    pub(super) fn is_text_message(self) -> bool {
        matches!(self.base(), 20..=26) && !self.has(SECURE | PUSH) && self.change().is_none()
    }

    /// Which way it went.
    pub(super) fn direction(self) -> Direction {
        let written_by_the_program = self
            .has(GROUP_UPDATE | GROUP_LEAVE | TIMER | SESSION_END | KEY_EXCHANGE)
            || self.has(ENCRYPTION)
            || matches!(self.base(), 4..=7 | 9 | 12..=18)
            || matches!(self.special(), 4..=9);
        match self.base() {
            _ if written_by_the_program => Direction::System,
            1 | 3 | 8 | 10 | 20 => Direction::Incoming,
            2 | 11 | 21..=27 => Direction::Outgoing,
            _ => Direction::Unknown,
        }
    }

    fn special(self) -> u64 {
        (self.0 >> 32) & 0xf
    }

    /// What became of it.
    pub(super) fn state(self) -> Option<State> {
        match self.base() {
            21 | 22 | 25 | 26 => Some(State::Pending),
            24 => Some(State::Failed),
            27 => Some(State::Draft),
            _ => None,
        }
    }

    /// The call it tells of.
    pub(super) fn call(self) -> Option<(CallMedium, CallOutcome)> {
        match self.0 {
            1 | 2 => Some((CallMedium::Voice, CallOutcome::Unknown)),
            3 => Some((CallMedium::Voice, CallOutcome::Missed)),
            8 => Some((CallMedium::Video, CallOutcome::Missed)),
            10 | 11 => Some((CallMedium::Video, CallOutcome::Unknown)),
            12 => Some((CallMedium::Unknown, CallOutcome::Unknown)),
            _ => None,
        }
    }

    /// Whether it tells of a change in a group of the present sort.
    pub(super) fn is_group_v2(self) -> bool {
        self.has(GROUP_V2) && self.has(GROUP_UPDATE | GROUP_LEAVE)
    }

    /// The change it tells of, in words.
    pub(super) fn change(self) -> Option<&'static str> {
        let words = match self.base() {
            _ if self.is_group_v2() && self.has(GROUP_LEAVE) => "group-v2-leave",
            _ if self.is_group_v2() => "group-v2-update",
            _ if self.has(GROUP_LEAVE) => "group-leave",
            _ if self.has(GROUP_UPDATE) => "group-update",
            _ if self.has(TIMER) => "expiration-timer",
            _ if self.has(SESSION_END) => "session-ended",
            _ if self.has(0x200) => "identity-changed",
            _ if self.has(0x4000) => "identity-verified",
            _ if self.has(0x2000) => "identity-unverified",
            _ if self.has(KEY_EXCHANGE) => "key-exchange",
            _ if self.has(0x1000_0000) => "session-refreshed",
            _ if self.has(ENCRYPTION) => "not-decrypted",
            4 => "joined",
            5 => "unsupported-message",
            6 => "invalid-message",
            7 => "profile-change",
            9 => "group-migrated",
            13 => "bad-decrypt",
            14 => "number-changed",
            15 => "donation-request",
            16 => "threads-merged",
            17 => "sms-exported",
            18 => "session-switched",
            _ => match self.special() {
                1 => "story-reaction",
                2 => "gift-badge",
                3 => "payment",
                4 => "payments-requested",
                5 => "reported-spam",
                6 => "message-request-accepted",
                7 => "blocked-or-unblocked",
                8 => "payments-activated",
                9 => "payment-lost",
                10.. => "special",
                _ => return None,
            },
        };
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_numbers_say() {
        let cases = [
            (0xa0_0014, Direction::Incoming, None),
            (0xa0_0017, Direction::Outgoing, None),
            (0x14, Direction::Incoming, None),
            (0xab_0017, Direction::System, Some("group-v2-leave")),
            (0xa9_0014, Direction::System, Some("group-v2-update")),
            (0xa4_0014, Direction::System, Some("expiration-timer")),
            (0xa0_0214, Direction::System, Some("identity-changed")),
            (14, Direction::System, Some("number-changed")),
            (0x1_00a0_0014, Direction::Incoming, Some("story-reaction")),
            (0xf_00a0_0014, Direction::Incoming, Some("special")),
            (3, Direction::Incoming, None),
            (11, Direction::Outgoing, None),
            (19, Direction::Unknown, None),
        ];
        for (number, direction, change) in cases {
            let kind = MessageType::new(number);
            assert_eq!((kind.direction(), kind.change()), (direction, change), "{}", kind.hex());
        }
        assert!(MessageType::new(0xa0_0014).is_plain());
        assert!(!MessageType::new(0xa0_0018).is_plain());
        assert!(MessageType::new(0x17).is_text_message());
        assert_eq!(MessageType::new(-1).direction(), Direction::System);
    }
}
