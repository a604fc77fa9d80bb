//! What a hostile name may not do on the terminal.

#[cfg(unix)]
#[test]
fn names_of_files_play_no_tricks() {
    use crate::desk_of_one::DeskOfOne;
    use std::fs;

    let desk = DeskOfOne::with_case();
    fs::create_dir(desk.at("hostile")).unwrap();
    for name in ["photo\u{202e}gpj.exe", "a\u{1b}[2Jb", "line\nCapsule 99", "zero\u{200b}width"] {
        fs::write(desk.at("hostile").join(name), "invented").unwrap();
    }
    let keys = "--signing-key-file me.key --key-file case.key";
    desk.run("secure case hostile --source invented --gate no --signing-key-file me.key").done();
    let plain = |text: &str| {
        text.chars().all(|c| !matches!(c, '\u{1b}' | '\u{202e}' | '\u{200b}'))
            && !text.contains("\nCapsule 99")
    };
    let shown = desk.run(&format!("show case {keys}")).done();
    assert!(plain(&shown.out), "{}", shown.out);
    assert!(shown.out.contains("photo\\u{202e}gpj.exe"), "{}", shown.out);
    let words = ["verify", "hostile/a\u{1b}[2Jb"];
    let ran = desk.run_words(&words);
    ran.refused(8, "not-ours");
    assert!(plain(&ran.err), "{}", ran.err);
}
