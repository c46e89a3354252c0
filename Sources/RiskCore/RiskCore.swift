// The risk engine; knows nothing of C.
