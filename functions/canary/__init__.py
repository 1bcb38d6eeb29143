"""A reader of our own, who asks every two minutes and tells whether readers get what they should."""
