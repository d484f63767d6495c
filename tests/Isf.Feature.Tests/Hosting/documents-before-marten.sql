-- Documents as the release before Marten kept them: two of each type of the sample, some of tests.
insert into funds.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'A-02-1', '{"id": "A-02-1", "setOn": "2026-11-29", "fundId": "F-02", "details": {"to": "2027-03-28", "from": "2026-03-30", "kind": "regular", "claim": "on-delivery", "fundedBy": null, "priceList": {"pay": null, "vat": null, "band": null, "basis": null, "rates": [{"to": "2026-04-05", "code": "to-april", "from": null, "unit": "hour", "when": null, "fixed": null, "pence": 2310, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "from-april", "from": "2026-04-06", "unit": "hour", "when": null, "fixed": null, "pence": 2410, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "weekend", "from": null, "unit": "hour", "when": {"to": null, "days": ["sat", "sun"], "from": null, "dates": null, "publicHoliday": null}, "fixed": null, "pence": 2650, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "holiday", "from": null, "unit": "hour", "when": {"to": null, "days": null, "from": null, "dates": null, "publicHoliday": true}, "fixed": null, "pence": 4820, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}], "round": null, "minimum": null, "crossing": null, "holidays": null, "outcomes": null, "cancellation": null, "weeklySetOff": null}, "providerId": "V-fernbank", "totalPence": null, "weeklyPence": 39500, "weeklyMinutes": 945}}',
   'Isf.Funds.Domain.Allocation', 1);
insert into funds.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'A-03-1', '{"id": "A-03-1", "setOn": "2026-11-29", "fundId": "F-03", "details": {"to": "2027-03-28", "from": "2026-03-30", "kind": "regular", "claim": "on-delivery", "fundedBy": [{"source": "nhs", "percent": 100}], "priceList": {"pay": null, "vat": null, "band": null, "basis": null, "rates": [{"to": null, "code": "weekday", "from": null, "unit": "hour", "when": null, "fixed": null, "pence": 2780, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "weekend", "from": null, "unit": "hour", "when": {"to": null, "days": ["sat", "sun"], "from": null, "dates": null, "publicHoliday": null}, "fixed": null, "pence": 2980, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "holiday", "from": null, "unit": "hour", "when": {"to": null, "days": null, "from": null, "dates": null, "publicHoliday": true}, "fixed": null, "pence": 5560, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}], "round": null, "minimum": null, "crossing": null, "holidays": null, "outcomes": null, "cancellation": null, "weeklySetOff": null}, "providerId": "V-fernbank", "totalPence": null, "weeklyPence": 40000, "weeklyMinutes": 840}}',
   'Isf.Funds.Domain.Allocation', 1);
insert into funds.mt_doc_budget (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'B-06', '{"id": "B-06", "setOn": "2026-11-29", "fundId": "F-06", "details": {"to": null, "from": "2026-03-30", "oneOff": [{"pence": 8500, "source": "council", "purpose": "bed rail"}], "sources": [{"source": "council", "weeklyPence": 80100}, {"source": "person", "weeklyPence": 8400}], "deployment": [{"as": "isf", "weeklyPence": 88500}], "weeklyPence": 88500, "weeklyMinutes": 2100}}',
   'Isf.Funds.Domain.Budget', 1);
insert into funds.mt_doc_budget (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'B-90', '{"id": "B-90", "setOn": "2026-11-29", "fundId": "F-90", "details": {"to": "2027-09-26", "from": "2026-09-28", "oneOff": [], "sources": [{"source": "council", "weeklyPence": 36000}, {"source": "person", "weeklyPence": 6000}], "deployment": [{"as": "isf", "weeklyPence": 42000}], "weeklyPence": 42000, "weeklyMinutes": 1050}}',
   'Isf.Funds.Domain.Budget', 1);
insert into funds.mt_doc_closure (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-90', '{"id": "F-90", "setOn": "2026-11-29", "details": {"at": null, "on": "2026-11-20", "notice": [], "reason": "moved"}}',
   'Isf.Funds.Domain.Closure', 1);
insert into funds.mt_doc_consent (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'C-01-sister', '{"id": "C-01-sister", "fundId": "F-01", "details": {"to": "2027-03-28", "sees": ["statements", "visits"], "supporter": "primrose.thimblewick"}, "withdrawn": false}',
   'Isf.Funds.Domain.Consent', 1);
insert into funds.mt_doc_fund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-12', '{"id": "F-12", "nation": "england", "details": {"kind": "third-party-phb", "opensOn": "2026-03-30", "personId": "P-12", "agreement": {"endsOn": null, "banking": {"keep": "minutes", "expiresAfterWeeks": 12}, "parties": ["person", "holder", "council"], "payment": {"every": "4-weeks", "firstOn": "2026-03-30"}, "surplus": {"weeks": 4, "heldForWeeks": 12}, "hospital": {"paidDays": 14}, "reviewOn": "2026-09-28", "signedOn": "2026-03-23", "spendOrder": "council-first", "contribution": "to-council", "managementFee": null, "lateVariationDays": 14}, "councilId": "E10999901"}}',
   'Isf.Funds.Domain.Fund', 1);
insert into funds.mt_doc_fund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-09', '{"id": "F-09", "nation": "scotland", "details": {"kind": "sds-option-2", "opensOn": "2026-03-30", "personId": "P-09", "agreement": {"endsOn": null, "banking": {"keep": "minutes", "expiresAfterWeeks": 12}, "parties": ["person", "holder", "council"], "payment": {"every": "4-weeks", "firstOn": "2026-03-30"}, "surplus": {"weeks": 4, "heldForWeeks": 12}, "hospital": {"paidDays": 14}, "reviewOn": "2026-09-28", "signedOn": "2026-03-23", "spendOrder": "council-first", "contribution": "to-council", "managementFee": null, "lateVariationDays": 14}, "councilId": "S12999902"}}',
   'Isf.Funds.Domain.Fund', 1);
insert into funds.mt_doc_holder (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'sunrise', '{"id": "sunrise", "details": {"name": "Sunrise Support (a made-up holder)", "email": "office@sunrise.example", "phone": "01632 960001", "address": "1 Sample Yard, Westmere", "periods": {"every": "4-weeks", "firstOn": "2026-03-30"}, "payments": {"sortCode": "000000", "accountName": "Sunrise Clients", "accountNumber": "00000001", "serviceUserNumber": null}, "complaints": "Write to the manager, then to the Ombudsman.", "tolerances": {"pence": 100, "minutes": 15, "percent": 2}}}',
   'Isf.Funds.Domain.Holder', 1);
insert into funds.mt_doc_moneyreturn (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'X-02-1', '{"id": "X-02-1", "fundId": "F-02", "details": {"pence": 2000, "paidOn": "2026-05-11", "reason": "overpaid", "source": "council", "beyondHeld": null}, "voidedBecause": null}',
   'Isf.Funds.Domain.MoneyReturn', 1);
insert into funds.mt_doc_person (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'P-04', '{"id": "P-04", "salt": "73503b9a9b77e258d1160efc8ea55f9a", "details": {"name": "Wilfred Applegarth", "format": "large-print", "nation": "england", "language": "en", "nhsNumber": "9990000212", "councilRef": "AB4211", "dateOfBirth": "1990-12-19", "preferredName": "Wilf"}}',
   'Isf.Funds.Domain.Person', 1);
insert into funds.mt_doc_person (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'P-02', '{"id": "P-02", "salt": "257216998f8f521ab39687668cdd2f6f", "details": {"name": "Barnaby Quillfeather", "format": "plain", "nation": "england", "language": "en", "nhsNumber": "9990000077", "councilRef": "AB4137", "dateOfBirth": "1938-09-30", "preferredName": "Barnaby"}}',
   'Isf.Funds.Domain.Person', 1);
insert into funds.mt_doc_provider (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'V-fernbank', '{"id": "V-fernbank", "details": {"vat": {"registered": true}, "bank": null, "kind": "agency", "name": "Fernbank Make-Believe Homecare", "cqcLocationId": "1-0000000002"}}',
   'Isf.Funds.Domain.Provider', 1);
insert into funds.mt_doc_provider (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'V-sunrise', '{"id": "V-sunrise", "details": {"vat": {"registered": false}, "bank": null, "kind": "holder", "name": "Sunrise Support, our own team", "cqcLocationId": "1-0000000001"}}',
   'Isf.Funds.Domain.Provider', 1);
insert into funds.mt_doc_receipt (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'R-01-council-1', '{"id": "R-01-council-1", "fundId": "F-01", "details": {"forTo": "2026-04-26", "pence": 100000, "source": "council", "forFrom": "2026-03-30", "reference": "council 01 period 1", "receivedOn": "2026-03-30"}, "beyondHeld": null, "voidedBecause": null}',
   'Isf.Funds.Domain.Receipt', 1);
insert into funds.mt_doc_receipt (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'R-01-council-2', '{"id": "R-01-council-2", "fundId": "F-01", "details": {"forTo": "2026-05-24", "pence": 100000, "source": "council", "forFrom": "2026-04-27", "reference": "council 01 period 2", "receivedOn": "2026-04-27"}, "beyondHeld": null, "voidedBecause": null}',
   'Isf.Funds.Domain.Receipt', 1);
insert into ledger.mt_doc_adjustment (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'J-4', '{"id": "J-4", "moves": [{"to": "promised/none", "book": "promise", "from": "used/none", "amount": 325}, {"to": "held/other", "book": "money", "from": "outside/other", "amount": 325}], "fundId": "F-1", "position": null, "journalId": "7d30a721-bf41-8b53-adf6-2178c1e795bb", "commitment": "d7611a918a121cce17c19903acd557e08dcef718fcb2898b00c56b30dea928eb", "proposedBy": "holder-finance", "effectiveOn": "2026-07-20"}',
   'Isf.Ledger.Features.AdjustFund+Adjustment', 1);
insert into ledger.mt_doc_approval (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'adjustment/J-10', '{"id": "adjustment/J-10", "fundId": "F-1", "position": 127, "approvedAt": "2026-07-23T09:00:00Z", "approvedBy": "approver"}',
   'Isf.Ledger.Persistence.Approval', 1);
insert into ledger.mt_doc_closedperiod (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'period-2', '{"id": "period-2", "to": "2026-05-31", "from": "2026-05-04", "closedAt": "2026-06-01T09:00:00Z"}',
   'Isf.Ledger.Domain.ClosedPeriod', 1);
insert into ledger.mt_doc_periodcalendar (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'sunrise', '{"id": "sunrise", "every": "4-weeks", "firstOn": "2026-03-30", "version": 1}',
   'Isf.Ledger.Domain.PeriodCalendar', 1);
insert into ledger.mt_doc_personsalt (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'P-01', '{"id": "P-01", "salt": "2bd6d7fb6d8d9705a4b8f710946b6766"}',
   'Isf.Ledger.Persistence.PersonSalt', 1);
insert into ledger.mt_doc_personsalt (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'P-02', '{"id": "P-02", "salt": "257216998f8f521ab39687668cdd2f6f"}',
   'Isf.Ledger.Persistence.PersonSalt', 1);
insert into reconciliation.mt_doc_feed (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'D-1284', '{"id": "D-1284", "to": "2026-05-03", "from": "1900-01-01", "people": 81, "sha256": {"csv": "40f73f77165561edd8217c51e55a04ae0acd7bd32e1cee2c980709102a1e8c53", "zip": "e18402b96fbfb50d827bfcc064e400779b00d3fce483b8be48e0e7ee114d44fa", "json": "9d722f99a5a96a0d5ca6f4a098099d7d7fc0f3397ad43d14d8193fb4f4913c14"}, "issuedAt": "2026-06-01T09:00:00Z", "councilId": "E10000009"}',
   'Isf.Reconciliation.Features.Feed', 1);
insert into reconciliation.mt_doc_knownagreement (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-02/1', '{"id": "F-02/1", "fundId": "F-02", "version": 1, "signedOn": "2026-03-23", "spendOrder": "council-first", "contribution": "to-council"}',
   'Isf.Reconciliation.Features.KnownAgreement', 1);
insert into reconciliation.mt_doc_knownagreement (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-07/1', '{"id": "F-07/1", "fundId": "F-07", "version": 1, "signedOn": "2026-03-23", "spendOrder": "council-first", "contribution": "to-council"}',
   'Isf.Reconciliation.Features.KnownAgreement', 1);
insert into reconciliation.mt_doc_knownbudget (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-90/B-90/1', '{"id": "F-90/B-90/1", "to": "2027-09-26", "from": "2026-09-28", "setOn": "2026-11-29", "fundId": "F-90", "sources": [{"source": "council", "weeklyPence": 36000}, {"source": "person", "weeklyPence": 6000}], "version": 1, "budgetId": "B-90", "effectiveOn": "2026-09-28", "isfWeeklyPence": 42000}',
   'Isf.Reconciliation.Features.KnownBudget', 1);
insert into reconciliation.mt_doc_knownbudget (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-01/B-01/1', '{"id": "F-01/B-01/1", "to": null, "from": "2026-03-30", "setOn": "2026-11-29", "fundId": "F-01", "sources": [{"source": "council", "weeklyPence": 25000}, {"source": "person", "weeklyPence": 6000}], "version": 1, "budgetId": "B-01", "effectiveOn": "2026-03-30", "isfWeeklyPence": 31000}',
   'Isf.Reconciliation.Features.KnownBudget', 1);
insert into reconciliation.mt_doc_knownfund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-12', '{"id": "F-12", "kind": "third-party-phb", "opensOn": "2026-03-30", "personId": "P-12", "councilId": "E10999901"}',
   'Isf.Reconciliation.Features.KnownFund', 1);
insert into reconciliation.mt_doc_knownfund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-09', '{"id": "F-09", "kind": "sds-option-2", "opensOn": "2026-03-30", "personId": "P-09", "councilId": "S12999902"}',
   'Isf.Reconciliation.Features.KnownFund', 1);
insert into reconciliation.mt_doc_knownperson (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'P-01/1', '{"id": "P-01/1", "version": 1, "personId": "P-01", "nhsNumber": "9990000018", "councilRef": "AB4100"}',
   'Isf.Reconciliation.Features.KnownPerson', 1);
insert into reconciliation.mt_doc_knownperson (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'P-02/1', '{"id": "P-02/1", "version": 1, "personId": "P-02", "nhsNumber": "9990000077", "councilRef": "AB4137"}',
   'Isf.Reconciliation.Features.KnownPerson', 1);
insert into reconciliation.mt_doc_run (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'reconcile-books-asked-1', '{"id": "reconcile-books-asked-1", "kind": "books", "upTo": "2026-05-24", "agreed": 340, "checked": 340, "statingId": "56b978eef2ea859bb260d32cb06189d5", "statedUpTo": "2026-05-24", "completedAt": "2026-11-29T18:45:28.9726268Z", "differences": 0}',
   'Isf.Reconciliation.Features.Run', 1);
insert into statements.mt_doc_issuedstatement (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'S-01-1', '{"id": "S-01-1", "to": "2026-04-26", "from": "2026-03-30", "fundId": "F-01", "issuedAt": "2026-11-29T18:45:31.091752Z", "position": 475, "closingPence": 31852, "openingPence": 0, "dueToDatePence": 24000, "paidToDatePence": 24000}',
   'Isf.Statements.Persistence.IssuedStatement', 1);
insert into statements.mt_doc_issuedstatement (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'ST-2', '{"id": "ST-2", "to": "2026-11-22", "from": "2026-10-26", "fundId": "F-90", "issuedAt": "2026-11-29T18:46:49.054689Z", "position": 48, "closingPence": 113955, "openingPence": 113955, "dueToDatePence": 46286, "paidToDatePence": 0}',
   'Isf.Statements.Persistence.IssuedStatement', 1);
insert into statements.mt_doc_keptfund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-09', '{"id": "F-09", "nation": "scotland", "opensOn": "2026-03-30", "personId": "P-09", "councilId": "S12999902"}',
   'Isf.Statements.Persistence.KeptFund', 1);
insert into statements.mt_doc_keptfund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-10', '{"id": "F-10", "nation": "scotland", "opensOn": "2026-03-30", "personId": "P-10", "councilId": "S12999902"}',
   'Isf.Statements.Persistence.KeptFund', 1);
insert into support.mt_doc_absence (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'AB-1', '{"id": "AB-1", "to": "2026-05-12", "from": "2026-05-11", "kind": "hospital", "fundId": "F-1", "withdrawnBecause": null}',
   'Isf.Support.Domain.Absence', 1);
insert into support.mt_doc_agreedprices (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'A-02-1', '{"id": "A-02-1", "fundId": "F-02", "versions": [{"list": {"pay": null, "vat": null, "band": null, "basis": null, "rates": [{"to": "2026-04-05", "code": "to-april", "from": null, "unit": "hour", "when": null, "fixed": null, "pence": 2310, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "from-april", "from": "2026-04-06", "unit": "hour", "when": null, "fixed": null, "pence": 2410, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "weekend", "from": null, "unit": "hour", "when": {"to": null, "days": ["sat", "sun"], "from": null, "dates": null, "publicHoliday": null}, "fixed": null, "pence": 2650, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "holiday", "from": null, "unit": "hour", "when": {"to": null, "days": null, "from": null, "dates": null, "publicHoliday": true}, "fixed": null, "pence": 4820, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}], "round": null, "minimum": null, "crossing": null, "holidays": null, "outcomes": null, "cancellation": null, "weeklySetOff": null}, "setOn": "2026-11-29", "version": 1}]}',
   'Isf.Support.Domain.AgreedPrices', 1);
insert into support.mt_doc_agreedprices (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'A-01-1', '{"id": "A-01-1", "fundId": "F-01", "versions": [{"list": {"pay": null, "vat": null, "band": null, "basis": null, "rates": [{"to": null, "code": "weekday", "from": null, "unit": "hour", "when": null, "fixed": null, "pence": 2410, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "weekend", "from": null, "unit": "hour", "when": {"to": null, "days": ["sat", "sun"], "from": null, "dates": null, "publicHoliday": null}, "fixed": null, "pence": 2650, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}, {"to": null, "code": "holiday", "from": null, "unit": "hour", "when": {"to": null, "days": null, "from": null, "dates": null, "publicHoliday": true}, "fixed": null, "pence": 4820, "service": null, "thenPence": null, "yearlyMiles": null, "disturbances": null}], "round": null, "minimum": null, "crossing": null, "holidays": null, "outcomes": null, "cancellation": null, "weeklySetOff": null}, "setOn": "2026-11-29", "version": 1}]}',
   'Isf.Support.Domain.AgreedPrices', 1);
insert into support.mt_doc_agreement (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-01', '{"id": "F-01", "versions": [{"keeps": "minutes", "version": 1, "signedOn": "2026-03-23", "hospitalPaidDays": 14, "expiresAfterWeeks": 12}]}',
   'Isf.Support.Domain.Agreement', 1);
insert into support.mt_doc_agreement (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-02', '{"id": "F-02", "versions": [{"keeps": "minutes", "version": 1, "signedOn": "2026-03-23", "hospitalPaidDays": 14, "expiresAfterWeeks": 12}]}',
   'Isf.Support.Domain.Agreement', 1);
insert into support.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'A-06-rail', '{"id": "A-06-rail", "to": "2026-09-27", "from": "2026-03-30", "fundId": "F-06", "untimed": null, "version": 1, "providerId": "V-railshop", "weeklyMinutes": null}',
   'Isf.Support.Domain.Allocation', 1);
insert into support.mt_doc_allocation (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'A-04-1', '{"id": "A-04-1", "to": "2027-03-28", "from": "2026-03-30", "fundId": "F-04", "untimed": null, "version": 1, "providerId": "V-dovecote", "weeklyMinutes": 2940}',
   'Isf.Support.Domain.Allocation', 1);
insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-90', '{"id": "F-90", "end": {"at": null, "on": "2026-11-20"}, "opensOn": "2026-09-28", "personId": "P-90", "councilId": "E10999901"}',
   'Isf.Support.Domain.Fund', 2);
insert into support.mt_doc_fund (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'F-01', '{"id": "F-01", "end": null, "opensOn": "2026-03-30", "personId": "P-01", "councilId": "E10999901"}',
   'Isf.Support.Domain.Fund', 1);
insert into support.mt_doc_plan (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'PL-03', '{"id": "PL-03", "fundId": "F-03", "latest": {"to": "2027-03-28", "from": "2026-03-30", "lines": [{"carers": 1, "lineId": "L-03-1", "purpose": "health tasks", "service": "support", "workers": null, "schedule": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "09:00", "except": null, "minutes": 60, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "19:00", "except": null, "minutes": 60, "everyWeeks": 1}], "allocationId": "A-03-1", "weeklyMinutes": null}, {"carers": 1, "lineId": "L-03-2", "purpose": "company and cooking", "service": "support", "workers": null, "schedule": [{"days": ["mon", "tue", "wed", "thu", "fri"], "dates": null, "start": "13:00", "except": null, "minutes": 90, "everyWeeks": 1}], "allocationId": "A-03-2", "weeklyMinutes": null}], "version": 1}, "versions": [{"to": "2027-03-28", "from": "2026-03-30", "lines": [{"carers": 1, "lineId": "L-03-1", "purpose": "health tasks", "service": "support", "workers": null, "schedule": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "09:00", "except": null, "minutes": 60, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "19:00", "except": null, "minutes": 60, "everyWeeks": 1}], "allocationId": "A-03-1", "weeklyMinutes": null}, {"carers": 1, "lineId": "L-03-2", "purpose": "company and cooking", "service": "support", "workers": null, "schedule": [{"days": ["mon", "tue", "wed", "thu", "fri"], "dates": null, "start": "13:00", "except": null, "minutes": 90, "everyWeeks": 1}], "allocationId": "A-03-2", "weeklyMinutes": null}], "version": 1}]}',
   'Isf.Support.Domain.Plan', 1);
insert into support.mt_doc_plan (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'PL-06', '{"id": "PL-06", "fundId": "F-06", "latest": {"to": "2027-03-28", "from": "2026-03-30", "lines": [{"carers": 2, "lineId": "L-06-1", "purpose": "moving safely, two carers", "service": "support", "workers": null, "schedule": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "07:45", "except": null, "minutes": 45, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "12:30", "except": null, "minutes": 30, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "16:30", "except": null, "minutes": 30, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "20:15", "except": null, "minutes": 45, "everyWeeks": 1}], "allocationId": "A-06-1", "weeklyMinutes": null}], "version": 1}, "versions": [{"to": "2027-03-28", "from": "2026-03-30", "lines": [{"carers": 2, "lineId": "L-06-1", "purpose": "moving safely, two carers", "service": "support", "workers": null, "schedule": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "07:45", "except": null, "minutes": 45, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "12:30", "except": null, "minutes": 30, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "16:30", "except": null, "minutes": 30, "everyWeeks": 1}, {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "dates": null, "start": "20:15", "except": null, "minutes": 45, "everyWeeks": 1}], "allocationId": "A-06-1", "weeklyMinutes": null}], "version": 1}]}',
   'Isf.Support.Domain.Plan', 1);
insert into support.mt_doc_visitfile (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'b693c829b5388d5eb8a4beacba150ccf', '{"id": "b693c829b5388d5eb8a4beacba150ccf", "new": 1646, "gzip": false, "line": 1647, "read": 1646, "bytes": 210821, "forms": {"dates": ["yyyy-mm-dd"], "times": ["hh:mm:ss"], "durations": []}, "moved": 0, "state": "done", "doneAt": "2026-11-29T18:45:26.5360667Z", "dryRun": false, "format": "visits-csv", "sha256": "faa4b26ec156fb0112159cd383bebb0e9cc5e2aac8b55a918c67130f8db1741d", "attempt": 1, "problem": null, "updated": 0, "encoding": "utf-8", "rejected": 0, "storedAt": "2026-11-29T18:45:22.7207288Z", "bytesRead": 210821, "profileId": null, "reference": "sample-spring-2026", "separator": ",", "unchanged": 0, "monthFirst": false, "endsNextDay": 0, "byteOrderMark": false, "fileReference": null, "ignoredColumns": [], "rejectionsKept": 0}',
   'Isf.Support.Domain.Files.VisitFile', 4);
insert into support.mt_doc_visitfile (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'bda5487f7e0582d68b353143e025aae7', '{"id": "bda5487f7e0582d68b353143e025aae7", "new": 7, "gzip": false, "line": 9, "read": 8, "bytes": 683, "forms": {"dates": ["yyyy-mm-dd"], "times": ["hh:mm"], "durations": []}, "moved": 0, "state": "done", "doneAt": "2026-11-29T18:46:09.4773704Z", "dryRun": false, "format": "visits-csv", "sha256": "8271f1f64014db0c35a1ee241d3123932a5dbde4ad0686fe7a5883a20c72e9dd", "attempt": 1, "problem": null, "updated": 0, "encoding": "utf-8", "rejected": 1, "storedAt": "2026-11-29T18:46:09.3128706Z", "bytesRead": 683, "profileId": null, "reference": "day90", "separator": ",", "unchanged": 0, "monthFirst": false, "endsNextDay": 0, "byteOrderMark": false, "fileReference": null, "ignoredColumns": [], "rejectionsKept": 1}',
   'Isf.Support.Domain.Files.VisitFile', 3);
insert into funds.mt_doc_fee (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'FEE-1', '{"id": "FEE-1", "to": "2025-02-27", "from": "2024-02-29", "mode": "within", "pence": 65179, "fundId": "F-fee-1", "weeklyPence": 1250}',
   'Isf.Funds.Domain.Fee', 1);
insert into funds.mt_doc_fee (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'FEE-3', '{"id": "FEE-3", "to": "2025-02-28", "from": "2024-03-01", "mode": "within", "pence": 65179, "fundId": "F-fee-3", "weeklyPence": 1250}',
   'Isf.Funds.Domain.Fee', 1);
insert into ledger.mt_doc_adjustmentreversal (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'X-1', '{"id": "X-1", "fundId": "F-1", "position": null, "reverses": "b179741c-b0d6-8d56-8d51-193d217ed07c", "journalId": "0cb2c455-ab28-83a0-9f0b-c5096c83b559", "commitment": "eada666d64101247075e1d9abda5875fc23c205d87464c560fc74d5b85ef2639", "proposedBy": "holder-finance", "effectiveOn": "2026-05-04"}',
   'Isf.Ledger.Features.ReverseAdjustment+AdjustmentReversal', 1);
insert into ledger.mt_doc_adjustmentreversal (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'X-2', '{"id": "X-2", "fundId": "F-1", "position": null, "reverses": "b179741c-b0d6-8d56-8d51-193d217ed07c", "journalId": "e387f693-f8ff-869a-bec5-74fdaf8087de", "commitment": "eada666d64101247075e1d9abda5875fc23c205d87464c560fc74d5b85ef2639", "proposedBy": "holder-finance", "effectiveOn": "2026-05-04"}',
   'Isf.Ledger.Features.ReverseAdjustment+AdjustmentReversal', 1);
insert into support.mt_doc_checkterms (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'check-terms', '{"id": "check-terms", "gapMinutes": 7, "travelMinutes": 7, "workerHoursADay": 24, "equalTimesFewest": 10}',
   'Isf.Support.Domain.CheckTerms', 2);
insert into support.mt_doc_profileinforce (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', '6b6409f2aea885a8944157c70ac89b9a', '{"id": "6b6409f2aea885a8944157c70ac89b9a", "profile": {"id": "tabs", "dates": null, "times": null, "fields": {}, "format": "visits-csv", "encoding": null, "durations": null, "separator": "\t", "description": null}}',
   'Isf.Support.Domain.Files.ProfileInForce', 1);
insert into support.mt_doc_profileinforce (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', '7b70f643a3db873b9f07c8a60b197c00', '{"id": "7b70f643a3db873b9f07c8a60b197c00", "profile": {"id": "portal", "dates": null, "times": null, "fields": {"fundId": {"from": "{ServiceUserRef}", "values": {"SU 1": "F-1"}, "otherwise": null}, "lineId": {"from": "{ContractNumber}|{ServiceType}", "values": {"C/7|HOME CARE": "L-1"}, "otherwise": null}}, "format": "abacus-csv", "encoding": null, "durations": null, "separator": null, "description": "the council''s portal"}}',
   'Isf.Support.Domain.Files.ProfileInForce', 1);
insert into support.mt_doc_visitfileprofile (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'tabs', '{"id": "tabs", "dates": null, "times": null, "fields": {}, "format": "visits-csv", "encoding": null, "durations": null, "separator": "\t", "description": null}',
   'Isf.Support.Domain.Files.VisitFileProfile', 1);
insert into support.mt_doc_visitfileprofile (tenant_id, id, data, mt_dotnet_type, mt_version) values
  ('sunrise', 'portal', '{"id": "portal", "dates": null, "times": null, "fields": {}, "format": "abacus-csv", "encoding": null, "durations": null, "separator": null, "description": null}',
   'Isf.Support.Domain.Files.VisitFileProfile', 2);
