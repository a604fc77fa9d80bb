//! A page that is too large for a fixture, invented.

use std::fmt::Write as _;

use readers::Options;

use crate::honesty;
use crate::reading::read_files;
use crate::real_meta_json::messages;

#[test]
fn a_long_page_and_a_long_text() {
    let long = "ein langer Text ".repeat(10 << 16);
    let mut page = "<html><head><title>Lang</title></head><body><main>".to_owned();
    let mut put = |text: &str, minute: u32| {
        write!(
            page,
            r#"<section class="_a6-g"><h2 class="_2ph_ _a6-h _a6-i">Erfundene Person</h2>
            <div class="_2ph_ _a6-p"><div><div></div><div>{text}</div><div></div></div></div>
            <footer class="_3-94 _a6-o"><div class="_a72d">Sep 13, 2020, 12:{minute:02} PM</div></footer>
            </section>"#
        )
        .unwrap();
    };
    for at in (1..100_000).rev() {
        put("kurz", at / 2000 + 1);
    }
    put(&long, 0);
    page.push_str("</main></body></html>");
    let files = vec![("messages/inbox/lang_1/message_1.html".to_owned(), page.into_bytes())];
    let read = read_files(files, &[], &Options::default());
    honesty::check(&read, "a long page");
    let messages = messages(&read);
    assert_eq!(messages.len(), 100_000);
    assert_eq!(messages[0].text.as_deref().map(str::len), Some(long.trim().len()));
    assert!(messages.iter().all(|message| message.sent.as_ref().is_some_and(|sent| sent.first_ms.is_some())));
    assert!(read.kept.problems.is_empty());
}
