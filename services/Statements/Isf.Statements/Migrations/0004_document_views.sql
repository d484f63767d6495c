select make_document_view('keptfund');
