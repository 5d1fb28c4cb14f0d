"""How much of a memory is used: bars, the meter, and the token slots themselves."""
