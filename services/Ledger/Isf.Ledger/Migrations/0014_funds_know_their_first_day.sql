-- What is posted by hand lies between a fund's first day and its last. Funds opened before this have no first day here,
-- and are bounded by the days that the platform keeps.
alter table funds add column opens_on date;
