select make_document_view('personsalt'), make_document_view('periodcalendar'), make_document_view('closedperiod');
