drop trigger if exists log_tiles_only_longer on audit.log_tiles;
create trigger log_tiles_only_longer before update or delete on audit.log_tiles
    for each row execute function audit.only_longer();
alter table audit.log_tiles enable always trigger log_tiles_only_longer;
drop trigger if exists log_tiles_no_truncate on audit.log_tiles;
create trigger log_tiles_no_truncate before truncate on audit.log_tiles
    for each statement execute function audit.append_only();
alter table audit.log_tiles enable always trigger log_tiles_no_truncate;
