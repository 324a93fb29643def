"""SCB: tables and boundaries fetched from its open services."""
