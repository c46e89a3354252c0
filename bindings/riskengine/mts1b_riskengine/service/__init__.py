"""The gates over gRPC, and who calls them."""
