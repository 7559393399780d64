#!/no/such/python3 -u
