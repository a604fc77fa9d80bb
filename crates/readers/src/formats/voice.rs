//! What sound files say about themselves: voice messages and recordings.
//!
//! Ogg with Opus (WhatsApp, Telegram, Signal), AMR (older phones), MP3, WAV, CAF (iPhone) and raw AAC; M4A is
//! read with films, whose boxes it has. How long it plays, how it is coded, what wrote it. Sounds have no
//! clock but where a recorder noted one. Deliberately no decoding.

mod id3;
mod sound;

use model::record::{MediaFact, Place, ProblemKind};
use source::tree::Candidate;

use self::sound::Sound;
use crate::boxes::Trouble;
use crate::media::{self, Bytes, Kind, sound_kind};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Sounds.
pub(super) struct Voice;

impl Format for Voice {
    fn name(&self) -> &'static str {
        "voice"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Sounds and voice messages (Opus, Ogg, AMR, MP3, WAV, CAF, AAC)",
            covers: "length, coding, channels and comments from the headers of the file",
            leaves_out: "nothing is decoded; M4A is read with films",
            source: "RFC 3533, RFC 7845, RFC 4867, ID3v2, EBU Tech 3285, Apple Core Audio Format",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        let kind = Kind::of(candidate.head())?;
        is_sound(kind).then(|| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let place = (input.file, Place::Whole);
        let head = Bytes::of(entry).and_then(|bytes| bytes.read(0, 16 << 10).map(|head| (bytes, head)));
        let Ok((bytes, head)) = head else {
            return media::unreadable(input.file, sink);
        };
        let mut sound = Sound::default();
        let done = match Kind::of(&head) {
            Some(Kind::Amr) => sound.amr(&bytes),
            Some(Kind::Mp3) => sound.mp3(&bytes),
            Some(Kind::Wav) => sound.wav(&bytes),
            Some(Kind::Caf) => sound.caf(&bytes),
            Some(Kind::Adts) => sound.adts(&bytes),
            _ => sound.ogg(&bytes),
        };
        let trouble = if done.is_err() { Some(Trouble::Unreadable) } else { sound.trouble };
        if let Some((kind, expected)) = trouble.map(said) {
            sink.trouble(place, kind, expected, "what was read before")?;
        }
        let fact = MediaFact {
            kind: sound_kind(entry.name()),
            media_type: sound.media_type.to_owned(),
            taken: sound.taken,
            duration_ms: sound.duration_ms,
            extra: sound.extra,
            ..MediaFact::default()
        };
        media::give(input.file, fact, sink)
    }
}

fn is_sound(kind: Kind) -> bool {
    matches!(kind, Kind::Ogg | Kind::Amr | Kind::Mp3 | Kind::Wav | Kind::Caf | Kind::Adts)
}

fn said(trouble: Trouble) -> (ProblemKind, &'static str) {
    match trouble {
        Trouble::Damaged => (ProblemKind::Damaged, "a frame of the sound"),
        Trouble::Truncated => (ProblemKind::Truncated, "the end of the sound"),
        Trouble::TooMany => (ProblemKind::Limit, "fewer parts"),
        Trouble::Unreadable => (ProblemKind::Unreadable, "bytes that can be read"),
    }
}
