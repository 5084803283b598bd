-- jobs.unfinished_turns: the turns that somebody has to go on with
select u.job, u.turn from jobs.unfinished_turns() u
