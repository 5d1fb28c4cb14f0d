"""Two traces of one workload, compared: pure facts, nothing is drawn here."""
