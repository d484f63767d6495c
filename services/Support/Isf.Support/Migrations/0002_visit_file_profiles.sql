-- How exports are written, as data; and each file's profile as it was when the file was stored.

select make_document('visitfileprofile');
select make_document('profileinforce');
