"""What readers are promised, made from the models, the routes and CLDR: the reading function serves it as it is."""
