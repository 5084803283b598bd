use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::comparison::{ComparisonInput, Reason, YieldEvent};
use crate::cusip::Cusip;
use crate::dates::{DateWindow, parse_date};
use crate::money::Percent;
use crate::parse::Parse;
use crate::product::{NewCdTerms, ProductType};

const CUSIPS: [&str; 8] = [
    "037833100",
    "17275R102",
    "38259P508",
    "594918104",
    "68389X105",
    "023135106",
    "30303M102",
    "46625H100",
];

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

/// A CD of a bank that adds interest by the year.
fn cd(n: usize, bank: &str, months: u32, rate: &str, least: &str) -> ComparisonInput {
    let terms: NewCdTerms =
        serde_json::from_value(json!({"term_months": months, "compounding": "annual"})).unwrap();
    ComparisonInput {
        product_id: Uuid::from_u128(n as u128).into(),
        cusip: Cusip::parse(CUSIPS[n]).unwrap(),
        product_name: format!("CD {n}"),
        issuer: Some(bank.to_owned()),
        product_type: ProductType::Cd,
        product_subtype: None,
        currency: Currency::USD,
        is_active: true,
        minimum_investment: amount(least),
        maximum_investment: None,
        base_rate: rate.parse().unwrap(),
        bonus_rate: Percent::ZERO,
        rate_effective_date: parse_date("2025-01-01").unwrap(),
        return_of_premium: false,
        return_of_premium_percentage: None,
        not_appointed: false,
        states: Vec::new(),
        availability: vec![
            DateWindow::new(parse_date("2025-01-01").unwrap(), parse_date("2025-12-31").unwrap())
                .unwrap(),
        ],
        annuity_terms: None,
        cd_terms: Some(terms.validate(None).unwrap()),
    }
}

fn question(sum: &str, rungs: &[u32]) -> Question {
    Question {
        amount: amount(sum),
        currency: Currency::USD,
        as_of: parse_date("2025-01-01").unwrap(),
        client: Client::default(),
        rungs: rungs.to_vec(),
        term_tolerance_months: 0,
        include_callable: false,
        insured_limit: amount("250000.00"),
    }
}

/// Months, CUSIP, amount and yield to worst of each rung.
fn picks(ladder: &Ladder) -> Vec<String> {
    let line = |rung: &Rung| match &rung.pick {
        None => format!("{} -", rung.months),
        Some(pick) => format!(
            "{} {} {} {}",
            rung.months,
            pick.cusip,
            pick.amount,
            pick.yield_to_worst.unwrap().percent
        ),
    };
    ladder.rungs.iter().map(line).collect()
}

fn reasons(ladder: &Ladder, rung: usize) -> Vec<serde_json::Value> {
    let left = &ladder.rungs[rung].left_out;
    left.iter().map(|out| serde_json::to_value(&out.reasons).unwrap()).collect()
}

#[test]
fn each_rung_takes_the_best_and_the_rest_buys_more_units() {
    let inputs = [
        cd(0, "A", 12, "4", "1000"),
        cd(1, "B", 12, "5", "1000"),
        cd(2, "C", 24, "4.5", "1000"),
        cd(3, "D", 36, "4", "500"),
    ];
    let ladder = build(&inputs, &question("10400.00", &[12, 24, 36])).unwrap();
    // A share is 3466.66: 3000, 3000 and 3000 with 466.66 each left; 1400 buys 1000 and no 500
    // beside it, so the shortest of the smallest gets it.
    assert_eq!(
        picks(&ladder),
        [
            "12 17275R102 4000.00 5.0000",
            "24 38259P508 3000.00 4.5000",
            "36 594918104 3000.00 4.0000"
        ]
    );
    assert_eq!(
        (ladder.invested.to_string(), ladder.uninvested.to_string()),
        ("10000.00".to_owned(), "400.00".to_owned())
    );
    // (4000 * 5 + 3000 * 4.5 + 3000 * 4) / 10000, and (4000 * 12 + 3000 * 24 + 3000 * 36) / 10000.
    assert_eq!(ladder.average_yield.unwrap().to_string(), "4.5500");
    assert_eq!(ladder.weighted_average_maturity_months.unwrap().to_string(), "22.80");
    assert_eq!(reasons(&ladder, 0), [json!(["lower_yield"])]);
    let flows: Vec<String> = ladder
        .cash_flows
        .iter()
        .map(|flow| format!("{} {} {} {}", flow.date, flow.principal, flow.interest, flow.total))
        .collect();
    assert_eq!(
        flows,
        [
            "2025-01-01 4000.00 0.00 -4000.00",
            "2025-01-01 3000.00 0.00 -3000.00",
            "2025-01-01 3000.00 0.00 -3000.00",
            "2026-01-01 4000.00 200.00 4200.00",
            "2027-01-01 3000.00 276.08 3276.08",
            "2028-01-01 3000.00 374.59 3374.59",
        ]
    );
}

#[test]
fn what_does_not_fit_is_named_with_its_reasons() {
    let mut callable = cd(0, "A", 12, "6", "1000");
    callable.cd_terms.as_mut().unwrap().callable = true;
    let mut elsewhere = cd(1, "B", 12, "5.5", "1000");
    elsewhere.states = vec!["NY".parse().unwrap()];
    let large = cd(2, "C", 12, "5.4", "20000");
    let mut foreign = cd(3, "D", 12, "5.3", "1000");
    foreign.currency = "EUR".parse().unwrap();
    let inputs = [callable, elsewhere, large, foreign, cd(4, "E", 13, "9", "1000")];
    let mut asked = question("10000.00", &[12]);
    asked.client.state = Some("CA".parse().unwrap());
    let ladder = build(&inputs, &asked).unwrap();
    assert_eq!(picks(&ladder), ["12 -"]);
    assert_eq!(
        reasons(&ladder, 0),
        [
            json!(["callable_not_asked"]),
            json!(["state_not_approved"]),
            json!(["below_minimum"]),
            json!(["currency_differs"]),
        ]
    );
    assert_eq!((ladder.average_yield, ladder.cash_flows.len()), (None, 0));
    assert_eq!(ladder.uninvested, asked.amount);
    (asked.include_callable, asked.term_tolerance_months) = (true, 1);
    let ladder = build(&inputs, &asked).unwrap();
    // Thirteen months, 396 days: (1.09 * (1 + 0.09 * 31 / 365))^(365 / 396) - 1.
    assert_eq!(picks(&ladder), ["12 68389X105 10000.00 9.0297"]);
}

#[test]
fn no_institution_is_given_more_than_is_insured() {
    let inputs = [
        cd(0, "First Bank", 12, "5", "1000"),
        cd(1, "FIRST  bank", 24, "5", "1000"),
        cd(2, "Second Bank", 24, "4", "1000"),
    ];
    let ladder = build(&inputs, &question("400000.00", &[12, 24])).unwrap();
    assert_eq!(picks(&ladder), ["12 037833100 200000.00 5.0000", "24 38259P508 200000.00 4.0000"]);
    assert_eq!(reasons(&ladder, 1), [json!(["insured_limit_reached"])]);
    let ladder = build(&inputs, &question("600000.00", &[12, 24])).unwrap();
    assert_eq!(picks(&ladder), ["12 037833100 250000.00 5.0000", "24 38259P508 250000.00 4.0000"]);
    let shown: Vec<String> = ladder
        .concentration
        .iter()
        .map(|c| format!("{} {} {} {}", c.principal, c.share, c.at_maturity, c.uninsured))
        .collect();
    // With interest more is there than is insured: 250000 * 1.05 and 250000 * 1.04^2.
    assert_eq!(
        shown,
        ["250000.00 50.0000 262500.00 12500.00", "250000.00 50.0000 270400.00 20400.00",]
    );
    let mut uninsured = inputs[0].clone();
    uninsured.cd_terms.as_mut().unwrap().fdic_insured = false;
    let ladder = build(&[uninsured], &question("600000.00", &[12])).unwrap();
    assert_eq!(ladder.concentration[0].uninsured.to_string(), "630000.00");
}

#[test]
fn no_product_serves_two_rungs_and_a_call_counts_at_its_worst() {
    let mut stepped = cd(0, "A", 24, "3", "1000");
    let terms = stepped.cd_terms.as_mut().unwrap();
    terms.callable = true;
    terms.call_protection_months = Some(6);
    terms.step_ups = vec![crate::product::StepUp { after_months: 12, rate: "9".parse().unwrap() }];
    let mut asked = question("10000.00", &[23, 24]);
    (asked.include_callable, asked.term_tolerance_months) = (true, 1);
    let ladder = build(&[stepped.clone(), cd(1, "B", 24, "4", "1000")], &asked).unwrap();
    // To maturity it yields (1.03 * 1.09)^(365/730) - 1 = 5.9575 %, called after a year 3 %; six
    // months at simple 3 % are (1 + 0.03 * 181 / 365)^(365 / 181) - 1 = 3.0226 %.
    assert_eq!(picks(&ladder), ["23 17275R102 5000.00 4.0000", "24 037833100 5000.00 3.0000"]);
    let pick = ladder.rungs[1].pick.as_ref().unwrap();
    assert_eq!(pick.yield_to_maturity.unwrap().to_string(), "5.9575");
    assert_eq!(pick.first_call_date.unwrap().to_string(), "2025-07-01");
    let worst = pick.yield_to_worst.unwrap();
    assert_eq!((worst.event, worst.date.to_string()), (YieldEvent::Call, "2026-01-01".to_owned()));
    assert_eq!(pick.warnings, [Reason::Callable, Reason::NoEarlyWithdrawal]);
    assert_eq!(reasons(&ladder, 1), [json!(["in_another_rung"])]);
}

#[test]
fn bad_questions_have_no_ladder() {
    let ask = |sum, rungs: &[u32]| build(&[], &question(sum, rungs)).unwrap_err();
    assert_eq!(ask("0", &[12]), LadderError::Amount);
    for rungs in [&[][..], &[24, 12], &[12, 12], &[0], &[1201]] {
        assert_eq!(ask("1", rungs), LadderError::Rungs);
    }
    assert_eq!(LadderError::Rungs.violations().0[0].pointer, "/rungs");
}

proptest! {
    /// Whatever is on sale: nothing is spent twice, every purchase is whole units of a product that
    /// fits, and no institution is beyond the limit.
    #[test]
    fn sums_hold(
        cents in 1i64..=200_000_000, units in proptest::collection::vec((0usize..4, 1u32..5, 0i64..800, 0i64..60_000), 0..8),
        limit in 0i64..=30_000_000,
    ) {
        let banks = ["A", "B", "C", "D"];
        let inputs: Vec<_> = units.iter().enumerate().map(|(n, (bank, term, rate, least))| {
            let rate = Decimal::new(*rate, 2).to_string();
            cd(n, banks[*bank], term * 12, &rate, &Decimal::from(*least).to_string())
        }).collect();
        let mut asked = question("1.00", &[12, 24, 36, 48]);
        asked.amount = Amount::new(Decimal::new(cents, 2)).unwrap();
        asked.insured_limit = Amount::new(Decimal::new(limit, 2)).unwrap();
        let ladder = build(&inputs, &asked).unwrap();
        let picks: Vec<_> = ladder.rungs.iter().filter_map(|rung| rung.pick.as_ref()).collect();
        let sum: Decimal = picks.iter().map(|pick| pick.amount.decimal()).sum();
        prop_assert_eq!(sum, ladder.invested.decimal());
        prop_assert_eq!(sum + ladder.uninvested.decimal(), asked.amount.decimal());
        let flows: Decimal = ladder.cash_flows.iter().map(|flow| flow.total).sum();
        prop_assert!(flows >= Decimal::ZERO);
        for pick in &picks {
            let input = inputs.iter().find(|input| input.product_id == pick.product_id).unwrap();
            let unit = input.minimum_investment.decimal().max(Decimal::ONE);
            prop_assert!(pick.amount > Amount::ZERO && (pick.amount.decimal() % unit).is_zero());
            prop_assert_eq!(picks.iter().filter(|p| p.product_id == pick.product_id).count(), 1);
        }
        for held in &ladder.concentration {
            prop_assert!(held.principal <= asked.insured_limit);
        }
    }
}
