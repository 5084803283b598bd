use proptest::prelude::*;

use super::*;

/// Line and CUSIP of a good row; line, column and reason of each error of a bad one.
type Outcome = Result<(u64, String), Vec<(u64, String, String)>>;

fn read(text: &[u8], format: Format) -> Vec<Outcome> {
    let rows = products(text, format).unwrap();
    rows.map(|row| match row {
        Ok(row) => Ok((row.line, row.value.product.cusip.to_string())),
        Err(RowFailure::Bad(errors)) => Err(errors
            .into_iter()
            .map(|e| (e.line, e.column.unwrap_or_default(), e.code))
            .collect()),
        Err(RowFailure::Io(error)) => panic!("{error}"),
    })
    .collect()
}

fn bad(errors: &[(u64, &str, &str)]) -> Outcome {
    Err(errors.iter().map(|(l, c, r)| (*l, (*c).to_owned(), (*r).to_owned())).collect())
}

fn good(line: u64, cusip: &str) -> Outcome {
    Ok((line, cusip.to_owned()))
}

#[test]
fn good_rows_load_and_bad_ones_are_told_by_line_and_column() {
    let text = b"\xEF\xBB\xBFBase_Rate,cusip,product_name,product_type,minimum_investment,term_months,description\r\n\
        5.25,037833100,One,CD,1000,12,\r\n\
        x,037833109,,CD,1e3,twelve,\r\n\
        5,17275R102,Two,CD,,,\"Two, with\na break\"\r\n\
        \r\n\
        5,17275R102,Again,CD,,,\r\n\
        5,594918104,Few\r\n\
        5,594918104,\xff,CD,,,\r\n\
        5,68389X105,\"open,CD,,,\r\n\
        5,38259P508,Last,Other,,,";
    assert_eq!(
        read(text, Format::Csv),
        [
            good(2, "037833100"),
            bad(&[
                (3, "term_months", "number_invalid"),
                (3, "cusip", "cusip_invalid"),
                (3, "product_name", "required"),
                (3, "minimum_investment", "decimal_invalid"),
                (3, "base_rate", "decimal_invalid"),
            ]),
            good(4, "17275R102"),
            bad(&[(7, "cusip", "duplicate_in_file")]),
            bad(&[(8, "", "field_count")]),
            bad(&[(9, "product_name", "utf8_invalid")]),
            bad(&[(10, "", "quote_unclosed")]),
            good(11, "38259P508"),
        ]
    );
}

#[test]
fn flat_columns_fill_the_terms() {
    let text = "cusip,product_name,product_type,product_subtype,base_rate,surrender_schedule,guarantee_years,states,availability_start,availability_end,rate_effective_date\n\
        037833100,A,Annuity,MYGA,5,7;6;5,3,CA;NY,2026-01-01,2026-12-31,2026-01-15\n";
    let row = products(text.as_bytes(), Format::Csv).unwrap().next().unwrap().unwrap().value;
    let terms = row.product.annuity_terms.unwrap();
    assert_eq!(terms.charge_in(3).to_string(), "5.0000");
    assert_eq!(row.product.states.len(), 2);
    assert_eq!(row.product.availability.unwrap().end_date.to_string(), "2026-12-31");
    assert_eq!(row.rate_effective_date.unwrap().to_string(), "2026-01-15");
    let text = "cusip,product_name,product_type,product_subtype,base_rate,term_months,step_ups,penalty_days_of_interest\n\
        037833100,A,CD,StepUpCD,5,24,12:5.5,90\n037833100,A,CD,StepUpCD,5,24,12-5.5,\n";
    let mut rows = products(text.as_bytes(), Format::Csv).unwrap();
    let terms = rows.next().unwrap().unwrap().value.product.cd_terms.unwrap();
    assert_eq!(terms.step_ups[0].after_months, 12);
    let Err(RowFailure::Bad(errors)) = rows.next().unwrap() else { panic!("a bad row") };
    assert_eq!(errors[0].column.as_deref(), Some("step_ups"));
}

#[test]
fn premium_bands_fit_in_a_cell() {
    let text = "cusip,product_name,product_type,base_rate,term_months,annuity_rate_bands,cd_rate_bands\n\
        037833100,A,CD,5,24,,100000:0.1;250000:0.25\n594918104,B,Annuity,5,,5000:x,\n38259P508,C,CD,5,12,,7\n";
    let row = products(text.as_bytes(), Format::Csv).unwrap().next().unwrap().unwrap().value;
    let bands = row.product.cd_terms.unwrap().rate_bands;
    let shown: Vec<_> =
        bands.iter().map(|b| format!("{} {}", b.minimum_amount, b.addition)).collect();
    assert_eq!(shown, ["100000.00 0.1000", "250000.00 0.2500"]);
    assert_eq!(
        read(text.as_bytes(), Format::Csv)[1..],
        [
            bad(&[(3, "annuity_rate_bands", "decimal_invalid")]),
            bad(&[(4, "cd_rate_bands", "band_invalid")])
        ]
    );
}

#[test]
fn ndjson_names_fields_by_pointer() {
    let text = b"{\"cusip\":\"037833100\",\"product_name\":\"A\",\"product_type\":\"CD\",\"base_rate\":\"5\",\"rate_effective_date\":\"2026-01-01\"}\n\
        \n{nonsense\n{\"cusip\":\"1\",\"product_name\":\"A\",\"product_type\":\"CD\",\"base_rate\":5,\"cd_terms\":{}}\n\
        {\"colour\":1}\n[]\n";
    assert_eq!(
        read(text, Format::Ndjson),
        [
            good(1, "037833100"),
            bad(&[(3, "", "malformed_json")]),
            bad(&[
                (4, "/cusip", "cusip_invalid"),
                (4, "/base_rate", "wrong_type"),
                (4, "/cd_terms/term_months", "required"),
            ]),
            bad(&[(5, "/colour", "unknown_field")]),
            bad(&[(6, "", "wrong_type")]),
        ]
    );
}

#[test]
fn a_wrong_header_is_fatal_and_named() {
    let open = |text: &str| products(text.as_bytes(), Format::Csv).err().unwrap().to_string();
    assert!(open("").contains("empty"));
    assert!(open("\n\n").contains("empty"));
    let unknown = open("cusip,colour,size");
    assert!(unknown.starts_with("unknown columns: colour, size; there are: cusip, "), "{unknown}");
    assert_eq!(open("cusip,CUSIP"), "repeated columns: cusip");
    assert_eq!(open("cusip,base_rate"), "missing columns: product_name, product_type");
    assert!(open("\"cusip").contains("not a readable"));
    assert!(open("\u{feff}\"colour\"").starts_with("unknown columns: colour; "));
}

#[test]
fn rates_get_a_stable_id() {
    let text = "cusip,base_rate,bonus_rate,effective_date,end_date,external_id\n\
        037833100,5.25,,2026-12-01,,\n037833100,5,1,2026-12-02,2026-12-01,x\n";
    let mut rows = rates(text.as_bytes(), Format::Csv).unwrap();
    assert_eq!(rows.next().unwrap().unwrap().value.external_id, "037833100/2026-12-01");
    let Err(RowFailure::Bad(errors)) = rows.next().unwrap() else { panic!("a bad row") };
    assert_eq!((errors[0].column.as_deref(), errors.len()), (Some("end_date"), 1));
    assert!(rows.next().is_none());
    assert_eq!(rows.bytes_read(), text.len() as u64);
}

#[test]
fn an_unreadable_file_ends_the_rows() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("gone"))
        }
    }
    let header = b"cusip,product_name,product_type,base_rate\n".as_slice();
    let mut rows = products(header.chain(Broken), Format::Csv).unwrap();
    assert!(matches!(rows.next(), Some(Err(RowFailure::Io(_)))));
    assert!(rows.next().is_none());
}

/// Every CUSIP and ISIN of a real list. Runs only where the folder is.
#[test]
fn real_identifiers_are_read() {
    let Some(folder) = std::env::var_os("WEALTH_DATA_DIR") else {
        println!("skipped: WEALTH_DATA_DIR is not set");
        return;
    };
    use crate::parse::Parse;
    let path = std::path::Path::new(&folder).join("identifiers/securities_ids_fifth.csv");
    let mut lines = Lines::new(std::fs::File::open(path).unwrap(), MAX_RECORD);
    let (mut splitter, mut record) = (Splitter::new(), Vec::new());
    let (mut cusips, mut bad) = (0, Vec::new());
    next_record(&mut lines, &mut record).unwrap();
    while let Record::Whole(line) = next_record(&mut lines, &mut record).unwrap() {
        let fields = splitter.split(&mut record).unwrap();
        let text = |at: usize| std::str::from_utf8(fields[at]).unwrap();
        let cusip = (!text(8).is_empty()).then(|| crate::Cusip::parse(text(8)));
        let isin = (!text(7).is_empty()).then(|| crate::Isin::parse(text(7)));
        cusips += usize::from(matches!(cusip, Some(Ok(_))));
        match (cusip, isin) {
            (Some(Ok(cusip)), Some(Ok(isin))) if !isin.agrees_with(&cusip) => {
                bad.push((line, "disagree".to_owned()));
            }
            (Some(Err(e)), _) | (_, Some(Err(e))) => bad.push((line, e.to_string())),
            _ => {}
        }
    }
    println!("{cusips} CUSIPs, {} bad rows: {bad:?}", bad.len());
    assert!(cusips > 500 && bad.len() < 50, "{cusips} {bad:?}");
}

proptest! {
    #[test]
    fn no_bytes_end_an_import_early(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut text = b"cusip,product_name,product_type,base_rate\n".to_vec();
        text.extend_from_slice(&bytes);
        text.extend_from_slice(b"\n037833100,Good,CD,5\n");
        let rows = read(&text, Format::Csv);
        let last = rows.last().unwrap();
        // An opened quotation mark before the last row may close nowhere, but the row survives.
        prop_assert!(matches!(last, Ok((_, cusip)) if cusip == "037833100"), "{:?}", rows);
        let _ = read(&bytes, Format::Ndjson);
    }
}
