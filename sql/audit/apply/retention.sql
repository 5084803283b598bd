-- What follows from the data of all contexts: how rows enter the log, and the guards of held records.
select audit.classify_fields(), audit.guard_tables();
