"""What the providers at the other end of a line share: reading what the user chose for them."""
