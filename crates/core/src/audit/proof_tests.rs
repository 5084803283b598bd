use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde::Deserialize;

use super::super::edge::Edge;
use super::super::hash::{EMPTY_ROOT, leaf_hash};
use super::super::tile::{Tiles, consistency_ranges, inclusion_ranges};
use super::*;

/// The head as RFC 9162 §2.1.1 defines it, word for word.
fn defined(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [only] => *only,
        more => {
            let mut k = 1;
            while k * 2 < more.len() {
                k *= 2;
            }
            node_hash(&defined(&more[..k]), &defined(&more[k..]))
        }
    }
}

struct Log {
    leaves: Vec<Hash>,
    roots: BTreeMap<u64, Hash>,
    tiles: Tiles,
}

/// A log of that size, with the heads of the sizes that are asked for.
fn log(size: u64, is_asked: impl Fn(u64) -> bool) -> Log {
    let leaves: Vec<Hash> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    let mut roots = BTreeMap::from([(0, EMPTY_ROOT)]);
    for leaf in &leaves {
        for tile in edge.append(*leaf) {
            assert_eq!(tile.hashes.len(), 256);
            tiles.insert(tile);
        }
        if is_asked(edge.size()) {
            roots.insert(edge.size(), edge.root());
        }
    }
    for tile in edge.partial() {
        tiles.insert(tile);
    }
    Log { leaves, roots, tiles }
}

/// One for all tests.
fn thousand() -> &'static Log {
    static LOG: LazyLock<Log> = LazyLock::new(|| log(1000, |_| true));
    &LOG
}

fn at(index: u64) -> usize {
    usize::try_from(index).unwrap()
}

impl Log {
    fn inclusion(&self, index: u64, size: u64) -> Vec<Hash> {
        self.tiles.heads(&inclusion_ranges(index, size).unwrap()).unwrap()
    }

    fn consistency(&self, first: u64, second: u64) -> Vec<Hash> {
        self.tiles.heads(&consistency_ranges(first, second).unwrap()).unwrap()
    }
}

#[test]
fn the_head_is_the_one_that_is_defined_at_every_size() {
    let log = thousand();
    for size in 0..=600 {
        assert_eq!(log.roots[&size], defined(&log.leaves[..at(size)]), "{size}");
    }
}

#[test]
fn every_size_is_consistent_with_every_smaller_one() {
    let log = thousand();
    for second in 1..=300u64 {
        for first in 1..=second {
            let proof = log.consistency(first, second);
            let (old, new) = (log.roots[&first], log.roots[&second]);
            assert_eq!(
                verify_consistency(first, second, &old, &new, &proof),
                Ok(()),
                "{first} {second}"
            );
        }
    }
}

#[test]
fn every_leaf_is_in_every_tree_that_has_it() {
    let log = thousand();
    for size in 1..=300u64 {
        for index in (0..size).filter(|index| size < 100 || index % 5 == size % 5) {
            let proof = log.inclusion(index, size);
            let (leaf, root) = (log.leaves[at(index)], log.roots[&size]);
            assert_eq!(
                verify_inclusion(&leaf, index, size, &proof, &root),
                Ok(()),
                "{index} {size}"
            );
        }
    }
}

#[test]
fn a_tree_over_several_levels_of_tiles_is_proven_too() {
    const FIRST: [u64; 8] = [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000];
    let size = 70_000;
    let log = log(size, |size| FIRST.contains(&size));
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        let proof = log.inclusion(index, size);
        let (leaf, root) = (log.leaves[at(index)], log.roots[&size]);
        assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()), "{index}");
        assert!(Tiles::needed(&inclusion_ranges(index, size).unwrap()).len() <= 6);
    }
    for first in FIRST {
        let proof = log.consistency(first, size);
        let (old, new) = (log.roots[&first], log.roots[&size]);
        assert_eq!(verify_consistency(first, size, &old, &new, &proof), Ok(()), "{first}");
    }
}

#[test]
fn an_edge_goes_on_from_its_tiles() {
    for size in [0u64, 1, 3, 255, 256, 257, 511, 512, 1000, 65_536, 65_793] {
        let leaf = |n: u64| leaf_hash(&n.to_be_bytes());
        let mut whole = Edge::default();
        for n in 0..size {
            whole.append(leaf(n));
        }
        let mut again = Edge::new(size, &whole.partial()).unwrap();
        assert_eq!((again.root(), again.size()), (whole.root(), size), "{size}");
        for n in size..size + 300 {
            assert_eq!(again.append(leaf(n)), whole.append(leaf(n)));
            assert_eq!(again.root(), whole.root());
        }
    }
    let mut edge = Edge::default();
    edge.append(leaf_hash(b"x"));
    assert!(Edge::new(2, &edge.partial()).is_err());
    assert!(Edge::new(257, &edge.partial()).is_err());
    assert!(Edge::new(256, &[]).is_err());
}

#[test]
fn what_is_not_in_the_tree_has_no_proof() {
    assert_eq!(inclusion_ranges(3, 3), Err(ProofError::OutOfTree));
    assert_eq!(consistency_ranges(0, 3), Err(ProofError::OutOfTree));
    assert_eq!(consistency_ranges(4, 3), Err(ProofError::OutOfTree));
    let missing = Tiles::default().heads(&inclusion_ranges(0, 2).unwrap());
    assert_eq!(missing, Err(ProofError::MissingTile(0, 0)));
}

/// Threat 27 of rules.md: a lying server. A thousand proofs, every bit of each flipped.
#[test]
fn no_flipped_bit_of_a_thousand_proofs_is_taken() {
    let log = thousand();
    let mut flipped = 0u32;
    for n in 0..500u64 {
        let (index, size) = (n * 7 % 30, 30 + n % 11);
        let (leaf, root) = (log.leaves[at(index)], log.roots[&size]);
        flipped += refused(&log.inclusion(index, size), |proof| {
            verify_inclusion(&leaf, index, size, proof, &root).is_err()
        });
        let first = 1 + n * 13 % 29;
        let old = log.roots[&first];
        flipped += refused(&log.consistency(first, size), |proof| {
            verify_consistency(first, size, &old, &root, proof).is_err()
        });
    }
    assert!(flipped > 1_000_000, "{flipped}");
}

fn refused(proof: &[Hash], is_refused: impl Fn(&[Hash]) -> bool) -> u32 {
    assert!(!is_refused(proof));
    let mut flipped = 0;
    for place in 0..proof.len() {
        for bit in 0..256 {
            let mut lie = proof.to_vec();
            lie[place].0[bit / 8] ^= 1 << (bit % 8);
            assert!(is_refused(&lie), "hash {place}, bit {bit}");
            flipped += 1;
        }
    }
    flipped
}

proptest! {
    #[test]
    fn a_proof_proves_one_leaf_at_one_place_in_one_tree(
        size in 2u64..300, place: prop::sample::Index, other: prop::sample::Index, cut: bool,
    ) {
        let log = thousand();
        let index = u64::try_from(place.index(at(size))).unwrap();
        let proof = log.inclusion(index, size);
        let (leaf, root) = (log.leaves[at(index)], log.roots[&size]);
        let elsewhere = u64::try_from(other.index(at(size))).unwrap();
        prop_assume!(elsewhere != index);
        prop_assert!(verify_inclusion(&leaf, elsewhere, size, &proof, &root).is_err());
        prop_assert!(verify_inclusion(&log.leaves[at(elsewhere)], index, size, &proof, &root).is_err());
        prop_assert!(verify_inclusion(&leaf, index, size, &proof, &log.roots[&(size - 1)]).is_err());
        let mut longer = proof.clone();
        if cut { longer.pop(); } else { longer.push(leaf); }
        prop_assert!(verify_inclusion(&leaf, index, size, &longer, &root).is_err());
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Inclusion {
    leaf_idx: u64,
    tree_size: u64,
    root: String,
    leaf_hash: String,
    proof: Option<Vec<String>>,
    want_err: bool,
    file: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consistency {
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Option<Vec<String>>,
    want_err: bool,
    #[serde(rename = "convention_edge")]
    is_convention: bool,
    file: String,
}

/// Some vectors have other text where nothing depends on the hash: the same for the same text, and
/// where there is none nothing that equals anything.
fn hashes<T: AsRef<str>>(texts: &[T]) -> Vec<Hash> {
    let stand_in = |(place, text): (usize, &str)| match text {
        "" => leaf_hash(&place.to_be_bytes()),
        text => leaf_hash(text.as_bytes()),
    };
    let texts = texts.iter().map(AsRef::as_ref).enumerate();
    texts.map(|(place, text)| text.parse().unwrap_or_else(|_| stand_in((place, text)))).collect()
}

/// The vectors of transparency-dev/merkle, from the folder that `MERKLE_VECTORS` names.
#[test]
fn the_vectors_of_others_are_judged_as_others_judge_them() {
    let Some(folder) = std::env::var_os("MERKLE_VECTORS").map(std::path::PathBuf::from) else {
        return;
    };
    let read = |name: &str| std::fs::read(folder.join(name)).expect("the vectors");
    let all: Vec<Inclusion> = serde_json::from_slice(&read("inclusion_all.json")).unwrap();
    assert!(all.len() > 50);
    for case in all {
        let proof = case.proof.unwrap_or_default();
        let (heads, proof) = (hashes(&[&case.root, &case.leaf_hash]), hashes(&proof));
        let verified =
            verify_inclusion(&heads[1], case.leaf_idx, case.tree_size, &proof, &heads[0]);
        assert_eq!(verified.is_err(), case.want_err, "{}", case.file);
    }
    let all: Vec<Consistency> = serde_json::from_slice(&read("consistency_all.json")).unwrap();
    assert!(all.len() > 50);
    for case in all {
        let proof = case.proof.unwrap_or_default();
        let (heads, proof) = (hashes(&[&case.root1, &case.root2]), hashes(&proof));
        let verified = verify_consistency(case.size1, case.size2, &heads[0], &heads[1], &proof);
        // Whether nothing is a beginning of everything is a convention; here it proves nothing.
        if !case.is_convention {
            assert_eq!(verified.is_err(), case.want_err, "{}", case.file);
        }
    }
}
