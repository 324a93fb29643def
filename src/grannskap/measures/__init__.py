"""The measures: balance, segregation, indicators, neighbours and autocorrelation."""
