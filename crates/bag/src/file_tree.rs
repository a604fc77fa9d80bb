//! The file tree of a capsule: one salted leaf per file, so that a chosen file can be proved and the
//! others stay hidden.
//!
//! `docs/format.md`, section 5 *salts and the file tree*; RFC 6962. All levels are kept, 64 bytes a file,
//! so that proofs for many files cost no more than a few hashes each. The root of a log is deliberately
//! not the business of this module.

use model::{Digest, canonical};

use crate::name_lines::FileLine;

/// The leaf hash of a file under its salt.
pub fn file_leaf_hash(salt: &[u8; 32], line: &FileLine) -> Result<Digest, canonical::CanonicalError> {
    Ok(seal::tree::leaf_hash(&[salt, &line.leaf_json()?]))
}

/// The salt of a leaf from the seed of the capsule.
pub(crate) fn salt_from(seed: &[u8; 32], leaf: u64) -> [u8; 32] {
    seal::hmac_sha256(seed, &[&leaf.to_be_bytes()])
}

/// All hashes of the tree.
#[derive(Clone, Debug)]
pub struct FileTree {
    /// Leaves first, the root last; a hash without a sibling stands for itself on the next level.
    levels: Vec<Vec<Digest>>,
}

/// What proves one file of a capsule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProof {
    /// The salt of its leaf.
    pub salt: [u8; 32],
    /// What the leaf says after the salt: canonical JSON.
    pub leaf_json: Vec<u8>,
    /// The number of its leaf.
    pub leaf: u64,
    /// How many leaves there are.
    pub leaves: u64,
    /// The hashes from leaf to root.
    pub proof: Vec<Digest>,
}

impl FileProof {
    /// Checks the proof against the root that an entry of the log commits to.
    pub fn verify(&self, root: Digest) -> Result<(), seal::tree::ProofError> {
        let leaf = seal::tree::leaf_hash(&[&self.salt, &self.leaf_json]);
        seal::tree::verify_inclusion(leaf, self.leaf, self.leaves, &self.proof, root)
    }
}

impl FileTree {
    /// The tree over these leaf hashes.
    pub fn new(leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            // Two leaf hashes have a root, and that is the node over them.
            let above = below.chunks(2).map(|pair| match pair {
                [alone] => *alone,
                both => seal::tree::root(both),
            });
            let above = above.collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// The root.
    pub fn root(&self) -> Digest {
        let top = self.levels.last().and_then(|level| level.first());
        top.copied().unwrap_or_else(|| seal::tree::root(&[]))
    }

    /// The number of leaves.
    pub fn leaves(&self) -> u64 {
        self.levels.first().map_or(0, Vec::len) as u64
    }

    /// The hashes from a leaf to the root; none if there is no such leaf.
    pub fn proof(&self, leaf: u64) -> Option<Vec<Digest>> {
        let mut index = usize::try_from(leaf).ok().filter(|_| leaf < self.leaves())?;
        let mut proof = Vec::new();
        for level in &self.levels {
            proof.extend(level.get(index ^ 1).filter(|_| level.len() > 1).copied());
            index >>= 1;
        }
        Some(proof)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_tree_as_the_one_of_the_log() {
        for count in 0..70_u8 {
            let leaves: Vec<Digest> = (0..count).map(|k| Digest([k; 32])).collect();
            let tree = FileTree::new(leaves.clone());
            assert_eq!(tree.root(), seal::tree::root(&leaves));
            for leaf in 0..=u64::from(count) {
                assert_eq!(tree.proof(leaf), seal::tree::inclusion_proof(&leaves, leaf), "{leaf} of {count}");
            }
        }
    }
}
