//! Verifying what a log says of itself, without trust in it (RFC 9162 §2.1.3.2 and §2.1.4.2).

use super::hash::{Hash, node_hash};

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The sizes or the index cannot be.
    #[error("there is no such leaf or tree")]
    OutOfTree,
    /// It has too many hashes or too few.
    #[error("the proof has not the length of one for these sizes")]
    Length,
    /// It leads to another head.
    #[error("the proof leads to another root")]
    Root,
    /// A tile that it is read from is not there.
    #[error("tile {1} of level {0} is missing or too short")]
    MissingTile(u8, u64),
}

/// Checks that `leaf` stands at `index` in the tree of `size` leaves with this head.
///
/// # Errors
/// It does not, or the proof does not show it.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfTree);
    }
    let (mut fnode, mut snode, mut head) = (index, size - 1, *leaf);
    for beside in proof {
        if snode == 0 {
            return Err(ProofError::Length);
        }
        if fnode & 1 == 1 || fnode == snode {
            head = node_hash(beside, &head);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            head = node_hash(&head, beside);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    match (snode, head == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Checks that the tree of `second` leaves begins with that of `first`, given both heads.
///
/// # Errors
/// It does not, or the proof does not show it. An empty first tree proves nothing and is refused.
pub fn verify_consistency(
    first: u64,
    second: u64,
    first_root: &Hash,
    second_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if first == 0 || first > second {
        return Err(ProofError::OutOfTree);
    }
    if first == second {
        return match (proof.is_empty(), first_root == second_root) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
            (false, _) => Err(ProofError::Length),
        };
    }
    // A first tree that is perfect stands in the second as it is.
    let (start, rest) = match first.is_power_of_two() {
        true => (*first_root, proof),
        false => match proof.split_first() {
            Some((start, rest)) => (*start, rest),
            None => return Err(ProofError::Length),
        },
    };
    let zeros = (!(first - 1)).trailing_zeros();
    let (mut fnode, mut snode) = ((first - 1) >> zeros, (second - 1) >> zeros);
    let (mut old, mut new) = (start, start);
    for beside in rest {
        if snode == 0 {
            return Err(ProofError::Length);
        }
        if fnode & 1 == 1 || fnode == snode {
            old = node_hash(beside, &old);
            new = node_hash(beside, &new);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            new = node_hash(&new, beside);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    match (snode, old == *first_root && new == *second_root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
