//! Finds identifiers in texts: numbers, addresses, accounts, places, each by a described rule.
//!
//! One file is one finder, `FINDERS` the list of them in the order in which they claim a passage: what an
//! earlier one took is nothing for a later one, so the digits of an account number are no telephone number.
//! Checksums and lengths follow the sources that each file names. Deliberately rather too few than too many:
//! a bare row of digits is nothing without a checksum or a word beside it, and a find says only that this
//! stands here, never that the number exists or whose it is.

mod base58;
mod bech32;
mod card;
mod checksum;
mod countries;
mod crypto;
mod document;
mod finds;
mod handle;
mod iban;
mod keccak;
mod link;
mod mail;
mod passage;
mod phone;
mod place;
mod place_link;
mod record;
mod sites;
mod words;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use countries::Country;
pub use record::in_record;

use finds::Finds;
use passage::{AT, COLON, DIGIT, DOT, NAMING, Passage, SPELT};

/// An identifier in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What sort.
    pub kind: Kind,
    /// The bytes of the text.
    pub place: Range<usize>,
    /// The one spelling in which the same identifier is always the same.
    pub key: String,
    /// By which rule, in one stable word, for the reader: `checksum`, `written-international` …
    pub rule: &'static str,
}

impl Found {
    /// What of the text may be shown in a list: as it is written, a payment card without its middle.
    pub fn shown(&self, text: &str) -> String {
        match self.kind {
            Kind::Card => self.key.split('-').next().unwrap_or_default().to_owned(),
            _ => text.get(self.place.clone()).unwrap_or_default().to_owned(),
        }
    }
}

/// What sort of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A telephone number.
    Phone,
    /// A mail address.
    Mail,
    /// A bank account.
    Iban,
    /// A payment card.
    Card,
    /// A name of an account on a service.
    Handle,
    /// A link to a profile.
    Profile,
    /// A link to an advert.
    Advert,
    /// Any other link.
    Link,
    /// An address of a crypto currency.
    Crypto,
    /// Coordinates, or a link to a place on a map.
    Place,
    /// A plate of a car.
    Plate,
    /// The number of a passport or identity card.
    Document,
}

impl Kind {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Self; 12] = [
        Self::Phone,
        Self::Mail,
        Self::Handle,
        Self::Profile,
        Self::Advert,
        Self::Link,
        Self::Iban,
        Self::Card,
        Self::Crypto,
        Self::Place,
        Self::Plate,
        Self::Document,
    ];

    /// The word in tables, JSON and arguments; stable.
    pub fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Mail => "mail",
            Self::Iban => "iban",
            Self::Card => "card",
            Self::Handle => "handle",
            Self::Profile => "profile",
            Self::Advert => "advert",
            Self::Link => "link",
            Self::Crypto => "crypto",
            Self::Place => "place",
            Self::Plate => "plate",
            Self::Document => "document",
        }
    }

    /// The sort of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What is known around a text.
#[derive(Clone, Debug, Default)]
pub struct Context {
    countries: Vec<Country>,
}

impl Context {
    /// Numbers without a country code are read as of the first of these countries (two letters of ISO 3166)
    /// whose numbering plan they fit; unknown countries are left out.
    pub fn of_countries<'c>(codes: impl IntoIterator<Item = &'c str>) -> Self {
        Self { countries: codes.into_iter().filter_map(Country::of).collect() }
    }

    /// Whether this country (big letters) is one of them.
    fn has(&self, code: &str) -> bool {
        self.countries.iter().any(|country| country.code() == code)
    }
}

/// Looks for one sort of thing.
struct Finder {
    /// Of which signs at least one must stand in a text for it to be worth looking.
    needs: u8,
    find: fn(&Passage<'_>, &Context, &mut Finds),
}

/// All finders, in the order in which they claim a passage.
const FINDERS: &[Finder] = &[
    Finder { needs: DOT | COLON, find: link::find },
    Finder { needs: AT | SPELT, find: mail::find },
    Finder { needs: DIGIT, find: crypto::find },
    Finder { needs: DIGIT, find: iban::find },
    Finder { needs: DIGIT, find: place::find },
    Finder { needs: DIGIT, find: card::find },
    Finder { needs: DIGIT, find: document::find },
    Finder { needs: DIGIT, find: phone::find },
    Finder { needs: AT | NAMING | DIGIT | DOT, find: handle::find },
];

/// The number that an identifier of a source is, or that stands in that of a messenger.
pub(crate) fn number_of(service: &str, written: &str, context: &Context) -> Option<String> {
    phone::of_identifier(service, written, context)
}

/// The identifiers in a text, in the order of their places.
pub fn find(text: &str, context: &Context) -> Vec<Found> {
    let passage = Passage::of(text);
    let mut finds = Finds::default();
    for finder in FINDERS.iter().filter(|finder| passage.has(finder.needs)) {
        (finder.find)(&passage, context, &mut finds);
    }
    finds.in_order()
}
