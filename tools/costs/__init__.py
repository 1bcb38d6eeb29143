"""What a month of a deployment costs, from a table of prices and a stated traffic."""
