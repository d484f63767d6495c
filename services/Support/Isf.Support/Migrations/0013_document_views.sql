select make_document_view('fund'), make_document_view('agreement'), make_document_view('plan', '{fund_id}'),
  make_document_view('allocation', '{fund_id,weekly_minutes}'), make_document_view('absence', '{fund_id}'),
  make_document_view('agreedprices', '{fund_id,services,priced_days}'),
  -- Whoever ends a file waits for who reads it, by its row.
  make_document_view('visitfile', '{}', 'select, update');
