drop trigger if exists invitations_audit on users.invitations;
create trigger invitations_audit after insert or update or delete on users.invitations
    for each row execute function audit.row_change('invitation_id');
alter table users.invitations enable always trigger invitations_audit;
