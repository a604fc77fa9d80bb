//! The gate: yes and unsure take nothing and say nothing.

use std::fs;

use desk::{DeskError, GateAnswer};

use crate::world::{World, secure_form};

#[test]
fn yes_and_unsure_take_nothing() {
    let world = World::new();
    let mut desk = world.desk();
    world.new_case(&mut desk, "case");
    let mut case = world.open(&mut desk, "case");
    for (answer, word) in [(GateAnswer::Yes, "yes"), (GateAnswer::Unsure, "unsure")] {
        let mut form = secure_form(&world.path("not-even-looked-at"));
        form.gate = answer;
        let error = desk.secure(&mut case, &form).unwrap_err();
        assert!(matches!(error, DeskError::GateYes { .. } | DeskError::GateUnsure { .. }), "{error}");
        let lines = desk.log(&mut case).unwrap();
        let entry = lines.iter().rfind(|line| line.kind.as_deref() == Some("gate.answered")).unwrap();
        assert_eq!(entry.fields["answer"], word);
        let names: Vec<&str> = entry.fields.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["answer", "at", "key", "kind", "program"],
            "the entry says nothing about the selection"
        );
    }
    assert!(
        !world.path("case/capsules").exists()
            || fs::read_dir(world.path("case/capsules")).unwrap().count() == 0
    );
}
