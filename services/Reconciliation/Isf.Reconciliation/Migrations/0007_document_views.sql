select make_document_view('knownfund'), make_document_view('knownagreement', '{fund_id}'),
  make_document_view('knownbudget', '{fund_id}'), make_document_view('knownperson', '{person_id}');
