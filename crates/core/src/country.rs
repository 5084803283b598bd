//! ISO 3166-1 alpha-2 countries, as far as ISIN needs them.

/// Every code that ISO 3166-1 assigns, in order.
const COUNTRIES: &str = "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ\
CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGN\
GPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLY\
MAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPY\
QARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZ\
VAVCVEVGVIVNVUWFWSYEYTZAZMZW";

/// Prefixes that ISIN uses beside countries: international (XS, XA-XF, XT), European Union (EU),
/// derivatives (EZ), Kosovo (XK), and AN, withdrawn but still carried by live securities.
const EXTRA: &str = "ANEUEZQSQTQWXAXBXCXDXFXKXSXT";

/// Whether an ISIN may begin with these two letters.
pub(crate) fn is_isin_prefix(code: [u8; 2]) -> bool {
    [COUNTRIES, EXTRA].iter().any(|list| list.as_bytes().chunks_exact(2).any(|c| c == code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_complete_and_ordered() {
        let codes: Vec<&[u8]> = COUNTRIES.as_bytes().chunks_exact(2).collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn prefixes_are_found_on_pair_boundaries_only() {
        assert!(is_isin_prefix(*b"US") && is_isin_prefix(*b"XS"));
        assert!(!is_isin_prefix(*b"ZZ") && !is_isin_prefix(*b"DA"));
    }
}
