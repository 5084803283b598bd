drop trigger if exists security_questions_audit on users.security_questions;
create trigger security_questions_audit after insert or update or delete on users.security_questions
    for each row execute function audit.row_change('security_question_id');
alter table users.security_questions enable always trigger security_questions_audit;
