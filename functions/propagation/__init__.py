"""What follows from a write, told by the table's stream: the edge forgets, copies are made, partners are told."""
