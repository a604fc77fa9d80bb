//! What pictures say about themselves: when, where and with what they were taken, and how large they are.
//!
//! EXIF 2.32 in JPEG, PNG, WebP, HEIC, HEIF, AVIF and TIFF; GIF has none. A picture without EXIF gives a
//! record too, and says so: programs that pass pictures on take it out, which is a fact in itself. XMP and
//! IPTC are noted, not read. Deliberately no decoding of pixels and no guessing from names.

mod exif_fields;
mod picture;

use model::record::{MediaFact, MediaKind, Place, ProblemKind};
use source::tree::Candidate;

use self::exif_fields::{Fields, fields, fill};
use self::picture::picture;
use crate::boxes::Trouble;
use crate::media::{self, Bytes, Kind};
use crate::{About, Certainty, Claim, Flow, Format, Input, Sink};

/// Pictures.
pub(super) struct Photo;

impl Format for Photo {
    fn name(&self) -> &'static str {
        "photo"
    }

    fn version(&self) -> u32 {
        1
    }

    fn about(&self) -> About {
        About {
            title: "Pictures (JPEG, HEIC, PNG, WebP, TIFF, GIF)",
            covers: "time, place, device and size from EXIF and the header of the file",
            leaves_out: "XMP and IPTC are noted, not read; pixels are not decoded",
            source: "EXIF 2.32, ISO 10918-1, PNG third edition, ISO 23008-12, WebP container specification",
        }
    }

    fn recognise(&self, candidate: &Candidate<'_>) -> Option<Claim> {
        media_type(Kind::of(candidate.head())?, candidate.head()).map(|_| Claim::alone(Certainty::Likely))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) -> Flow {
        let Some(entry) = input.entry() else { return Flow::Continue(()) };
        let place = (input.file, Place::Whole);
        let head = Bytes::of(entry).and_then(|bytes| bytes.read(0, 256).map(|head| (bytes, head)));
        let Ok((bytes, head)) = head else {
            return media::unreadable(input.file, sink);
        };
        let kind = Kind::of(&head).unwrap_or(Kind::Jpeg);
        let picture = picture(&bytes, kind, input.limits.unit_bytes);
        let mut fact = MediaFact {
            kind: MediaKind::Picture,
            media_type: media_type(kind, &head).unwrap_or("image/jpeg").to_owned(),
            pixels: picture.pixels,
            ..MediaFact::default()
        };
        if let Some((kind, expected)) = picture.trouble.map(said) {
            sink.trouble(place.clone(), kind, expected, "what was read before")?;
        }
        let state = match picture.exif.map(fields) {
            Some(Fields::Whole(exif)) => {
                fill(&mut fact, &exif);
                "present"
            }
            Some(Fields::Part(exif)) => {
                fill(&mut fact, &exif);
                sink.trouble(
                    place,
                    ProblemKind::Damaged,
                    "EXIF that can be read whole",
                    "the fields before",
                )?;
                "damaged"
            }
            Some(Fields::None) => {
                sink.trouble(place, ProblemKind::Damaged, "EXIF that can be read", "type and pixels")?;
                "damaged"
            }
            None if picture.trouble.is_some() => "not found, the header cannot be read whole",
            None => "none",
        };
        fact.extra.insert(0, ("exif".to_owned(), state.to_owned()));
        fact.extra.extend(picture.extra);
        media::give(input.file, fact, sink)
    }
}

fn said(trouble: Trouble) -> (ProblemKind, &'static str) {
    match trouble {
        Trouble::Damaged => (ProblemKind::Damaged, "a header of a picture"),
        Trouble::Truncated => (ProblemKind::Truncated, "the end of the picture's header"),
        Trouble::TooMany => (ProblemKind::Limit, "fewer or smaller parts"),
        Trouble::Unreadable => (ProblemKind::Unreadable, "bytes that can be read"),
    }
}

/// The media type of a picture; none if it is something else.
fn media_type(kind: Kind, head: &[u8]) -> Option<&'static str> {
    Some(match kind {
        Kind::Jpeg => "image/jpeg",
        Kind::Png => "image/png",
        Kind::Gif => "image/gif",
        Kind::Webp => "image/webp",
        Kind::Tiff => "image/tiff",
        Kind::Heif => match head.get(8..12)? {
            b"avif" | b"avis" => "image/avif",
            b"heic" | b"heix" | b"heim" | b"heis" => "image/heic",
            _ => "image/heif",
        },
        _ => return None,
    })
}
