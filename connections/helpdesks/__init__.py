"""Help desks on the wire: what each of them says and takes, behind one small protocol."""
