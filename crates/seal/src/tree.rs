//! The Merkle tree of RFC 6962 with SHA-256: roots, inclusion proofs, consistency proofs.
//!
//! Verification follows RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree). Holds no storage and no
//! signatures.

use crate::{Sha256, sha256};
use model::Digest;

/// A proof that does not prove what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf number is not below the size, or the old size is above the new one.
    #[error("the proof is about a leaf or a size outside of the tree")]
    OutOfRange,
    /// More or fewer hashes than a tree of this size needs.
    #[error("the proof has the wrong length")]
    Length,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Mismatch,
}

/// The hash of a leaf whose data is the parts one after the other.
pub fn leaf_hash(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(&[0]);
    for part in parts {
        hash.update(part);
    }
    hash.finish()
}

/// The root of the tree over these leaf hashes; no leaf gives the hash of the empty string.
pub fn root(leaves: &[Digest]) -> Digest {
    let mut builder = TreeBuilder::new();
    for leaf in leaves {
        builder.push(*leaf);
    }
    builder.root()
}

/// Computes a root leaf by leaf with memory for one hash per level.
#[derive(Clone, Debug, Default)]
pub struct TreeBuilder {
    // Roots of the complete subtrees from left to right: one per set bit of `size`.
    subtrees: Vec<Digest>,
    size: u64,
}

impl TreeBuilder {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.subtrees.pop() {
                hash = node_hash(left, hash);
            }
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// The number of leaves.
    pub fn len(&self) -> u64 {
        self.size
    }

    /// Whether there is no leaf yet.
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// The root over the leaves so far; more may follow.
    pub fn root(&self) -> Digest {
        let from_right = self.subtrees.iter().rev().copied();
        from_right.reduce(|right, left| node_hash(left, right)).unwrap_or_else(|| sha256(b""))
    }
}

/// The hashes from leaf to root that prove leaf `index`; none if there is no such leaf.
pub fn inclusion_proof(leaves: &[Digest], index: u64) -> Option<Vec<Digest>> {
    let mut index = usize::try_from(index).ok().filter(|index| *index < leaves.len())?;
    let (mut proof, mut subtree) = (Vec::new(), leaves);
    while let Some((left, right)) = halves(subtree) {
        if index < left.len() {
            proof.push(root(right));
            subtree = left;
        } else {
            proof.push(root(left));
            index -= left.len();
            subtree = right;
        }
    }
    proof.reverse();
    Some(proof)
}

/// Checks that `leaf` is leaf number `index` of the tree with this size and root.
pub fn verify_inclusion(
    leaf: Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: Digest,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(*sibling, hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, *sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 { Err(ProofError::Length) } else { same(hash, root) }
}

/// The hashes that prove that the tree over the first `old_size` leaves is a beginning of this one;
/// empty if the old tree is empty or the same, none if it is larger.
pub fn consistency_proof(leaves: &[Digest], old_size: u64) -> Option<Vec<Digest>> {
    let mut old = usize::try_from(old_size).ok().filter(|old| *old <= leaves.len())?;
    if old == 0 {
        return Some(Vec::new());
    }
    let (mut proof, mut subtree, mut old_root_is_known) = (Vec::new(), leaves, true);
    while let Some((left, right)) = halves(subtree).filter(|_| old != subtree.len()) {
        if old <= left.len() {
            proof.push(root(right));
            subtree = left;
        } else {
            proof.push(root(left));
            old -= left.len();
            subtree = right;
            old_root_is_known = false;
        }
    }
    if !old_root_is_known {
        proof.push(root(subtree));
    }
    proof.reverse();
    Some(proof)
}

/// Checks that the tree of the old size and root is a beginning of the tree of this size and root.
pub fn verify_consistency(
    old_size: u64,
    old_root: Digest,
    size: u64,
    root: Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size > size {
        return Err(ProofError::OutOfRange);
    }
    if old_size == 0 || old_size == size {
        let expected = if old_size == 0 { sha256(b"") } else { root };
        return if proof.is_empty() { same(expected, old_root) } else { Err(ProofError::Length) };
    }
    let mut hashes = proof.iter().copied();
    // A complete old tree is a node of the new one, and the verifier knows its hash already.
    let start = if old_size.is_power_of_two() { Some(old_root) } else { hashes.next() };
    let start = start.ok_or(ProofError::Length)?;
    let shift = (old_size - 1).trailing_ones();
    let (mut node, mut last) = ((old_size - 1) >> shift, (size - 1) >> shift);
    let (mut old_hash, mut hash) = (start, start);
    for sibling in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, old_hash);
            hash = node_hash(sibling, hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    same(old_hash, old_root)?;
    same(hash, root)
}

fn node_hash(left: Digest, right: Digest) -> Digest {
    let mut hash = Sha256::new();
    hash.update(&[1]);
    hash.update(&left.0);
    hash.update(&right.0);
    hash.finish()
}

/// Splits at the largest power of two below the number of leaves; none for a single leaf or an empty tree.
fn halves(leaves: &[Digest]) -> Option<(&[Digest], &[Digest])> {
    let last = leaves.len().checked_sub(1)?;
    leaves.split_at_checked(1 << last.checked_ilog2()?)
}

fn same(found: Digest, expected: Digest) -> Result<(), ProofError> {
    if found == expected { Ok(()) } else { Err(ProofError::Mismatch) }
}

#[cfg(test)]
mod tests;
