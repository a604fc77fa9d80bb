//! Finders: what they find, and what looks alike and is none. All numbers, names and addresses are invented
//! or published examples.

use insight::find::{Context, Kind, find};
use proptest::prelude::*;

/// Kinds and keys of a text, for a client in Germany.
fn found(text: &str) -> Vec<(Kind, String)> {
    let context = Context::of_countries(["DE"]);
    find(text, &context).into_iter().map(|found| (found.kind, found.key)).collect()
}

fn only(text: &str, kind: Kind, key: &str) {
    assert_eq!(found(text), [(kind, key.to_owned())], "{text}");
}

#[test]
fn numbers_in_any_spelling_have_one_key() {
    for text in [
        "ruf an +49 171 3920011",
        "0049 171 3920011",
        "meine nummer: 0171-3920011",
        "0171 / 39 200 11 ab acht",
        "(0171) 3920011",
    ] {
        only(text, Kind::Phone, "+491713920011");
    }
    only("call +234 803 555 0142 abeg", Kind::Phone, "+2348035550142");
    only("whatsapp 491713920011", Kind::Phone, "+491713920011");
    only("@491713920011 kommst du?", Kind::Phone, "+491713920011");
}

#[test]
fn what_is_counted_behind_a_number_is_no_part_of_it() {
    for text in [
        "zahl 0171 3920011 30 Euro",
        "0171 3920011 2 Uhr",
        "01713920011\n30 Leute",
        "+49 171 3920011 50 €",
        "pass auf: 01713920011",
    ] {
        only(text, Kind::Phone, "+491713920011");
    }
    let both = found("01713920011\n01713920012");
    let keys: Vec<&str> = both.iter().map(|(_, key)| key.as_str()).collect();
    assert_eq!(keys, ["+491713920011", "+491713920012"]);
}

/// One in forty of these passes the check of a paper.
#[test]
fn a_number_without_gaps_is_no_paper() {
    for number in (0..10_000_000_u32).step_by(9_973) {
        only(&format!("0171{number:07}"), Kind::Phone, &format!("+49171{number:07}"));
    }
}

#[test]
fn numbers_of_the_clients_country() {
    let of = |country: &str, text: &str| {
        let found = find(text, &Context::of_countries([country]));
        found.into_iter().map(|found| found.key).collect::<Vec<_>>()
    };
    assert_eq!(of("HU", "06 20 555 0123"), ["+36205550123"]);
    assert_eq!(of("RU", "номер 8 912 555 01 23"), ["+79125550123"]);
    assert_eq!(of("PL", "numer tel 512 555 012"), ["+48512555012"]);
    assert_eq!(of("BG", "0888 555 012"), ["+359888555012"]);
}

#[test]
fn what_only_looks_like_a_number_is_none() {
    for text in [
        "am 12.03.2024 um 14:30",
        "3.000.000 Euro",
        "Bestellnummer 0012345678",
        "2024-03-12",
        "Kundennummer: 0171392001",
        "ich habe 500 von 1000",
        "0.123456789",
        "+100000000 danke",
        "du schuldest 1.500, 2.000 Euro",
        "bild foto@2x.png",
        "Telegram: bitte schreib in 5 Minuten",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn mails_written_and_spelt_out() {
    only("schreib an Mia.Rose@example.org!", Kind::Mail, "mia.rose@example.org");
    only("mia (at) example (dot) org", Kind::Mail, "mia@example.org");
    only("mia at example dot org", Kind::Mail, "mia@example.org");
    for text in ["wir sind at home", "um 5 @ bahnhof", "a@b"] {
        assert!(found(text).iter().all(|(kind, _)| *kind != Kind::Mail), "{text}");
    }
}

#[test]
fn accounts_cards_and_crypto_by_their_checksums() {
    only("DE89 3704 0044 0532 0130 00", Kind::Iban, "DE89370400440532013000");
    assert!(found("DE89 3704 0044 0532 0130 01").iter().all(|(kind, _)| *kind != Kind::Iban));
    let card = found("karte 4111 1111 1111 1111");
    assert!(
        matches!(card.as_slice(), [(Kind::Card, key)] if key.contains("1111") && !key.contains("41111111"))
    );
    assert!(found("4111 1111 1111 1112").iter().all(|(kind, _)| *kind != Kind::Card));
    only("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Kind::Crypto, "bitcoin:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
    assert_eq!(found("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"), []);
}

#[test]
fn handles_profiles_and_adverts_meet_in_one_key() {
    only("https://www.instagram.com/mia.rose_23/?hl=de", Kind::Profile, "instagram:mia.rose_23");
    only("insta: mia.rose_23", Kind::Handle, "instagram:mia.rose_23");
    only("das ist wichtig @mia_k", Kind::Handle, "any:mia_k");
    only("schau t.me/roses_jobs", Kind::Profile, "telegram:roses_jobs");
    only("https://wa.me/4917139200", Kind::Phone, "+4917139200");
    only("www.kaufmich.com/p/rose", Kind::Advert, "kaufmich.com/p/rose");
    only("https://example.org/a?utm=1", Kind::Link, "example.org/a");
    assert_eq!(found("ich bin auf insta und telegram"), []);
}

#[test]
fn places_as_numbers_degrees_and_links() {
    only("52.5200, 13.4050", Kind::Place, "52.52000,13.40500");
    only("https://maps.google.com/?q=52.52,13.405", Kind::Place, "52.52000,13.40500");
    only("52°31'12\"N 13°24'18\"E", Kind::Place, "52.52000,13.40500");
    only("treffen 9F4MGC22+22", Kind::Place, "9F4MGC22+22");
    assert_eq!(found("1.5, 2.5 liter"), []);
}

#[test]
fn papers_and_plates_only_with_a_check_or_a_word() {
    only("L898902C36UTO7408122F1204159ZE184226B<<<<<10", Kind::Document, "L898902C3");
    only("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6", Kind::Document, "D23145890");
    only("PESEL 44051401359", Kind::Document, "44051401359");
    assert_eq!(found("44051401359"), []);
    only("Passnummer C01X00T47", Kind::Document, "C01X00T47");
    only("Kennzeichen B-AB 1234", Kind::Plate, "BAB1234");
    assert_eq!(found("C01X00T47 ist der Raum"), []);
    assert_eq!(found("bus B-AB 12"), []);
}

#[test]
fn a_megabyte_of_signs_costs_little() {
    for sign in [
        "1",
        "1 ",
        "@a.",
        "https://",
        "https://a ",
        "t.me/a ",
        "plate ",
        " at a",
        "a (at) b (dot) ",
        "°",
        "+",
        "a@a ",
        "insta: ",
        "0x",
    ] {
        let text = sign.repeat((1 << 20) / sign.len());
        let began = std::time::Instant::now();
        let _ = found(&text);
        assert!(began.elapsed().as_secs() < 20, "{sign}");
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_places_lie_in_the_text(text in "[0-9a-zA-Z@+.:/()°' _€ñи护-]{0,80}") {
        for found in find(&text, &Context::of_countries(["DE", "IT"])) {
            prop_assert!(text.get(found.place.clone()).is_some_and(|passage| !passage.is_empty()));
            prop_assert!(!found.key.is_empty());
        }
    }
}
