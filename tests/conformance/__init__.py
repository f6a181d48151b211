"""Every operation and every kind, held against botocore's own model: nothing here is written for one of them."""
