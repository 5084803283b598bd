//! Schedules as EventBridge Scheduler spells them, read so that a machine without it (`make run`) and
//! `wealth jobs list` know when a job is due. In UTC; `L`, `W` and `#` are not used here.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

/// How far a day of a schedule is looked for: each of ours comes at least once a quarter.
const HORIZON: u64 = 100;

/// When something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// Every so many seconds since 1970.
    Rate(i64),
    /// Minutes, hours, days of the month, months, days of the week (1 is Sunday) that it names.
    Cron {
        minutes: Vec<u32>,
        hours: Vec<u32>,
        days: Vec<u32>,
        months: Vec<u32>,
        weekdays: Vec<u32>,
    },
}

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Schedule {
    /// Reads `rate(5 minutes)` or `cron(15 0 * * ? *)`.
    pub fn parse(text: &str) -> Option<Self> {
        let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        if let Some(rate) = inner("rate") {
            let (count, unit) = rate.split_once(' ')?;
            let unit = match unit.trim_end_matches('s') {
                "minute" => 60,
                "hour" => 3_600,
                "day" => 86_400,
                _ => return None,
            };
            let count: i64 = count.parse().ok()?;
            return (count > 0).then_some(Self(Kind::Rate(count * unit)));
        }
        let fields: Vec<&str> = inner("cron")?.split(' ').collect();
        let [minute, hour, day, month, weekday, "*"] = fields.as_slice() else { return None };
        Some(Self(Kind::Cron {
            minutes: field(minute, 0, 59)?,
            hours: field(hour, 0, 23)?,
            days: field(day, 1, 31)?,
            months: field(month, 1, 12)?,
            weekdays: field(weekday, 1, 7)?,
        }))
    }

    /// The last time that it was due, `now` included.
    pub fn last(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Kind::Rate(seconds) = self.0 else {
            return self.search(now, |date, back| date.checked_sub_days(Days::new(back)), true);
        };
        DateTime::from_timestamp(now.timestamp().div_euclid(seconds) * seconds, 0)
    }

    /// The next time that it is due, after `now`.
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Kind::Rate(seconds) = self.0 else {
            return self.search(now, |date, ahead| date.checked_add_days(Days::new(ahead)), false);
        };
        DateTime::from_timestamp((now.timestamp().div_euclid(seconds) + 1) * seconds, 0)
    }

    /// The same with at most `seconds` between two times, if it comes at a rate: on a developer's
    /// machine nobody waits a minute for a mail.
    #[must_use]
    pub fn hurried(self, seconds: i64) -> Self {
        match self.0 {
            Kind::Rate(rate) if rate <= 60 => Self(Kind::Rate(rate.min(seconds))),
            _ => self,
        }
    }

    fn search(
        &self,
        now: DateTime<Utc>,
        day: impl Fn(NaiveDate, u64) -> Option<NaiveDate>,
        last: bool,
    ) -> Option<DateTime<Utc>> {
        let Kind::Cron { minutes, hours, .. } = &self.0 else { return None };
        let fits = |at: &DateTime<Utc>| if last { *at <= now } else { *at > now };
        (0..=HORIZON).filter_map(|away| day(now.date_naive(), away)).find_map(|date| {
            if !self.names(date) {
                return None;
            }
            let midnight = date.and_hms_opt(0, 0, 0)?.and_utc();
            let times = hours.iter().flat_map(|hour| {
                minutes.iter().map(move |minute| i64::from(*hour) * 60 + i64::from(*minute))
            });
            let mut times = times.map(|minute| midnight + TimeDelta::minutes(minute)).filter(fits);
            if last { times.max() } else { times.next() }
        })
    }

    fn names(&self, date: NaiveDate) -> bool {
        let Kind::Cron { days, months, weekdays, .. } = &self.0 else { return false };
        days.contains(&date.day())
            && months.contains(&date.month())
            && weekdays.contains(&date.weekday().number_from_sunday())
    }
}

/// The numbers that a field names, in their order.
fn field(text: &str, from: u32, to: u32) -> Option<Vec<u32>> {
    let mut named = Vec::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (first, last) = match range {
            "*" | "?" => (from, to),
            _ => match range.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None if part.contains('/') => (number(range)?, to),
                None => (number(range)?, number(range)?),
            },
        };
        if first < from || last > to || first > last {
            return None;
        }
        named.extend((first..=last).step_by(step));
    }
    named.sort_unstable();
    Some(named)
}

fn number(text: &str) -> Option<u32> {
    let day = WEEKDAYS.iter().zip(1..).find(|(name, _)| **name == text).map(|(_, day)| day);
    day.or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Schedule, now, the last time and the next one.
    const CASES: &[(&str, &str, &str, &str)] = &[
        ("rate(1 minute)", "2026-11-21T12:00:59Z", "2026-11-21T12:00:00Z", "2026-11-21T12:01:00Z"),
        ("rate(1 hour)", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z"),
        (
            "cron(1/15 * * * ? *)",
            "2026-11-21T12:00:00Z",
            "2026-11-21T11:46:00Z",
            "2026-11-21T12:01:00Z",
        ),
        (
            "cron(*/5 1-5 * * ? *)",
            "2026-11-21T12:00:00Z",
            "2026-11-21T05:55:00Z",
            "2026-11-22T01:00:00Z",
        ),
        (
            "cron(15 0 * * ? *)",
            "2028-03-01T00:00:00Z",
            "2028-02-29T00:15:00Z",
            "2028-03-01T00:15:00Z",
        ),
        (
            "cron(0 6 ? * MON *)",
            "2026-11-21T12:00:00Z",
            "2026-11-16T06:00:00Z",
            "2026-11-23T06:00:00Z",
        ),
        (
            "cron(0 7 1 * ? *)",
            "2026-12-31T23:59:59Z",
            "2026-12-01T07:00:00Z",
            "2027-01-01T07:00:00Z",
        ),
        (
            "cron(0 7 1 1,4,7,10 ? *)",
            "2027-03-31T00:00:00Z",
            "2027-01-01T07:00:00Z",
            "2027-04-01T07:00:00Z",
        ),
    ];

    #[test]
    fn a_schedule_is_due_when_eventbridge_says() {
        for (text, now, last, next) in CASES {
            let schedule = Schedule::parse(text).expect(text);
            assert_eq!(schedule.last(at(now)), Some(at(last)), "{text}");
            assert_eq!(schedule.next(at(now)), Some(at(next)), "{text}");
        }
    }

    #[test]
    fn what_is_no_schedule_is_none() {
        for text in [
            "",
            "rate(0 minutes)",
            "rate(5)",
            "rate(5 weeks)",
            "cron(* * * *)",
            "cron(60 * * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 0 0 * ? *)",
            "cron(0 0 * * FRY *)",
            "cron(5/0 * * * ? *)",
            "cron(0 0 * * ? 2026)",
            "at(2026-11-21T12:00:00)",
        ] {
            assert_eq!(Schedule::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_comes_every_minute_is_hurried() {
        let due = |text: &str| {
            let hurried = Schedule::parse(text).unwrap().hurried(5);
            hurried.last(at("2026-11-21T12:00:59Z")).unwrap().to_rfc3339()
        };
        assert_eq!(due("rate(1 minute)"), "2026-11-21T12:00:55+00:00");
        assert_eq!(due("rate(1 hour)"), "2026-11-21T12:00:00+00:00");
    }
}
