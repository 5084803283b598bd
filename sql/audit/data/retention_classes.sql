-- The classes of records and their rules (S0-134, S0-141, S2-51, S2-55 … S2-57, X-14; rules.md §3). A rule that landed is
-- never edited: a change is a further version with a day of its own.
insert into audit.retention_classes (class, title, basis) values
    ('rate_history', 'Rates, their changes and where they came from', 'end_of_use'),
    ('product_record', 'Products, their terms and what was published of them', 'end_of_use'),
    ('sale_record', 'Comparisons, recommendations and whom an insurer lets sell', 'event'),
    ('adviser_record', 'What an adviser gave to clients', 'fiscal_year_end'),
    ('client_record', 'Clients, their accounts and agreements', 'end_of_use'),
    ('transaction_record', 'Orders, trades and movements of money', 'event'),
    ('communication', 'Letters, messages and calls with clients', 'event'),
    ('access_record', 'Who had which access, and when', 'end_of_use'),
    ('session_record', 'Sessions', 'end_of_use'),
    ('audit_event', 'The audit log', 'event'),
    ('firm_record', 'The firm and its settings', 'never'),
    ('person_record', 'People and what they said of themselves', 'end_of_use'),
    ('working_data', 'What is needed while something runs; its history is in the audit log', 'end_of_use')
on conflict (class) do update set title = excluded.title, basis = excluded.basis;

insert into audit.retention_rules (class, version, in_force_from, months, days, source) values
    ('rate_history', 1, '2000-01-01', 84, 0, 'Rate history is kept seven years (S0-134); 17 CFR 240.17a-4(a) asks for six'),
    ('product_record', 1, '2000-01-01', 72, 0, 'FINRA Rule 4511(b): six years where no other period is set'),
    ('sale_record', 1, '2000-01-01', 72, 0, 'FINRA Rule 4511(b); NAIC Model #275 §10; 17 CFR 240.17a-4(b) asks for three years'),
    ('adviser_record', 1, '2000-01-01', 60, 0, '17 CFR 275.204-2(e)(1): five years from the end of the fiscal year of the last entry'),
    ('client_record', 1, '2000-01-01', 72, 0, '17 CFR 240.17a-4(e)(5): six years after the account is closed'),
    ('transaction_record', 1, '2000-01-01', 72, 0, '17 CFR 240.17a-4(a): six years'),
    ('communication', 1, '2000-01-01', 72, 0, 'FINRA Rule 4511(b); 17 CFR 240.17a-4(b)(4) asks for three years'),
    ('access_record', 1, '2000-01-01', 72, 0, 'FINRA Rule 4511(b); evidence of SOC 2 CC6.2 and CC6.3'),
    ('session_record', 1, '2000-01-01', 0, 30, 'Thirty days: until then a replayed token is told from noise'),
    ('audit_event', 1, '2000-01-01', 84, 0, 'Seven years (S2-51, X-14); 17 CFR 240.17a-4(f)(2)(i)(A)'),
    ('person_record', 1, '2000-01-01', 0, 0, 'No regulation asks for it: erased on request or when access has ended'),
    ('working_data', 1, '2000-01-01', 0, 0, 'No regulation asks for it')
on conflict (class, version) do nothing;
