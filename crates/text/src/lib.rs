//! Words as people write them: normalising for search, and understanding what is searched for.
//!
//! The room knows no storage: it makes the shadow form that is stored beside a text, and turns what a person
//! typed into a tree whose leaves say by which rule each must be matched. Deliberately no dictionary, no
//! stemming and no guess of the language.

pub mod digits;
pub mod leaf;
mod letters;
mod lexer;
pub mod normalise;
mod offsets;
pub mod query;
pub mod scripts;
pub mod translit;

pub use digits::{PhoneKey, Sameness, Spelling, find_numbers, phone_key, same_number};
pub use leaf::{Form, Leaf, Origin, Rule, Shape, TRIGRAM_TOKENIZER, WORD_TOKENIZER};
pub use normalise::{Normalised, normalise, normalise_into};
pub use offsets::OffsetMap;
pub use query::{Node, Note, Query, Settings, Spellings};
pub use scripts::{Script, has_unspaced};
pub use translit::{MOST_SPELLINGS, other_script, umlauts};
