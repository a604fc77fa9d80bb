//! Pages that are too large for a fixture, invented.

use std::fmt::Write as _;

use readers::Options;

use crate::honesty;
use crate::reading::read_files;
use crate::real_meta_json::messages;

#[test]
fn a_hundred_pages_and_a_long_text() {
    let long = "ein langer Text ".repeat(10 << 16);
    let mut files = Vec::new();
    for page in 1..=100 {
        let mut html = r#"<html><head></head><body><div class="page_wrap"><div class="page_header">
            <div class="text bold">Lang</div></div><div class="history">"#
            .to_owned();
        for at in 0..1000 {
            let joined = if at % 2 == 0 { "" } else { " joined" };
            let from = if at % 2 == 0 { r#"<div class="from_name">Erfundene Person</div>"# } else { "" };
            let text = if page == 100 && at == 999 { long.as_str() } else { "kurz" };
            write!(
                html,
                r#"<div class="message default clearfix{joined}" id="message{page}{at:03}">
                <div class="body"><div
                class="pull_right date details" title="13.09.2020 12:26:00 UTC+02:00">12:26</div>{from}<div
                class="text">{text}</div></div></div>"#
            )
            .unwrap();
        }
        html.push_str("</div></div></body></html>");
        let number = if page == 1 { String::new() } else { page.to_string() };
        files.push((format!("ChatExport/messages{number}.html"), html.into_bytes()));
    }
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, "a hundred pages");
    let messages = messages(&read);
    assert_eq!((messages.len(), read.units.len()), (100_000, 1));
    assert_eq!(messages[99_999].text.as_deref().map(str::len), Some(long.trim().len()));
    assert!(messages.iter().all(|message| message.sender.is_some() && message.states.is_empty()));
    assert!(messages.iter().all(|message| message.sent.as_ref().is_some_and(|sent| sent.first_ms.is_some())));
    let ids: Vec<usize> =
        messages.iter().map(|message| message.id.as_ref().unwrap().parse().unwrap()).collect();
    assert!(ids.is_sorted());
}
