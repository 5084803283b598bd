//! Whether two samples of times differ, without a belief about how times are distributed.
#![allow(clippy::float_arithmetic, reason = "a test statistic is a real number")]

/// What the Mann-Whitney U test says of two samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankTest {
    /// U of the first sample: pairs in which its value is the larger, ties counted half.
    pub u: f64,
    /// How likely a U at least as far from the middle is if both samples come from one distribution.
    pub p: f64,
}

/// The two-sided Mann-Whitney U test by the normal approximation, corrected for ties and continuity,
/// for samples of eight or more each.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> RankTest {
    let mut all: Vec<(f64, bool)> = first.iter().map(|value| (*value, true)).collect();
    all.extend(second.iter().map(|value| (*value, false)));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut rank_sum, mut ties, mut passed) = (0.0, 0.0, 0.0);
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let size = count(group);
        let mine = count(&group.iter().filter(|value| value.1).collect::<Vec<_>>());
        // Equal values share the mean of their ranks.
        rank_sum += mine * (passed + (size + 1.0) / 2.0);
        ties += size * size * size - size;
        passed += size;
    }
    let (m, n) = (count(first), count(second));
    let u = rank_sum - m * (m + 1.0) / 2.0;
    let (mean, total) = (m * n / 2.0, m + n);
    let variance = m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    let distance = ((u - mean).abs() - 0.5).max(0.0);
    let p = if variance > 0.0 { complement(distance / (2.0 * variance).sqrt()) } else { 1.0 };
    RankTest { u, p: p.min(1.0) }
}

fn count<T>(values: &[T]) -> f64 {
    f64::from(u32::try_from(values.len()).unwrap_or(u32::MAX))
}

/// The complementary error function for x ≥ 0, to 1.2e-7 of its value (Numerical Recipes, `erfcc`).
fn complement(x: f64) -> f64 {
    const TERMS: [f64; 10] = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let t = 1.0 / (1.0 + x / 2.0);
    t * (TERMS.iter().fold(0.0, |sum, term| sum * t + term) - x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// U and p of scipy 1.16, `mannwhitneyu(first, second, method="asymptotic")`.
    #[track_caller]
    fn agrees(first: &[f64], second: &[f64], u: f64, p: f64) {
        let found = mann_whitney(first, second);
        assert!((found.u - u).abs() < 1e-9, "{found:?}");
        assert!((found.p - p).abs() < 1e-6, "{found:?}");
        let other = mann_whitney(second, first);
        assert!((other.u + u - count(first) * count(second)).abs() < 1e-9, "{other:?}");
        assert!((other.p - p).abs() < 1e-6, "{other:?}");
    }

    fn steps(number: u32, factor: u32, modulus: u32, shift: f64) -> Vec<f64> {
        (0..number).map(|i| f64::from(i * factor % modulus) / 7.0 + shift).collect()
    }

    #[test]
    fn it_agrees_with_scipy() {
        let (males, females) = ([19.0, 22.0, 16.0, 29.0, 24.0], [20.0, 11.0, 17.0, 12.0]);
        agrees(&males, &females, 17.0, 0.111_346_886_533_140_41);
        let tied = [1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 4.0, 5.0, 6.0, 7.0];
        let later = [2.0, 3.0, 3.0, 4.0, 5.0, 5.0, 6.0, 8.0, 9.0, 9.0];
        agrees(&tied, &later, 32.0, 0.181_884_404_535_114);
        agrees(
            &steps(60, 37, 101, 0.0),
            &steps(50, 53, 97, 3.0),
            1037.0,
            0.005_493_896_907_445_877,
        );
        agrees(&[1.0; 3], &[1.0; 3], 4.5, 1.0);
    }
}
