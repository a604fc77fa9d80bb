//! The well-known RFC 6962 test tree, and all proofs of all trees up to 100 leaves.

use super::*;
use model::decode_hex;
use proptest::prelude::*;

fn leaves(count: usize) -> Vec<Digest> {
    (0..count).map(|i| leaf_hash(&[&i.to_le_bytes()])).collect()
}

/// Straight from the definition, as an oracle.
fn root_by_definition(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => sha256(b""),
        [leaf] => *leaf,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            node_hash(root_by_definition(&leaves[..middle]), root_by_definition(&leaves[middle..]))
        }
    }
}

#[test]
fn roots_of_the_well_known_test_tree() {
    let data =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let leaves: Vec<Digest> = data.iter().map(|hex| leaf_hash(&[&decode_hex(hex).unwrap()])).collect();
    for (size, expected) in roots.iter().enumerate() {
        assert_eq!(root(&leaves[..size]).to_string(), *expected, "{size} leaves");
    }
}

#[test]
fn every_proof_of_every_tree_up_to_100_leaves() {
    let all = leaves(100);
    for size in 0..=all.len() {
        let tree = &all[..size];
        let root = root(tree);
        assert_eq!(root, root_by_definition(tree), "{size} leaves");
        assert_eq!(inclusion_proof(tree, size as u64), None);
        assert_eq!(consistency_proof(tree, size as u64 + 1), None);
        for (index, leaf) in tree.iter().enumerate() {
            let proof = inclusion_proof(tree, index as u64).unwrap();
            assert_eq!(verify_inclusion(*leaf, index as u64, size as u64, &proof, root), Ok(()));
        }
        for old in 0..=size {
            let proof = consistency_proof(tree, old as u64).unwrap();
            let old_root = root_by_definition(&tree[..old]);
            assert_eq!(
                verify_consistency(old as u64, old_root, size as u64, root, &proof),
                Ok(()),
                "{old} of {size}"
            );
        }
    }
}

/// One small lie in a list of hashes.
fn mutate(proof: &mut Vec<Digest>, kind: u8, at: usize, bit: u8) {
    let at = if proof.is_empty() { 0 } else { at % proof.len() };
    match kind {
        0 => proof.push(sha256(b"extra")),
        1 if !proof.is_empty() => drop(proof.remove(at)),
        2 if proof.len() > 1 => {
            let other = (at + 1) % proof.len();
            proof.swap(at, other);
        }
        _ if !proof.is_empty() => proof[at].0[usize::from(bit) % 32] ^= 1 << (bit % 8),
        _ => proof.push(Digest([bit; 32])),
    }
}

proptest! {
    #[test]
    fn changed_inclusion_proofs_are_refused(
        size in 1_usize..=100, index in 0_usize..100, kind in 0_u8..4, at in 0_usize..8, bit: u8,
    ) {
        let index = index % size;
        let tree = leaves(size);
        let (leaf, root) = (tree[index], root(&tree));
        let (index, size) = (index as u64, size as u64);
        let good = inclusion_proof(&tree, index).unwrap();
        let mut bad = good.clone();
        mutate(&mut bad, kind, at, bit);
        prop_assert!(verify_inclusion(leaf, index, size, &bad, root).is_err());
        prop_assert!(verify_inclusion(sha256(b"other"), index, size, &good, root).is_err());
        prop_assert!(verify_inclusion(leaf, index, size, &good, sha256(b"other")).is_err());
        prop_assert!(verify_inclusion(leaf, size, size, &good, root).is_err());
        if size > 1 {
            prop_assert!(verify_inclusion(leaf, (index + 1) % size, size, &good, root).is_err());
        }
    }

    #[test]
    fn changed_consistency_proofs_are_refused(
        size in 2_usize..=100, old in 1_usize..100, kind in 0_u8..4, at in 0_usize..8, bit: u8,
    ) {
        let old = 1 + old % (size - 1);
        let tree = leaves(size);
        let (old_root, root) = (root(&tree[..old]), root(&tree));
        let (old, size) = (old as u64, size as u64);
        let good = consistency_proof(&tree, old).unwrap();
        let mut bad = good.clone();
        mutate(&mut bad, kind, at, bit);
        prop_assert!(verify_consistency(old, old_root, size, root, &bad).is_err());
        prop_assert!(verify_consistency(old, sha256(b"other"), size, root, &good).is_err());
        prop_assert!(verify_consistency(old, old_root, size, sha256(b"other"), &good).is_err());
        prop_assert!(verify_consistency(size + 1, old_root, size, root, &good).is_err());
    }

    #[test]
    fn absurd_sizes_never_panic(index: u64, size: u64, old: u64, hashes in 0_usize..70) {
        let proof = leaves(hashes);
        let root = sha256(b"root");
        let _ = verify_inclusion(root, index, size, &proof, root);
        let _ = verify_consistency(old, root, size, root, &proof);
    }
}
