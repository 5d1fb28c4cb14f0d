"""From mobjects to what a viewer sees."""
