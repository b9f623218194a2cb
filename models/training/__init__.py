"""How each shipped model was made: data, seed, command, score. Runs in a process of its own."""
